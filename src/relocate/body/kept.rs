//! What the suspensions of a body keep.
//!
//! Mirrors `locals_live_across_suspend_points` in `rustc_mir_transform/src/coroutine.rs`.

use rustc_index::bit_set::DenseBitSet;
use rustc_middle::mir::{BasicBlock, Body, Local, TerminatorKind};
use rustc_middle::ty::TyCtxt;
use rustc_mir_dataflow::impls::{MaybeBorrowedLocals, MaybeLiveLocals, MaybeRequiresStorage};
use rustc_mir_dataflow::{Analysis, ResultsCursor};

use super::storage::maybe_stored;
use super::types::is_movable;

/// The locals that each suspension keeps.
pub(crate) fn by_suspension<'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &Body<'tcx>,
) -> Vec<(BasicBlock, DenseBitSet<Local>)> {
    let mut stored = maybe_stored(tcx, body);
    let borrowed = MaybeBorrowedLocals.iterate_to_fixpoint(tcx, body, None);
    let mut required = MaybeRequiresStorage::new(ResultsCursor::new_borrowing(body, &borrowed))
        .iterate_to_fixpoint(tcx, body, None)
        .into_results_cursor(body);
    let mut borrowed = ResultsCursor::new_borrowing(body, &borrowed);
    let mut live = MaybeLiveLocals.iterate_to_fixpoint(tcx, body, None).into_results_cursor(body);
    let mut kept = Vec::new();
    for (block, data) in body.basic_blocks.iter_enumerated() {
        let TerminatorKind::Yield { .. } = data.terminator().kind else { continue };
        let location = body.terminator_loc(block);
        live.seek_to_block_end(block);
        let mut locals = live.get().clone();
        if !is_movable(body) {
            borrowed.seek_before_primary_effect(location);
            locals.union(borrowed.get());
        }
        required.seek_before_primary_effect(location);
        locals.intersect(required.get());
        stored.seek_before_primary_effect(location);
        locals.intersect(stored.get());
        kept.push((block, locals));
    }
    kept
}
