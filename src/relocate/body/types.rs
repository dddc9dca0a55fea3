//! What the types of a body and of its values say.

use rustc_hir::Movability;
use rustc_middle::mir::Body;
use rustc_middle::ty::Ty;

/// Whether a coroutine may be moved after it has been resumed.
pub(crate) fn is_movable(body: &Body<'_>) -> bool {
    body.coroutine_kind().is_some_and(|kind| kind.movability() == Movability::Movable)
}

/// Whether values of a type live in one or two registers. Types that only their arguments or
/// fields could tell of do not count.
pub(crate) fn fits_registers(ty: Ty<'_>) -> bool {
    ty.is_primitive() || ty.is_any_ptr() || ty.is_box() || ty.is_fn()
}
