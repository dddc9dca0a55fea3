//! Between suspensions: the bytes of a local where its storage ends, be it at the end of its scope or where the value
//! has moved away ([`crate::relocate`], needs).
//!
//! This is before `StateTransform`, which forgets where the storage of saved locals ends.

use std::borrow::Cow;

use rustc_middle::mir::{Body, Local, Location, Place, StatementKind};
use rustc_middle::ty::{TyCtxt, TypingEnv};
use rustc_mir_dataflow::Analysis;
use rustc_mir_dataflow::impls::{MaybeStorageLive, always_storage_live_locals};

use super::{Filler, is_wanted};

/// Adds the code, if `SNUG_POISON` asks for it.
pub(crate) fn fill<'tcx>(tcx: TyCtxt<'tcx>, body: &mut Body<'tcx>) {
    if !is_wanted() {
        return;
    }
    // From the end of each block: what is in front of an end stays where it is.
    for (location, local) in ends(tcx, body).into_iter().rev() {
        let source_info = *body.source_info(location);
        let ty = body.local_decls[local].ty;
        let mut filler = Filler { tcx, body, source_info };
        let mut before = Vec::new();
        let address = filler.address(Place::from(local), ty, &mut before);
        filler.overwrite(location.block, location.statement_index, before, address, Vec::new());
    }
}

/// Where the storage of locals ends that have some, blocks that only unwinding leads to apart.
fn ends<'tcx>(tcx: TyCtxt<'tcx>, body: &Body<'tcx>) -> Vec<(Location, Local)> {
    let env = TypingEnv::post_analysis(tcx, body.source.def_id());
    let mut stored = MaybeStorageLive::new(Cow::Owned(always_storage_live_locals(body)))
        .iterate_to_fixpoint(tcx, body, None)
        .into_results_cursor(body);
    let mut ends = Vec::new();
    for (block, data) in body.basic_blocks.iter_enumerated().filter(|(_, it)| !it.is_cleanup) {
        for (statement_index, statement) in data.statements.iter().enumerate() {
            let StatementKind::StorageDead(local) = statement.kind else { continue };
            let location = Location { block, statement_index };
            stored.seek_before_primary_effect(location);
            let is_stored = stored.get().contains(local);
            if is_stored && body.local_decls[local].ty.is_sized(tcx, env) {
                ends.push((location, local));
            }
        }
    }
    ends
}
