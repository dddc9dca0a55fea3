//! `f.await` without copies: the future is polled where it was first written.
//!
//! `f.await` desugars to `match IntoFuture::into_future(f) { mut __awaitee => loop { .. } }`. For every
//! future `into_future` is the identity, but it takes three moves: to the argument, to the result, to the
//! awaitee. Here the call becomes a move, and then all of these are one local ([`super::merge`]), up
//! to the call or the capture that `f` came from.
//!
//! Which implementation is called needs no look at traits: argument and result have one type
//! only if that type is a future (`IntoFuture::IntoFuture: Future`), and for futures there is just
//! the blanket implementation in core.
//!
//! The future that a body awaits is as big as before, and alive as long as before. What could make
//! the coroutine bigger is a value that is moved *into* the future while both are saved: stock moves
//! it through the stack, so that the two may overlap. Then the first move stays.

use rustc_data_structures::fx::FxHashSet;
use rustc_hir::LangItem;
use rustc_index::IndexVec;
use rustc_middle::mir::visit::Visitor;
use rustc_middle::mir::{
    BasicBlock, Body, Local, Location, Operand, Rvalue, Statement, StatementKind, TerminatorKind,
};
use rustc_middle::ty::{self, TyCtxt};

use super::chain::{Chain, moved_local};
use super::merge::Merges;
use super::parts;
use crate::decisions::Reason;
use crate::relocate::body::facts::Facts;
use crate::relocate::body::flow::{statements_between, suspends_between};
use crate::relocate::promote::homes::Homes;

/// Adds what the moves that [`replace_calls`] made join.
pub(crate) fn find<'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &Body<'tcx>,
    facts: &IndexVec<Local, Facts>,
    homes: Option<&Homes<'tcx>>,
    calls: Vec<Location>,
    merges: &mut Merges<'_>,
) {
    if calls.is_empty() {
        return;
    }
    let takes = homes.map(|homes| parts::takes(tcx, body, facts, homes)).unwrap_or_default();
    let search = Search { body, facts, homes, takes };
    for call in calls {
        search.merge_around(call, merges);
    }
}

/// Turns calls of `into_future` that return what they get into moves; says where these are.
pub(crate) fn replace_calls<'tcx>(tcx: TyCtxt<'tcx>, body: &mut Body<'tcx>) -> Vec<Location> {
    let identities: Vec<_> = body
        .basic_blocks
        .iter_enumerated()
        .filter_map(|(block, _)| identity_call(tcx, body, block))
        .collect();
    if identities.is_empty() {
        return Vec::new();
    }
    let blocks = body.basic_blocks_mut();
    let replace = |Identity { block, from, to, target }| {
        let data = &mut blocks[block];
        let value = Rvalue::Use(Operand::Move(from.into()));
        let assign = StatementKind::Assign(Box::new((to.into(), value)));
        let terminator = data.terminator_mut();
        terminator.kind = TerminatorKind::Goto { target };
        data.statements.push(Statement::new(data.terminator().source_info, assign));
        Location { block, statement_index: data.statements.len() - 1 }
    };
    identities.into_iter().map(replace).collect()
}

struct Identity {
    block: BasicBlock,
    from: Local,
    to: Local,
    target: BasicBlock,
}

/// The call at the end of a block, if it is an `into_future` that returns its argument.
fn identity_call<'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &Body<'tcx>,
    block: BasicBlock,
) -> Option<Identity> {
    let TerminatorKind::Call { func, args, destination, target, .. } =
        &body.basic_blocks[block].terminator().kind
    else {
        return None;
    };
    let ty::FnDef(callee, _) = *func.ty(&body.local_decls, tcx).kind() else { return None };
    if !tcx.is_lang_item(callee, LangItem::IntoFutureIntoFuture) {
        return None;
    }
    let [argument] = &args[..] else { return None };
    let Operand::Move(argument) = argument.node else { return None };
    let (from, to) = (argument.as_local()?, destination.as_local()?);
    let same_type = body.local_decls[from].ty == body.local_decls[to].ty;
    (from != to && same_type).then_some(Identity { block, from, to, target: (*target)? })
}

