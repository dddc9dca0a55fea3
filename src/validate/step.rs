//! What both bodies do together, and what must hold for it.

use rustc_middle::mir::{Place, Rvalue, StatementKind, TerminatorKind};

use super::place::Split;
use super::relation::{NEW, OLD};
use super::shape::{self, Use};
use super::side::{Drop, Point};
use super::state::{Access, Borrow, State};
use super::violation::Result;
use super::walk::{Loss, Walk};

/// A use of places of both bodies.
pub(super) struct Uses<'tcx> {
    pub(super) places: [Split<'tcx>; 2],
    pub(super) how: Use,
    /// It is the index in another place.
    pub(super) is_index: bool,
}

impl<'tcx> Uses<'tcx> {
    pub(super) fn bases(&self) -> [Place<'tcx>; 2] {
        self.places.map(|place| place.base)
    }

    pub(super) fn is_indirect(&self) -> bool {
        self.places[OLD].is_indirect()
    }

    pub(super) fn is_whole(&self) -> bool {
        self.places[OLD].rest.is_empty()
    }
}

impl<'tcx> Walk<'_, 'tcx> {
    /// Both bodies are at statements.
    pub(super) fn statement(&mut self, points: [Point; 2], state: &mut State<'tcx>) -> Result<()> {
        self.borrows_hold(points, state)?;
        let [old, new] = [OLD, NEW].map(|side| {
            let Point::At(location) = points[side] else { bug!("a statement is at a location") };
            let data = &self.sides[side].body.basic_blocks[location.block];
            &data.statements[location.statement_index]
        });
        if !shape::is_same_statement(self.tcx, old, new) {
            let message = format!("`{old:?}` has become `{new:?}`");
            return Err(self.violation(points, message));
        }
        self.same_source(points, old.source_info.span, new.source_info.span)?;
        let uses = self.uses(points)?;
        self.check(points, state, &uses)?;
        if let StatementKind::Assign(box (to, value)) = &new.kind {
            // Scalars are computed before they are stored.
            let ty = self.sides[NEW].ty(*to);
            let is_scalar =
                ty.is_primitive() || ty.is_any_ptr() || matches!(value, Rvalue::Ref(..));
            if !is_scalar {
                self.no_new_overlap(points, &uses)?;
            }
        }
        self.apply(points, state, &uses);
        let indirect = uses
            .iter()
            .any(|it| it.is_indirect() && matches!(it.how, Use::Write | Use::Change | Use::Move));
        if indirect || shape::copies_memory(old) {
            state.write_through_pointers(self.tcx, &self.sides[OLD]);
        }
        Ok(())
    }

    /// Both bodies are at terminators of the same kind.
    pub(super) fn terminator(&mut self, points: [Point; 2], mut state: State<'tcx>) -> Result<()> {
        self.borrows_hold(points, &mut state)?;
        let [old, new] = [OLD, NEW].map(|side| {
            let block = points[side].block().expect("a terminator is in a block");
            self.sides[side].terminator(block)
        });
        self.same_source(points, old.source_info.span, new.source_info.span)?;
        let uses = self.uses(points)?;
        self.check(points, &state, &uses)?;
        self.no_new_overlap(points, &uses)?;
        self.apply(points, &mut state, &uses);
        if shape::may_write_through_pointers(old) {
            state.write_through_pointers(self.tcx, &self.sides[OLD]);
        }
        for side in [OLD, NEW] {
            if let Point::At(location) = points[side] {
                self.sides[side].pass(&mut state.filled[side], location);
            }
        }
        let returns = !matches!(old.kind, TerminatorKind::Call { target: None, .. });
        let results: Vec<&Uses<'tcx>> =
            uses.iter().filter(|it| it.how == Use::WriteOnReturn && !it.is_indirect()).collect();
        let targets = shape::targets(old).into_iter().zip(shape::targets(new));
        for (index, (old, new)) in targets.enumerate() {
            let mut state = state.clone();
            for result in &results {
                if index == 0 && returns {
                    self.write(points, &mut state, result);
                    for side in [OLD, NEW] {
                        let base = result.bases()[side];
                        self.sides[side].set(&mut state.filled[side], base, true);
                    }
                } else {
                    // The callee may have written a part of it.
                    for side in [OLD, NEW] {
                        state.touch(side, result.bases()[side].local);
                    }
                    state.same.forget_others(result.bases(), |_| false);
                }
            }
            self.flow(points, [old, new], state)?;
        }
        Ok(())
    }

    /// Both bodies drop something.
    pub(super) fn drop(
        &mut self,
        points: [Point; 2],
        drops: [Drop<'tcx>; 2],
        mut state: State<'tcx>,
    ) -> Result<()> {
        self.borrows_hold(points, &mut state)?;
        let places = [OLD, NEW].map(|side| self.sides[side].split(drops[side].place));
        let bases = places.map(|place| place.base);
        self.same_rest(points, places)?;
        self.has_storage(points, bases)?;
        let [old, new] = [OLD, NEW]
            .map(|side| self.sides[side].has_moved_elements(&state.filled[side], bases[side]));
        if old != new {
            let message = format!(
                "elements of {} would be dropped in another order than those of {}: elements are moved out of \
                 one of them",
                self.describe(NEW, bases[NEW]),
                self.describe(OLD, bases[OLD]),
            );
            return Err(self.violation(points, message));
        }
        self.lose(NEW, bases[NEW].local, Loss::Written(points[NEW]), &state);
        if places[OLD].rest.is_empty() {
            state.become_one(bases);
            for side in [OLD, NEW] {
                self.sides[side].set(&mut state.filled[side], bases[side], false);
            }
        }
        state.write_through_pointers(self.tcx, &self.sides[OLD]);
        if let Point::Rung { .. } = points[OLD] {
            state.end_borrows(drops[OLD].place);
        }
        self.flow(points, drops.map(|drop| drop.target), state.clone())?;
        self.flow(points, drops.map(|drop| drop.unwind), state)
    }

    /// Whether two drops are of the same, as far as there are destructors.
    pub(super) fn is_same_drop(
        &self,
        points: [Point; 2],
        state: &State<'tcx>,
        drops: [Drop<'tcx>; 2],
    ) -> bool {
        let bases = [OLD, NEW].map(|side| self.sides[side].split(drops[side].place).base);
        state.same.has(self.tcx, bases, &|places| {
            (0..2).all(|side| !self.may_drop(points, state, side, places[side]))
                || !self.sides[OLD].needs_drop(places[OLD])
        })
    }

    /// What both bodies use at two points where they do the same.
    fn uses(&self, points: [Point; 2]) -> Result<Vec<Uses<'tcx>>> {
        let [old, new] = [OLD, NEW].map(|side| {
            let Point::At(location) = points[side] else { bug!("{:?} uses nothing", points[side]) };
            shape::accesses(self.sides[side].body, location)
        });
        if old.len() != new.len() {
            let message = "the two bodies use another number of places".to_owned();
            return Err(self.violation(points, message));
        }
        let mut uses = Vec::with_capacity(old.len());
        for ((old, how), (new, _)) in old.into_iter().zip(new) {
            let places = [self.sides[OLD].split(old), self.sides[NEW].split(new)];
            for (old, new) in places[OLD].rest.iter().zip(places[NEW].rest) {
                use rustc_middle::mir::ProjectionElem::Index;
                if let (Index(old), Index(new)) = (old, new) {
                    let places = [
                        Split { base: (*old).into(), rest: &[] },
                        Split { base: (*new).into(), rest: &[] },
                    ];
                    uses.push(Uses { places, how: Use::Read, is_index: true });
                }
            }
            uses.push(Uses { places, how, is_index: false });
        }
        Ok(uses)
    }

    /// What is used must be the same, before anything happens to it.
    fn check(&self, points: [Point; 2], state: &State<'tcx>, uses: &[Uses<'tcx>]) -> Result<()> {
        for it in uses {
            self.same_rest(points, it.places)?;
            let bases = it.bases();
            let is_read = it.is_indirect()
                || matches!(
                    it.how,
                    Use::Read | Use::Move | Use::Borrow | Use::BorrowMut | Use::RawBorrow
                );
            if is_read && !self.has(state, bases) {
                let how = match it.how {
                    _ if it.is_index => "used as an index",
                    _ if it.is_indirect() => "followed",
                    Use::Move => "moved",
                    Use::Borrow | Use::BorrowMut | Use::RawBorrow => "borrowed",
                    Use::Read | Use::Write | Use::WriteOnReturn | Use::Change => "read",
                };
                return Err(self.explain(points, state, bases, how));
            }
            self.has_storage(points, bases)?;
            if !is_read && it.is_whole() {
                self.same_type(points, bases)?;
            }
            if is_read && !it.is_index {
                self.variables_fit(points, bases)?;
            }
            let is_borrow = matches!(it.how, Use::Borrow | Use::BorrowMut | Use::RawBorrow);
            if is_borrow && !it.is_indirect() {
                self.may_be_borrowed(points, state, bases)?;
            }
        }
        Ok(())
    }

    /// Notes what has happened to what is used, results of terminators apart.
    fn apply(&mut self, points: [Point; 2], state: &mut State<'tcx>, uses: &[Uses<'tcx>]) {
        let direct = || uses.iter().filter(|it| !it.is_indirect());
        for it in direct() {
            let access = match it.how {
                Use::Move => {
                    self.lose(NEW, it.bases()[NEW].local, Loss::Written(points[NEW]), state);
                    // What has no value is alike in both bodies, too.
                    state.become_one(it.bases());
                    state.end_borrows_at(it.bases()[OLD]);
                    continue;
                }
                Use::Borrow if self.sides[OLD].is_freeze(it.bases()[OLD]) => Access::Read,
                Use::Borrow | Use::BorrowMut => Access::Write,
                Use::RawBorrow => Access::Raw,
                Use::Read | Use::Write | Use::WriteOnReturn | Use::Change => continue,
            };
            state.borrow(Borrow { places: it.bases(), access });
        }
        for it in direct() {
            if matches!(it.how, Use::Write | Use::Change) {
                self.write(points, state, it);
            }
        }
    }

    /// Both bodies write to a place.
    fn write(&mut self, points: [Point; 2], state: &mut State<'tcx>, it: &Uses<'tcx>) {
        let bases = it.bases();
        self.lose(NEW, bases[NEW].local, Loss::Written(points[NEW]), state);
        let was_same = it.is_whole() && it.how != Use::Change
            || self.has(state, bases)
            // A union gets its first value when one of its fields does.
            || !self.is_filled(state, OLD, bases[OLD]);
        state.become_one(bases);
        if it.how != Use::Change {
            state.end_borrows_at(bases[OLD]);
        }
        if !was_same {
            state.same.forget(OLD, bases[OLD]);
        }
    }

    fn has(&self, state: &State<'tcx>, bases: [Place<'tcx>; 2]) -> bool {
        state.same.has(self.tcx, bases, &|places| {
            (0..2).all(|side| !self.is_filled(state, side, places[side]))
        })
    }
}
