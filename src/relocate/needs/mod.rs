//! Ends the storage of each local where its need ends, and lets it begin anew before it gets a value again.
//!
//! rustc keeps the bytes of a local that was ever borrowed until its `StorageDead`, also when it has been moved out
//! (`MaybeBorrowedLocals` and `MaybeRequiresStorage` in `rustc_mir_dataflow`); and it keeps what was moved out in part.
//! Here, a local needs its bytes
//!
//! > where it has storage, may have a value in some part, and that is wanted: used later or borrowed.
//!
//! # The parts
//!
//! * *may have a value*: rustc's `MaybeInitializedPlaces`, as drop elaboration uses it ([`filled`]);
//! * *used later*: rustc's `MaybeLiveLocals`, after drops of what never has anything to drop are gone;
//! * *borrowed*: since a borrow, and until what is borrowed is moved out or assigned ([`loans`]);
//! * *wanted*: used later, borrowed, or on the way to where it is ([`wanted`]);
//! * *has storage*: rustc's `MaybeStorageLive`.
//!
//! # Why that is right
//!
//! Borrowck has shown that no reference to a place is used after the place, or a part of it, or something that it is
//! a part of, has been moved out or assigned. Raw pointers are not seen by borrowck: locals that one may lead to
//! ([`crate::relocate::body::raw_pointers`]) keep the storage that they have. What is assumed beyond that is in `docs/assumptions.md`.
//!
//! # How
//!
//! All `StorageLive`s of a local go, and new ones come where its need begins ([`scan`]), on edges, too
//! ([`rebuild`]). `StorageDead`s come where its need ends; the old ones stay. So at each point, on whatever way it is reached, a
//! local has storage if and only if it needs it. Where the body does not suspend any more and the local is not mentioned, either is fine,
//! and nothing is added.
//!
//! Drops of what never has anything to drop go: what they mention has no storage there. `drop(captures)` stays, since other passes
//! go by it (see [`crate::relocate::promote::drops`]).

mod filled;
mod loans;
mod rebuild;
mod scan;
mod wanted;

use rustc_index::bit_set::DenseBitSet;
use rustc_middle::mir::{Body, Local, StatementKind, TerminatorKind};
use rustc_middle::ty::TyCtxt;

use super::body::raw_pointers;
use filled::{Filled, Paths};
use loans::Borrowed;

/// Ends storage early.
pub(crate) fn end_storage_early<'tcx>(tcx: TyCtxt<'tcx>, body: &mut Body<'tcx>) {
    remove_imaginary_edges(body);
    let locals = candidates(tcx, body);
    if locals.is_empty() {
        return;
    }
    let paths = Paths::of(tcx, body);
    let mut filled = Filled::new(tcx, body, &paths);
    let dead_drops = filled.dead_drops(&locals);
    let mut cleaned = body.clone();
    for block in dead_drops {
        let terminator = cleaned.basic_blocks_mut()[block].terminator_mut();
        let TerminatorKind::Drop { target, .. } = terminator.kind else {
            span_bug!(terminator.source_info.span, "a dead drop is no drop");
        };
        terminator.kind = TerminatorKind::Goto { target };
    }
    let borrowed = Borrowed::of(&cleaned);
    let edits = scan::edits(tcx, &cleaned, &locals, filled, &borrowed);
    edits.apply(&mut cleaned);
    *body = cleaned;
}

/// Removes the edges that exist for borrowck alone, as `CleanupPostBorrowck` does a little later.
fn remove_imaginary_edges(body: &mut Body<'_>) {
    for data in body.basic_blocks_mut() {
        let terminator = data.terminator_mut();
        if let TerminatorKind::FalseEdge { real_target: target, .. }
        | TerminatorKind::FalseUnwind { real_target: target, .. } = terminator.kind
        {
            terminator.kind = TerminatorKind::Goto { target };
        }
    }
}

/// The locals whose storage begins and ends, and to which no raw pointer may lead.
fn candidates<'tcx>(tcx: TyCtxt<'tcx>, body: &Body<'tcx>) -> DenseBitSet<Local> {
    let mut candidates = DenseBitSet::new_empty(body.local_decls.len());
    for data in body.basic_blocks.iter().filter(|data| !data.is_cleanup) {
        for statement in &data.statements {
            if let StatementKind::StorageLive(local) = statement.kind {
                candidates.insert(local);
            }
        }
    }
    candidates.subtract(&raw_pointers::targets(tcx, body));
    for data in body.basic_blocks.iter().filter(|data| data.is_cleanup) {
        for statement in &data.statements {
            if let StatementKind::StorageLive(local) = statement.kind {
                candidates.remove(local);
            }
        }
    }
    candidates
}
