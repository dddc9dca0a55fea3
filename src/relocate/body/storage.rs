//! Which locals have storage.

use std::borrow::Cow;

use rustc_middle::mir::Body;
use rustc_middle::ty::TyCtxt;
use rustc_mir_dataflow::impls::{MaybeStorageLive, always_storage_live_locals};
use rustc_mir_dataflow::{Analysis, ResultsCursor};

/// The locals that may have storage, at each point.
pub(crate) type MaybeStored<'a, 'tcx> = ResultsCursor<'a, 'tcx, MaybeStorageLive<'a>>;

/// Computes them.
pub(crate) fn maybe_stored<'a, 'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &'a Body<'tcx>,
) -> MaybeStored<'a, 'tcx> {
    MaybeStorageLive::new(Cow::Owned(always_storage_live_locals(body)))
        .iterate_to_fixpoint(tcx, body, None)
        .into_results_cursor(body)
}