struct Search<'a, 'tcx> {
    body: &'a Body<'tcx>,
    facts: &'a IndexVec<Local, Facts>,
    homes: Option<&'a Homes<'tcx>>,
    /// The statements that take a pattern's part of an upvar.
    takes: FxHashSet<Location>,
}

impl<'tcx> Search<'_, 'tcx> {
    /// Merges the longest chain of moves around a replaced call that may be merged.
    fn merge_around(&self, call: Location, merges: &mut Merges<'_>) {
        let mut transfers = vec![call];
        while let Some(next) = self.next_move(*transfers.last().unwrap()) {
            transfers.push(next);
        }
        while let Some(previous) = self.previous_move(transfers[0]) {
            transfers.insert(0, previous);
        }
        // Without the front of the chain, what is left may still be merged.
        for first in 0..transfers.len() {
            let Some(chain) = Chain::new(self.body, &transfers[first..]) else { continue };
            if let Err(reason) = self.head_may_be_saved(&chain) {
                merges.refuse(self.body, &chain, reason);
            } else if merges.add(self.body, self.facts, &chain, self.is_upvar(chain.head())) {
                return;
            }
        }
    }

    fn next_move(&self, transfer: Location) -> Option<Location> {
        let (to, _) = moved_local(self.body, transfer)?;
        let [next] = self.facts[to].moves[..] else { return None };
        moved_local(self.body, next).map(|_| next)
    }

    fn previous_move(&self, transfer: Location) -> Option<Location> {
        let (_, from) = moved_local(self.body, transfer)?;
        let [previous] = self.facts[from].definitions[..] else { return None };
        moved_local(self.body, previous).map(|_| previous)
    }

    /// Whether the relocated local of an upvar this is.
    fn is_upvar(&self, local: Local) -> bool {
        self.homes.is_some_and(|homes| homes.is_upvar(local))
    }

    /// Whether the chain's first value may be computed right into a saved local: nothing that is saved
    /// itself ends by it, or between there and the last transfer. If not, why.
    fn head_may_be_saved(&self, chain: &Chain) -> Result<(), Reason> {
        let head = chain.head();
        let [definition] = self.facts[head].definitions[..] else {
            return Err("it is assigned more than once, or never");
        };
        if self.is_upvar(head) {
            return Ok(());
        }
        let mut ended = MovedLocals(Vec::new());
        ended.visit_location(self.body, definition);
        if self.takes.contains(&definition) {
            ended.0.clear();
        }
        let mut from = definition;
        for &transfer in &chain.transfers {
            let Some(between) = statements_between(self.body, from, transfer) else {
                return Err("it is not awaited immediately");
            };
            for location in between {
                let statements = &self.body.basic_blocks[location.block].statements;
                match statements[location.statement_index].kind {
                    StatementKind::StorageDead(local) if !chain.locals.contains(&local) => {
                        ended.0.push(local);
                    }
                    StatementKind::StorageDead(_)
                    | StatementKind::StorageLive(_)
                    | StatementKind::FakeRead(..)
                    | StatementKind::PlaceMention(_)
                    | StatementKind::Nop => {}
                    // The head's own value may be needed for it.
                    _ if from == definition => {
                        return Err("more happens between where it is made and where it moves");
                    }
                    _ => ended.visit_location(self.body, location),
                }
            }
            from = transfer;
        }
        if ended.0.into_iter().any(|local| self.may_be_saved_before(local, definition)) {
            return Err("a value that may be saved ends where it is made");
        }
        Ok(())
    }

    /// Whether a local may have been alive in a suspension before it ends at, or directly after, `end`.
    fn may_be_saved_before(&self, local: Local, end: Location) -> bool {
        let definition = match self.facts[local].definitions[..] {
            [definition] => definition,
            // Never filled; but arguments are, by the caller.
            [] => return local.as_usize() <= self.body.arg_count,
            _ => return true,
        };
        self.is_upvar(local) || suspends_between(self.body, definition, end)
    }
}

/// The locals that something is moved out of.
struct MovedLocals(Vec<Local>);

impl<'tcx> Visitor<'tcx> for MovedLocals {
    fn visit_operand(&mut self, operand: &Operand<'tcx>, _: Location) {
        if let Operand::Move(place) = operand {
            self.0.push(place.local);
        }
    }
}
