//! Between suspensions: the bytes of a local where its storage ends, be it at the end of its scope or where the value
//! has moved away ([`crate::relocate`], needs).
//!
//! This is before `StateTransform`, which forgets where the storage of saved locals ends.

use std::borrow::Cow;

use rustc_hir::LangItem;
use rustc_middle::mir::{Body, Local, Location, Place, StatementKind};
use rustc_middle::ty::{Ty, TyCtxt, TypingEnv};
use rustc_mir_dataflow::impls::{
    MaybeBorrowedLocals, MaybeRequiresStorage, MaybeStorageDead, always_storage_live_locals,
};
use rustc_mir_dataflow::{Analysis, ResultsCursor};

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

/// Where the storage ends of locals that stock would keep until then, since they were borrowed, blocks that only unwinding
/// leads to apart. What was never borrowed is gone when it has moved away: its bytes may be another's.
fn ends<'tcx>(tcx: TyCtxt<'tcx>, body: &Body<'tcx>) -> Vec<(Location, Local)> {
    let env = TypingEnv::post_analysis(tcx, body.source.def_id());
    let borrowed = MaybeBorrowedLocals.iterate_to_fixpoint(tcx, body, None);
    let borrowed = ResultsCursor::new_borrowing(body, &borrowed);
    let mut required = MaybeRequiresStorage::new(borrowed)
        .iterate_to_fixpoint(tcx, body, None)
        .into_results_cursor(body);
    let mut missing = MaybeStorageDead::new(Cow::Owned(always_storage_live_locals(body)))
        .iterate_to_fixpoint(tcx, body, None)
        .into_results_cursor(body);
    let mut ends = Vec::new();
    for (block, data) in body.basic_blocks.iter_enumerated().filter(|(_, it)| !it.is_cleanup) {
        for (statement_index, statement) in data.statements.iter().enumerate() {
            let StatementKind::StorageDead(local) = statement.kind else { continue };
            let location = Location { block, statement_index };
            // The end itself has its effect early.
            match statement_index.checked_sub(1) {
                Some(index) => required
                    .seek_after_primary_effect(Location { statement_index: index, ..location }),
                None => required.seek_to_block_start(block),
            }
            missing.seek_before_primary_effect(location);
            let is_stored = required.get().contains(local) && !missing.get().contains(local);
            let ty = body.local_decls[local].ty;
            if is_stored && ty.is_sized(tcx, env) && !is_context(tcx, ty) {
                ends.push((location, local));
            }
        }
    }
    ends
}

/// Whether a type is that of the context before `StateTransform` makes another one of it.
fn is_context<'tcx>(tcx: TyCtxt<'tcx>, ty: Ty<'tcx>) -> bool {
    let parts = ty.walk().filter_map(|part| part.as_type()?.ty_adt_def());
    parts.into_iter().any(|adt| tcx.is_lang_item(adt.did(), LangItem::ResumeTy))
}
