//! The names of captured variables that debug info shows in every state of a coroutine.
//!
//! Relocated upvars are fields of the variants in which they are alive, so the list of names that
//! belong to every state is empty for a relocated coroutine.

use rustc_abi::FieldIdx;
use rustc_hir::def_id::LocalDefId;
use rustc_index::IndexVec;
use rustc_middle::ty::TyCtxt;
use rustc_span::Symbol;

use crate::mode::{self, Mode};
use crate::{dialect, stock};

/// The provider of `closure_saved_names_of_captured_variables`.
pub(crate) fn saved_names(tcx: TyCtxt<'_>, def: LocalDefId) -> IndexVec<FieldIdx, Symbol> {
    let relocated = tcx.is_coroutine(def.to_def_id())
        && mode::of_local_crate(tcx) != Mode::Classic
        && tcx.optimized_mir(def).coroutine_layout_raw().is_some_and(dialect::has_relocated_upvars);
    if relocated {
        return IndexVec::new();
    }
    (stock::providers().closure_saved_names_of_captured_variables)(tcx, def)
}
