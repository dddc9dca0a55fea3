//! `-Zprint-type-sizes` for relocated coroutines.
//!
//! Mirrors `variant_info_for_coroutine` in `rustc_ty_utils/src/layout.rs`, with one difference:
//! stock lists the upvars in every variant, because there they are; here they are fields of the
//! variants in which they are alive, and Unresumed lists them as upvars.

use rustc_abi::{FieldIdx, VariantIdx};
use rustc_middle::mir::CoroutineSavedLocal;
use rustc_middle::ty::layout::{HasTyCtxt, TyAndLayout};
use rustc_middle::ty::print::with_no_trimmed_paths;
use rustc_middle::ty::{CoroutineArgs, CoroutineArgsExt, TypeVisitableExt};
use rustc_session::code_stats::{DataTypeKind, FieldInfo, FieldKind, SizeKind, VariantInfo};
use rustc_span::{Symbol, sym};

use super::coroutine::Coroutine;
use crate::dialect::UNRESUMED;

/// Records a coroutine's layout for printing at the end of the session.
pub(super) fn record<'tcx>(coroutine: &Coroutine<'tcx>, layout: TyAndLayout<'tcx>) {
    let generic = layout.ty.has_non_region_param()
        || !coroutine.cx.typing_env.param_env.caller_bounds().is_empty();
    if generic {
        return;
    }
    let variants = coroutine.info.variant_fields.iter_enumerated();
    let mut variants: Vec<_> =
        variants.map(|(variant, fields)| info(coroutine, layout, variant, &fields.raw)).collect();
    // Stock lists Returned and Panicked at the end.
    let ends: Vec<_> = variants.drain(1..CoroutineArgs::RESERVED_VARIANTS).collect();
    variants.extend(ends);
    let description = with_no_trimmed_paths!(format!("{}", layout.ty));
    coroutine.cx.tcx().sess.code_stats.record_type_size(
        DataTypeKind::Coroutine,
        description,
        layout.align.abi,
        layout.size,
        false,
        Some(coroutine.tag_size()),
        variants,
    );
}

fn info<'tcx>(
    coroutine: &Coroutine<'tcx>,
    layout: TyAndLayout<'tcx>,
    variant: VariantIdx,
    locals: &[CoroutineSavedLocal],
) -> VariantInfo {
    let variant_layout = layout.for_variant(&coroutine.cx, variant);
    let mut size = 0;
    let mut fields = Vec::with_capacity(locals.len());
    for (index, &local) in locals.iter().enumerate() {
        let field = variant_layout.field(&coroutine.cx, index);
        let offset = variant_layout.fields.offset(index).bytes();
        size = size.max(offset + field.size.bytes());
        let name = coroutine.info.field_names[local];
        fields.push(FieldInfo {
            kind: if variant == UNRESUMED { FieldKind::Upvar } else { FieldKind::CoroutineLocal },
            name: name.unwrap_or_else(|| unnamed(local)),
            offset,
            size: field.size.bytes(),
            align: field.align.bytes(),
            type_name: (name.is_none() || name == Some(sym::__awaitee))
                .then(|| Symbol::intern(&field.ty.to_string())),
        });
    }
    // The printer takes the tag out of the size again.
    if tag_offset(layout) >= size {
        size += coroutine.tag_size().bytes();
    }
    VariantInfo {
        name: Some(Symbol::intern(&CoroutineArgs::variant_name(variant))),
        kind: SizeKind::Exact,
        size,
        align: variant_layout.align.bytes(),
        fields,
    }
}

fn unnamed(local: CoroutineSavedLocal) -> Symbol {
    Symbol::intern(&format!(".coroutine_field{}", local.as_usize()))
}

/// Where a coroutine's tag lies, in bytes.
pub(crate) fn tag_offset(layout: TyAndLayout<'_>) -> u64 {
    let rustc_abi::Variants::Multiple { tag_field, .. } = layout.variants else {
        bug!("a coroutine has variants: {layout:?}");
    };
    layout.fields.offset(FieldIdx::as_usize(tag_field)).bytes()
}
