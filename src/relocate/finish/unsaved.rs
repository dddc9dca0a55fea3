//! Finds the upvars that are not saved in any suspension and stay in the coroutine nevertheless.
//!
//! An upvar that is consumed before the first suspension would travel through the stack of the first
//! poll. So it stays where it was captured: what is written while it is still in use gets a
//! conflict with it, and nothing else does. Only values that fit into registers are moved.
//!
//! Mirrors how `StateTransform` uses `MaybeRequiresStorage` (`rustc_mir_transform/src/coroutine.rs`): when a local's
//! bytes are its own.

use rustc_abi::FieldIdx;
use rustc_data_structures::fx::{FxHashSet, FxIndexMap, FxIndexSet};
use rustc_index::IndexVec;
use rustc_middle::mir::visit::{PlaceContext, Visitor};
use rustc_middle::mir::{BasicBlock, Body, CoroutineSavedLocal, Local, Location, Place};
use rustc_mir_dataflow::impls::{MaybeBorrowedLocals, MaybeLiveLocals, MaybeRequiresStorage};
use rustc_mir_dataflow::{Analysis, ResultsCursor};

use crate::decisions::{Decisions, Phase, Subject};
use crate::relocate::body::facts::{self, Facts};
use crate::relocate::body::flow::{Step, walk_from};
use crate::relocate::body::types::fits_registers;
use crate::relocate::promote::homes::Homes;
use crate::state_transform::{self, CoroutineField, Transformed};

/// The saved locals that each unsaved upvar must not overlap, for those that stay in the coroutine.
pub(crate) type Conflicts = FxIndexMap<FieldIdx, FxIndexSet<CoroutineSavedLocal>>;

/// Finds the upvars that are not saved, but big enough to stay, and what they conflict with.
pub(crate) fn find<'tcx>(
    transformed: Transformed<'_, 'tcx>,
    homes: &Homes<'tcx>,
    slots: &IndexVec<FieldIdx, Option<CoroutineSavedLocal>>,
    decisions: &Decisions,
) -> Conflicts {
    let (body, phase) = (transformed.body, Phase::Finishing);
    let facts = facts::gather(transformed.tcx, transformed.body);
    let mut conflicts = Conflicts::default();
    let mut used = Vec::new();
    for (field, local, upvar) in homes.relocated() {
        let subject = Subject::Upvar(field);
        if slots[field].is_some() {
            decisions.done(
                phase,
                body,
                subject,
                "it is saved, and lies at its slot from the start",
            );
            continue;
        }
        let facts = &facts[local];
        let is_used = [&facts.moves, &facts.drops, &facts.other_uses].iter().any(|l| !l.is_empty());
        // An upvar that the body fills a second time may be dead at that moment, and its bytes another's. So it
        // needs a place of its own.
        if facts.definitions.len() != 1 {
            decisions.refuse(phase, body, subject, "it moves to the stack: it is assigned again");
        } else if !is_used {
            decisions.done(phase, body, subject, "it is never used");
            conflicts.insert(field, FxIndexSet::default());
        } else if fits_registers(upvar.ty) {
            decisions.done(phase, body, subject, "it moves to registers");
        } else {
            used.push((field, local));
        }
    }
    if !used.is_empty() {
        add_conflicts(transformed, &facts, &used, &mut conflicts);
    }
    for &(field, _) in &used {
        let subject = Subject::Upvar(field);
        if conflicts.contains_key(&field) {
            decisions.done(phase, body, subject, "it is not saved, and used where it was captured");
        } else {
            let reason = "it moves to the stack: a part of it is assigned where it has no value";
            decisions.refuse(phase, body, subject, reason);
        }
    }
    conflicts
}

/// Adds the upvars that are alive wherever they are written, and what is mentioned while they are in
/// use: since the coroutine has not been suspended yet, it must have been written then.
fn add_conflicts<'tcx>(
    transformed: Transformed<'_, 'tcx>,
    facts: &IndexVec<Local, Facts>,
    used: &[(FieldIdx, Local)],
    conflicts: &mut Conflicts,
) {
    let Transformed { tcx, body, .. } = transformed;
    let borrowed = MaybeBorrowedLocals.iterate_to_fixpoint(tcx, body, None);
    let requires = MaybeRequiresStorage::new(ResultsCursor::new_borrowing(body, &borrowed))
        .iterate_to_fixpoint(tcx, body, None);
    let live = MaybeLiveLocals.iterate_to_fixpoint(tcx, body, None);
    let mut borrowed = ResultsCursor::new_borrowing(body, &borrowed);
    let mut requires = ResultsCursor::new_borrowing(body, &requires);
    let mut live = ResultsCursor::new_borrowing(body, &live);

    let is_written_unused = written_unused(facts, used, &mut live, &mut borrowed, &mut requires);
    let used: Vec<_> =
        used.iter().copied().filter(|(_, local)| !is_written_unused.contains(local)).collect();
    conflicts.extend(used.iter().map(|(field, _)| (*field, FxIndexSet::default())));

    for block in blocks_before_suspensions(body) {
        let mentions = mentions(transformed, block);
        let mut alive: Vec<Vec<_>> = Vec::with_capacity(mentions.len());
        for (location, _) in mentions.iter().rev() {
            // The state in front of the location.
            live.seek_after_primary_effect(*location);
            alive.push(used.iter().map(|(_, local)| live.get().contains(*local)).collect());
        }
        for ((location, saved), alive) in mentions.into_iter().zip(alive.into_iter().rev()) {
            borrowed.seek_before_primary_effect(location);
            requires.seek_before_primary_effect(location);
            for (&(field, local), is_live) in used.iter().zip(alive) {
                let is_alive = is_live || borrowed.get().contains(local);
                if is_alive && requires.get().contains(local) {
                    conflicts[&field].extend(saved.iter().copied());
                }
            }
        }
    }
}

