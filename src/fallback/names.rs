//! Symbols that a crate declares as functions and as statics.
//!
//! C has headers in which the address of a function is a variable, and linker scripts define symbols that are
//! both. LLVM has one kind of symbol. Cranelift's modules have two, and a name is of one of them
//! (`cranelift_module::ModuleDeclarations::declare_function`).

use rustc_data_structures::fx::FxHashMap;
use rustc_hir::def::DefKind;
use rustc_middle::ty::{Instance, TyCtxt};

/// Whether some name in this crate is a function and a static.
pub(super) fn are_functions_and_statics(tcx: TyCtxt<'_>) -> bool {
    let items = tcx.hir_crate_items(());
    let foreign = items.foreign_items().map(|item| item.owner_id.to_def_id());
    let exported = items
        .free_items()
        .map(|item| item.owner_id.to_def_id())
        .filter(|&item| has_own_name(tcx, item));
    let mut kinds = FxHashMap::default();
    foreign.chain(exported).any(|item| {
        let is_static = match tcx.def_kind(item) {
            DefKind::Static { .. } => true,
            DefKind::Fn => false,
            _ => return false,
        };
        let name = tcx.symbol_name(Instance::mono(tcx, item)).name;
        *kinds.entry(name).or_insert(is_static) != is_static
    })
}

/// Whether others may declare an item of this crate.
fn has_own_name(tcx: TyCtxt<'_>, item: rustc_hir::def_id::DefId) -> bool {
    matches!(tcx.def_kind(item), DefKind::Static { .. } | DefKind::Fn)
        && tcx.codegen_fn_attrs(item).contains_extern_indicator()
}
