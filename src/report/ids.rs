//! What types and bodies are told apart by, in every crate of a build.

use rustc_hir::def_id::DefId;
use rustc_middle::ty::{Ty, TyCtxt};

/// The id of a type.
pub(super) fn of_type<'tcx>(tcx: TyCtxt<'tcx>, ty: Ty<'tcx>) -> String {
    format!("{:032x}", tcx.type_id_hash(ty).as_u128())
}

/// The id of a coroutine's body, which all types that are made of it have in common.
pub(super) fn of_body(tcx: TyCtxt<'_>, coroutine: DefId) -> String {
    tcx.def_path_hash(coroutine).0.to_hex()
}
