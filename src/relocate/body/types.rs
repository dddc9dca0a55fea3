//! What types say about values.

use rustc_middle::ty::Ty;

/// Whether values of a type live in one or two registers. Types that only their arguments or
/// fields could tell of do not count.
pub(crate) fn fits_registers(ty: Ty<'_>) -> bool {
    ty.is_primitive() || ty.is_any_ptr() || ty.is_box() || ty.is_fn()
}
