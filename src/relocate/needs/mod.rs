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
//! Only locals that some suspension meets are looked at ([`candidates`]). All `StorageLive`s of such a local go, and new ones come where its need begins ([`scan`]), on edges, too
//! ([`rebuild`]). `StorageDead`s come where its need ends; the old ones stay. So at each point, on whatever way it is reached, a
//! local has storage if and only if it needs it. Where the body does not suspend any more and the local is not mentioned, either is fine,
//! and nothing is added.
//!
//! Drops of what never has anything to drop go: what they mention has no storage there. `drop(captures)` stays, since other passes
//! go by it (see [`crate::relocate::promote::drops`]).
//!
//! The trace has each local that a suspension would keep otherwise ([`kept`]).

mod candidates;
mod filled;
mod loans;
mod rebuild;
mod scan;
mod wanted;

use rustc_index::bit_set::DenseBitSet;
use rustc_middle::mir::{Body, Local};
use rustc_middle::ty::TyCtxt;

use super::body::storage::maybe_stored;
use super::body::{dead_drops, kept, raw_pointers};
use crate::decisions::{Decisions, Phase, Subject};
use crate::imaginary_edges;
use candidates::Candidates;
use filled::{Filled, Paths};
use loans::Borrowed;

/// Ends storage early.
pub(crate) fn end_storage_early<'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &mut Body<'tcx>,
    decisions: &Decisions,
) {
    imaginary_edges::remove(body);
    let mut stored = maybe_stored(tcx, body);
    let candidates = Candidates::of(body, &mut stored);
    if candidates.is_empty() {
        return;
    }
    let paths = Paths::of(tcx, body);
    let raw_pointers = raw_pointers::targets(tcx, body);
    refuse(body, &paths, &candidates, &raw_pointers, decisions);
    let candidates = candidates.without(body, &raw_pointers);
    let mut filled = Filled::new(tcx, body, &paths);
    let mut cleaned = body.clone();
    dead_drops::remove(cleaned.basic_blocks_mut(), filled.dead_drops());
    let borrowed = Borrowed::of(&cleaned, &candidates);
    let edits = scan::edits(tcx, &cleaned, &candidates, stored, filled, &borrowed);
    edits.apply(&mut cleaned);
    if decisions.are_traced() {
        tell(tcx, body, &cleaned, decisions);
    }
    *body = cleaned;
}

/// Tells of each local that a suspension keeps before, and not after.
fn tell<'tcx>(tcx: TyCtxt<'tcx>, before: &Body<'tcx>, after: &Body<'tcx>, decisions: &Decisions) {
    let mut told = DenseBitSet::new_empty(before.local_decls.len());
    let kept = [before, after].map(|body| kept::by_suspension(tcx, body));
    for ((block, before_kept), (_, after_kept)) in kept[0].iter().zip(&kept[1]) {
        let at = before.terminator_loc(*block);
        for local in before_kept.iter().filter(|local| !after_kept.contains(*local)) {
            if told.insert(local) {
                let subject = Subject::Value { of: local, at };
                let reason = "it has moved away, so it is not kept";
                decisions.done(Phase::Needs, before, subject, reason);
            }
        }
    }
}

/// Notes which locals keep their bytes where they have moved away.
fn refuse<'tcx>(
    body: &Body<'tcx>,
    paths: &Paths<'tcx>,
    candidates: &Candidates,
    raw_pointers: &DenseBitSet<Local>,
    decisions: &Decisions,
) {
    if !decisions.are_seen() {
        return;
    }
    for local in candidates.iter().filter(|local| raw_pointers.contains(*local)) {
        if let Some(at) = paths.first_move(body, local) {
            let subject = Subject::Value { of: local, at };
            decisions.refuse(Phase::Needs, body, subject, "a raw pointer may lead to it");
        }
    }
}
