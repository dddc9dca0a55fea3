//! Turns a placement into the `LayoutData` of the coroutine type.
//!
//! The upvars stay the type's outer fields, as in stock: `captures.i` keeps its meaning and only
//! its offset changes. The shape (no niche, opaque to the ABI, uninhabited if an upvar is) is
//! that of `coroutine::layout` in rustc_abi.

use rustc_abi::{
    AbiAlign, Align, BackendRepr, FieldIdx, FieldsShape, LayoutData, Size, TagEncoding, VariantIdx,
    Variants,
};
use rustc_index::{Idx, IndexVec};
use rustc_middle::mir::CoroutineSavedLocal;
use rustc_middle::ty::layout::HasTyCtxt;

use super::coroutine::Coroutine;
use super::placement::Placement;

/// The layout of a coroutine whose parts are placed so.
pub(super) fn layout(
    coroutine: &Coroutine<'_>,
    placement: &Placement,
) -> LayoutData<FieldIdx, VariantIdx> {
    let size = Size::from_bytes(placement.size);
    let align = alignment(coroutine);
    let offset = |local: &CoroutineSavedLocal| placement.offsets[local.index()];

    let variants = coroutine.variants.iter_enumerated().map(|(index, locals)| LayoutData {
        fields: fields(locals.iter().map(offset).collect()),
        variants: Variants::Single { index },
        ..shape(size, align)
    });
    let mut outer: Vec<u64> = coroutine.unresumed().iter().map(offset).collect();
    let tag_field = FieldIdx::new(outer.len());
    outer.push(placement.offsets[coroutine.tag_item()]);
    LayoutData {
        variants: Variants::Multiple {
            tag: coroutine.tag,
            tag_encoding: TagEncoding::Direct,
            tag_field,
            variants: variants.collect(),
        },
        fields: fields(outer),
        uninhabited: coroutine.upvars.iter().any(|upvar| upvar.is_uninhabited()),
        // As stock does, for `-Zrandomize-layout`'s sake.
        randomization_seed: coroutine.cx.tcx().def_path_hash(coroutine.def_id).0.to_smaller_hash(),
        ..shape(size, align)
    }
}

fn alignment(coroutine: &Coroutine<'_>) -> AbiAlign {
    let tag = coroutine.tag.primitive().align(&coroutine.cx).abi;
    let saved = coroutine.saved.iter().map(|layout| layout.align.abi);
    AbiAlign::new(saved.fold(tag, Align::max))
}

/// What all variants and the whole have in common.
fn shape(size: Size, align: AbiAlign) -> LayoutData<FieldIdx, VariantIdx> {
    LayoutData {
        fields: FieldsShape::Primitive,
        variants: Variants::Empty,
        backend_repr: BackendRepr::Memory { sized: true },
        // Values in a coroutine may be aliased while the tag is read, so no niche is offered.
        largest_niche: None,
        uninhabited: false,
        size,
        align,
        max_repr_align: None,
        unadjusted_abi_align: align.abi,
        randomization_seed: Default::default(),
    }
}

fn fields(offsets: Vec<u64>) -> FieldsShape<FieldIdx> {
    let mut in_memory_order: IndexVec<u32, FieldIdx> =
        (0..offsets.len()).map(FieldIdx::new).collect();
    in_memory_order.raw.sort_by_key(|field| offsets[field.index()]);
    let offsets = offsets.into_iter().map(Size::from_bytes).collect();
    FieldsShape::Arbitrary { offsets, in_memory_order }
}
