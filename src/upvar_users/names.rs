//! The names of captured variables that debug info shows in every state of a coroutine.
//!
//! Relocated upvars are fields of the variants in which they are alive, so the list of names that
//! belong to every state is empty for a relocated coroutine.

use rustc_abi::FieldIdx;
use rustc_hir::def_id::LocalDefId;
use rustc_index::IndexVec;
use rustc_middle::ty::TyCtxt;
use rustc_span::Symbol;
use rustc_span::def_id::DefId;

use crate::mode::{self, Mode};
use crate::queries;
use crate::relocate::UNRESUMED;

/// The provider of `closure_saved_names_of_captured_variables`.
pub(crate) fn saved_names(tcx: TyCtxt<'_>, def: LocalDefId) -> IndexVec<FieldIdx, Symbol> {
    let relocated = tcx.is_coroutine(def.to_def_id())
        && mode::of_local_crate(tcx) != Mode::Classic
        && tcx
            .optimized_mir(def)
            .coroutine_layout_raw()
            .is_some_and(|layout| !layout.variant_fields[UNRESUMED].is_empty());
    if relocated { IndexVec::new() } else { stock_names(tcx, def) }
}

/// The names of a coroutine's captures, in capture order, as stock shows them.
pub(crate) fn capture_names(tcx: TyCtxt<'_>, coroutine: DefId) -> IndexVec<FieldIdx, Symbol> {
    stock_names(tcx, coroutine.expect_local())
}

fn stock_names(tcx: TyCtxt<'_>, def: LocalDefId) -> IndexVec<FieldIdx, Symbol> {
    (queries::stock().closure_saved_names_of_captured_variables)(tcx, def)
}
