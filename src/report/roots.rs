//! Where code begins in builds that generate none.
//!
//! The packages that such a build is for collect what they use, through all crates, as if for code generation, and their report is
//! made of that. It lists what is used; a build that generates code lists also what dependencies only could use.
//!
//! Mirrors `reachable_non_generics_provider` in `rustc_codegen_ssa/src/back/symbol_export.rs`, which gives the collector its roots
//! in libraries, and gives none where no code is generated.

use rustc_hir::def::DefKind;
use rustc_hir::def_id::{DefIdMap, LocalDefId};
use rustc_middle::middle::exported_symbols::{
    SymbolExportInfo, SymbolExportKind, SymbolExportLevel,
};
use rustc_middle::query::LocalCrate;
use rustc_middle::ty::{Instance, TyCtxt};

use super::session;
use crate::stock;

/// The provider of `reachable_non_generics` where a report is asked for: the functions that others can call, also where no
/// code is generated.
pub(crate) fn reachable_non_generics(
    tcx: TyCtxt<'_>,
    key: LocalCrate,
) -> DefIdMap<SymbolExportInfo> {
    if !session::is_checked(tcx.sess) || !session::is_aim() {
        return (stock::providers().reachable_non_generics)(tcx, key);
    }
    // Nobody exports them: only the collector looks.
    let info = SymbolExportInfo {
        level: SymbolExportLevel::Rust,
        kind: SymbolExportKind::Text,
        used: false,
        rustc_std_internal_symbol: false,
    };
    let reachable = tcx.reachable_set(()).items().copied();
    reachable
        .filter(|&def| is_function(tcx, def))
        .map(|def| (def.to_def_id(), info))
        .collect::<rustc_data_structures::unord::UnordMap<_, _>>()
}

fn is_function(tcx: TyCtxt<'_>, def: LocalDefId) -> bool {
    let has_body = match tcx.def_kind(def) {
        DefKind::Fn => !tcx.is_foreign_item(def),
        DefKind::AssocFn => tcx.impl_of_assoc(def.to_def_id()).is_some(),
        _ => false,
    };
    has_body
        && !tcx.generics_of(def).requires_monomorphization(tcx)
        && !Instance::mono(tcx, def.to_def_id()).def.requires_inline(tcx)
        && !tcx.cross_crate_inlinable(def)
}
