//! What one body does alone: it only shuffles values.

use rustc_hir::LangItem;
use rustc_middle::mir::{BasicBlock, Local, Operand, Place, Statement, TerminatorKind};
use rustc_middle::ty;

use super::relation::{NEW, OLD};
use super::shape::{Silent, silent};
use super::side::Point;
use super::state::State;
use super::violation::Result;
use super::walk::{Loss, Walk};

impl<'tcx> Walk<'_, 'tcx> {
    /// Does what one body may do alone; says whether this is such a statement.
    pub(super) fn do_alone(
        &mut self,
        side: usize,
        points: [Point; 2],
        state: &mut State<'tcx>,
        statement: &Statement<'tcx>,
    ) -> Result<bool> {
        match silent(statement) {
            None => return Ok(false),
            Some(Silent::Nothing) => {}
            Some(Silent::StorageLive(local)) => {
                self.lose(side, local, Loss::StorageLive(points[side]), state);
                state.empty(side, local);
            }
            Some(Silent::StorageDead(local)) => {
                self.lose(side, local, Loss::StorageDead(points[side]), state);
                state.empty(side, local);
            }
            Some(Silent::Transfer { to, from, is_move }) => {
                let [to, from] = [to, from].map(|place| self.sides[side].split(place));
                if !to.rest.is_empty() || !from.rest.is_empty() {
                    return Ok(false);
                }
                self.transfer(side, points, state, to.base, from.base, is_move)?;
            }
        }
        Ok(true)
    }

    /// One body moves or copies a value.
    pub(super) fn transfer(
        &mut self,
        side: usize,
        points: [Point; 2],
        state: &mut State<'tcx>,
        to: Place<'tcx>,
        from: Place<'tcx>,
        is_move: bool,
    ) -> Result<()> {
        if side == NEW {
            let new = &self.sides[NEW];
            if !self.is_filled(state, NEW, from) {
                let from = self.describe(NEW, from);
                let message = format!("{from} is moved from where it has no value");
                return Err(self.violation(points, message));
            }
            if new.may_lack_storage(points[NEW], to.local) {
                let to = self.describe(NEW, to);
                let message = format!("{to} gets a value where it has no storage");
                return Err(self.violation(points, message));
            }
        }
        self.lose(side, to.local, Loss::Written(points[side]), state);
        state.touch(side, to.local);
        if side == OLD {
            state.end_borrows_at(to);
        }
        if is_move {
            state.touch(side, from.local);
            if side == OLD {
                state.end_borrows_at(from);
            }
        }
        state.same.transfer(self.tcx, side, to, from, is_move);
        Ok(())
    }

    /// Notes for messages why a local of the new body no longer holds what it holds now.
    pub(super) fn lose(&mut self, side: usize, local: Local, loss: Loss, state: &State<'tcx>) {
        let holds = || state.same.entries().iter().any(|entry| entry.places[NEW].local == local);
        if side == NEW && holds() {
            self.losses.insert(local, loss);
        }
    }

    /// The move that a call of `into_future` is, if its argument is a future: it has the type of its result, and
    /// the result is a future (`IntoFuture::IntoFuture: Future`), for which there is just the blanket
    /// implementation in core, the identity.
    pub(super) fn identity_call(
        &self,
        point: Point,
    ) -> Option<(Place<'tcx>, Place<'tcx>, BasicBlock)> {
        let old = &self.sides[OLD];
        let TerminatorKind::Call { func, args, destination, target: Some(target), .. } =
            &old.terminator(point.block()?).kind
        else {
            return None;
        };
        let ty::FnDef(callee, _) = *func.ty(&old.body.local_decls, self.tcx).kind() else {
            return None;
        };
        let [argument] = &args[..] else { return None };
        let Operand::Move(from) = argument.node else { return None };
        let is_identity = self.tcx.is_lang_item(callee, LangItem::IntoFutureIntoFuture)
            && old.ty(from) == old.ty(*destination);
        let places = [*destination, from].map(|place| old.split(place));
        let is_direct = places.iter().all(|place| place.rest.is_empty());
        (is_identity && is_direct).then_some((places[0].base, places[1].base, *target))
    }
}