/// The locals of which a part is written where they are not alive, or have no value: a union that was
/// moved out of gets a new one when one of its fields is assigned.
///
/// Here and above, each cursor is led in the direction of its analysis: in the other one, every step starts
/// anew at the end of the block, and long blocks take for ever.
fn written_unused<'tcx>(
    facts: &IndexVec<Local, Facts>,
    used: &[(FieldIdx, Local)],
    live: &mut ResultsCursor<'_, 'tcx, MaybeLiveLocals>,
    borrowed: &mut ResultsCursor<'_, 'tcx, MaybeBorrowedLocals>,
    requires: &mut ResultsCursor<'_, 'tcx, MaybeRequiresStorage<'_, 'tcx>>,
) -> FxHashSet<Local> {
    let of_local = |&(_, local): &(FieldIdx, Local)| {
        facts[local].written_in_part.iter().map(move |location| (*location, local))
    };
    let mut written: Vec<(Location, Local)> = used.iter().flat_map(of_local).collect();
    written.sort_unstable();
    let has_no_value = |&&(location, local): &&(Location, Local)| {
        seek_in_front(requires, location);
        !requires.get().contains(local)
    };
    let empty: Vec<Local> = written.iter().filter(has_no_value).map(|(_, local)| *local).collect();
    written.reverse();
    written.retain(|&(location, local)| {
        // A backward analysis: the state after the location.
        live.seek_before_primary_effect(location);
        !live.get().contains(local)
    });
    written.reverse();
    written.retain(|&(location, local)| {
        borrowed.seek_before_primary_effect(location);
        !borrowed.get().contains(local)
    });
    written.into_iter().map(|(_, local)| local).chain(empty).collect()
}

/// The blocks that may run before the coroutine is suspended for the first time.
fn blocks_before_suspensions(body: &Body<'_>) -> FxIndexSet<BasicBlock> {
    let start = Location { block: state_transform::unresumed_block(body), statement_index: 0 };
    let mut blocks = FxIndexSet::default();
    walk_from(body, [start], |location| {
        blocks.insert(location.block);
        Step::On
    });
    blocks
}

/// Where a block mentions saved locals, and which.
fn mentions<'tcx>(
    transformed: Transformed<'_, 'tcx>,
    block: BasicBlock,
) -> Vec<(Location, Vec<CoroutineSavedLocal>)> {
    let end = transformed.body.terminator_loc(block).statement_index;
    let locations = (0..=end).map(|statement_index| Location { block, statement_index });
    let mentions = locations.filter_map(|location| {
        let mut mentioned = Mentioned { transformed, saved: Vec::new() };
        mentioned.visit_location(transformed.body, location);
        (!mentioned.saved.is_empty()).then_some((location, mentioned.saved))
    });
    mentions.collect()
}

/// Moves a cursor of a forward analysis to where nothing at a location has had an effect.
fn seek_in_front<'tcx, A: Analysis<'tcx>>(
    cursor: &mut ResultsCursor<'_, 'tcx, A>,
    location: Location,
) {
    match location.statement_index.checked_sub(1) {
        Some(statement_index) => {
            cursor.seek_after_primary_effect(Location { statement_index, ..location })
        }
        None => cursor.seek_to_block_start(location.block),
    }
}

/// The saved locals that a statement or terminator mentions.
struct Mentioned<'a, 'tcx> {
    transformed: Transformed<'a, 'tcx>,
    saved: Vec<CoroutineSavedLocal>,
}

impl<'tcx> Visitor<'tcx> for Mentioned<'_, 'tcx> {
    fn visit_place(&mut self, place: &Place<'tcx>, context: PlaceContext, location: Location) {
        if context.is_use()
            && let Some(CoroutineField::Saved(saved)) = self.transformed.field(place)
        {
            self.saved.push(saved);
        }
        self.super_place(place, context, location);
    }
}
