//! Reports of builds that generate no code: `cargo snug sizes`, and `cargo snug check --report`.
//!
//! Layouts need types, types need what is monomorphised, and that needs the MIR of everything that a program is made of. `cargo check`
//! leaves MIR out of metadata; where a report is asked for, [`crate::driver`] sets `-Zalways-encode-mir`. (By hand, the user does.) Then
//! the packages that a build is for collect what they use, through all crates, as if for code generation, and the report is
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
use rustc_session::Session;

use super::manifest;
use crate::{guard, stock};

/// Whether a session generates no code, and makes its report all the same.
pub(super) fn is_made(sess: &Session) -> bool {
    !sess.opts.output_types.should_codegen() && sess.opts.unstable_opts.always_encode_mir
}

/// The provider of `analysis` where a report is asked for: the guard's, and then the report.
pub(crate) fn analysis(tcx: TyCtxt<'_>, key: ()) {
    if guard::is_on() {
        guard::analysis(tcx, key);
    } else {
        (stock::providers().analysis)(tcx, key);
    }
    if is_made(tcx.sess) && tcx.dcx().has_errors().is_none() {
        super::write(tcx);
    }
}

/// The provider of `reachable_non_generics` where a report is asked for: the functions that others can call, also where no
/// code is generated.
pub(crate) fn reachable_non_generics(
    tcx: TyCtxt<'_>,
    key: LocalCrate,
) -> DefIdMap<SymbolExportInfo> {
    if !is_made(tcx.sess) || !manifest::is_aim() {
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
