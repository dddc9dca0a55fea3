//! Stock's scheme for a relocated body: upvars in the prefix for ever, each relocated local at its
//! upvar's offset, and everything else where rustc's own algorithm puts it.
//!
//! (A crate compiled with `SNUG_LAYOUT=classic` has no relocated bodies and never comes here. This
//! is a candidate for `packed`: it is as big as the stock type made of the same parts.)

use rustc_abi::{FieldIdx, FieldsShape, LayoutData, Scalar, VariantIdx, Variants};
use rustc_index::IndexVec;
use rustc_index::bit_set::BitMatrix;
use rustc_middle::mir::CoroutineSavedLocal;
use rustc_middle::ty::layout::{HasTyCtxt, PrimitiveExt, TyAndLayout};

use super::coroutine::Coroutine;
use super::placement::{Placement, TooBig};

/// Places a coroutine.
pub(super) fn place(coroutine: &Coroutine<'_>) -> Result<Placement, TooBig> {
    let unresumed = coroutine.unresumed();
    let is_upvar = |local: &CoroutineSavedLocal| unresumed.raw.contains(local);
    let others: IndexVec<CoroutineSavedLocal, CoroutineSavedLocal> = coroutine
        .saved
        .indices()
        .filter(|local| !is_upvar(local) && !coroutine.is_alias(*local))
        .collect();
    let mut number = IndexVec::from_elem(None, &coroutine.saved);
    for (new, &old) in others.iter_enumerated() {
        number[old] = Some(new);
    }

    let locals = others.iter().map(|&old| coroutine.saved[old]).collect();
    let variant_fields: IndexVec<VariantIdx, IndexVec<FieldIdx, CoroutineSavedLocal>> = coroutine
        .variants
        .iter()
        .map(|fields| fields.iter().filter_map(|&local| number[local]).collect())
        .collect();
    let mut conflicts = BitMatrix::new(others.len(), others.len());
    for (row, &old_row) in others.iter_enumerated() {
        for old_column in coroutine.info.storage_conflicts.iter(old_row) {
            if let Some(column) = number[old_column] {
                conflicts.insert(row, column);
            }
        }
    }

    let prefix = coroutine.upvars.clone();
    let layout = stock(coroutine, &locals, prefix, &variant_fields, &conflicts)?;
    let mut placement =
        Placement { offsets: vec![0; coroutine.saved.len() + 1], size: layout.size.bytes() };
    let (tag, variants) = tag_and_variants(&layout);
    placement.offsets[coroutine.tag_item()] = tag;
    for (upvar, &local) in unresumed.iter_enumerated() {
        placement.offsets[local.index()] = layout.fields.offset(upvar.index()).bytes();
    }
    for (variant, fields) in variant_fields.iter_enumerated() {
        for (field, &local) in fields.iter_enumerated() {
            let offset = variants[variant].fields.offset(field.index()).bytes();
            placement.offsets[others[local].index()] = offset;
        }
    }
    Ok(placement)
}

/// Runs rustc's own algorithm.
pub(super) fn stock<'tcx>(
    coroutine: &Coroutine<'tcx>,
    locals: &IndexVec<CoroutineSavedLocal, TyAndLayout<'tcx>>,
    prefix: IndexVec<FieldIdx, TyAndLayout<'tcx>>,
    variant_fields: &IndexVec<VariantIdx, IndexVec<FieldIdx, CoroutineSavedLocal>>,
    conflicts: &BitMatrix<CoroutineSavedLocal, CoroutineSavedLocal>,
) -> Result<LayoutData<FieldIdx, VariantIdx>, TooBig> {
    let cx = &coroutine.cx;
    let tcx = cx.tcx();
    let tag_to_layout = |tag: Scalar| TyAndLayout {
        ty: tag.primitive().to_ty(tcx),
        layout: tcx.mk_layout(LayoutData::scalar(cx, tag)),
    };
    cx.calc.coroutine(locals, prefix, variant_fields, conflicts, tag_to_layout).map_err(|_| TooBig)
}

/// The tag's offset in bytes, and the layouts of the variants.
pub(super) fn tag_and_variants(
    layout: &LayoutData<FieldIdx, VariantIdx>,
) -> (u64, &IndexVec<VariantIdx, LayoutData<FieldIdx, VariantIdx>>) {
    let (FieldsShape::Arbitrary { offsets, .. }, Variants::Multiple { tag_field, variants, .. }) =
        (&layout.fields, &layout.variants)
    else {
        bug!("a coroutine's layout has fields and variants: {layout:?}");
    };
    (offsets[*tag_field].bytes(), variants)
}
