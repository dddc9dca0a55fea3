//! What becomes of a value when a future inside it gets another size, or goes into a box or out of one.
//!
//! The report says what rustc's layout calculator was given for the value; this gives it to the same calculator, of the same version,
//! with the other future in its place. (`ra-ap-rustc_abi` is rustc's crate as rust-analyzer publishes it.)

use std::ops::{Bound, Deref};

use ra_ap_rustc_abi::{
    AbiAlign, AddressSpace, Align, BackendRepr, FieldsShape, Integer, LayoutCalculator, LayoutData,
    Niche, Primitive, ReprOptions, Size, StructKind, TargetDataLayout, Variants, WrappingRange,
};
use ra_ap_rustc_hashes::Hash64;
use ra_ap_rustc_index::IndexVec;

use crate::report::{self, Adt, Leaf, Niches, Of, Shape, Tail};

/// Numbers of fields and of variants.
type FieldIdx = usize;
type VariantIdx = usize;
type Layout = LayoutData<FieldIdx, VariantIdx>;

/// What stands for a future, or for a box of one, after a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Instead {
    /// A future of another size: size and alignment.
    Future(u64, u64),
    /// A box: the size of a pointer.
    Box(u64),
}

/// Lays out values.
pub(super) struct Calculator<'a> {
    calculator: LayoutCalculator<TargetDataLayout>,
    /// What stands for the future with an id; `None` if it stays as it is.
    future: &'a dyn Fn(&str) -> Option<Instead>,
    /// What stands for a box of it.
    boxed: &'a dyn Fn(&str) -> Option<Instead>,
}

impl<'a> Calculator<'a> {
    pub(super) fn new(
        pointer_size: u64,
        future: &'a dyn Fn(&str) -> Option<Instead>,
        boxed: &'a dyn Fn(&str) -> Option<Instead>,
    ) -> Option<Calculator<'a>> {
        let bits = pointer_size * 8;
        // Only integers of 64 bits at most are laid out here: discriminants, and their alignment is their size.
        let text = format!("e-p:{bits}:{bits}-i64:64-i128:128");
        let target =
            TargetDataLayout::parse_from_llvm_datalayout_string(&text, AddressSpace::ZERO).ok()?;
        Some(Calculator { calculator: LayoutCalculator::new(target), future, boxed })
    }

    /// The size and the alignment of a value; `None` if there is no such type.
    pub(super) fn size(&self, shape: &Shape) -> Option<(u64, u64)> {
        let layout = self.layout(shape)?;
        Some((layout.size.bytes(), layout.align.abi.bytes()))
    }

    fn layout(&self, shape: &Shape) -> Option<Layout> {
        match shape {
            Shape::Future(of) => self.replaced(of, (self.future)(&of.id)),
            Shape::Box(of) => self.replaced(of, (self.boxed)(&of.id)),
            Shape::Value(leaf) => of_leaf(leaf),
            Shape::Tuple { fields, tail } => {
                let layouts = self.layouts(fields)?;
                let is_fixed = *tail == Some(Tail::Fixed) && !fields.is_empty();
                let kind =
                    if is_fixed { StructKind::MaybeUnsized } else { StructKind::AlwaysSized };
                self.calculator.univariant(&refs(&layouts), &ReprOptions::default(), kind).ok()
            }
            Shape::Array { element, count } => self
                .calculator
                .array_like::<_, _, Ref<'_>>(&self.layout(element)?, Some(*count))
                .ok(),
            Shape::Struct(adt) => self.adt(adt, false),
            Shape::Enum(adt) => self.adt(adt, true),
            Shape::Union(adt) => {
                let layouts = self.variants(adt)?;
                let layouts = layouts.iter().map(|fields| refs(fields)).collect();
                let layouts: IndexVec<VariantIdx, _> = layouts;
                self.calculator.layout_of_union(&ReprOptions::default(), &layouts).ok()
            }
        }
    }

    fn adt(&self, adt: &Adt, is_enum: bool) -> Option<Layout> {
        let layouts = self.variants(adt)?;
        let layouts: IndexVec<VariantIdx, _> = layouts.iter().map(|fields| refs(fields)).collect();
        let mut discriminants = Vec::new();
        for (index, text) in adt.discriminants.iter().enumerate() {
            discriminants.push((index, text.parse().ok()?));
        }
        self.calculator
            .layout_of_struct_or_enum(
                &ReprOptions::default(),
                &layouts,
                is_enum,
                adt.niches == Some(Niches::Hidden),
                (Bound::Unbounded, Bound::Unbounded),
                discriminant_type,
                discriminants.into_iter(),
                adt.tail != Some(Tail::Fixed),
            )
            .ok()
    }

    fn variants(&self, adt: &Adt) -> Option<Vec<Vec<Layout>>> {
        adt.variants.iter().map(|fields| self.layouts(fields)).collect()
    }

    fn layouts(&self, shapes: &[Shape]) -> Option<Vec<Layout>> {
        shapes.iter().map(|shape| self.layout(shape)).collect()
    }

    fn replaced(&self, of: &Of, instead: Option<Instead>) -> Option<Layout> {
        match instead {
            None => of_leaf(&of.leaf),
            // Coroutines have no niches.
            Some(Instead::Future(size, align)) => opaque(size, align, None),
            Some(Instead::Box(size)) => {
                let last = u128::MAX >> (128 - u32::try_from(size * 8).ok()?);
                let niche = Niche {
                    offset: Size::ZERO,
                    value: Primitive::Pointer(AddressSpace::ZERO),
                    valid_range: WrappingRange { start: 1, end: last },
                };
                opaque(size, size, Some(niche))
            }
        }
    }
}

/// As rustc chooses it where no `repr` says otherwise: `Integer::discr_range_of_repr`.
fn discriminant_type(least: i128, most: i128) -> (Integer, bool) {
    if least >= 0 {
        (Integer::fit_unsigned(most.unsigned_abs()), false)
    } else {
        (Integer::fit_signed(least).max(Integer::fit_signed(most)), true)
    }
}

fn of_leaf(leaf: &Leaf) -> Option<Layout> {
    let niche = match &leaf.niche {
        Some(niche) => Some(of_niche(niche)?),
        None => None,
    };
    let mut layout = opaque(leaf.size, leaf.align, niche)?;
    layout.uninhabited = leaf.uninhabited == Some(true);
    Some(layout)
}

fn of_niche(niche: &report::Niche) -> Option<Niche> {
    let integer = match niche.size {
        1 => Integer::I8,
        2 => Integer::I16,
        4 => Integer::I32,
        8 => Integer::I64,
        16 => Integer::I128,
        _ => return None,
    };
    let value = match niche.pointer {
        Some(true) => Primitive::Pointer(AddressSpace::ZERO),
        _ => Primitive::Int(integer, false),
    };
    let valid_range =
        WrappingRange { start: niche.start.parse().ok()?, end: niche.end.parse().ok()? };
    Some(Niche { offset: Size::from_bytes(niche.offset), value, valid_range })
}

/// A value of which only this is known.
fn opaque(size: u64, align: u64, largest_niche: Option<Niche>) -> Option<Layout> {
    let align = Align::from_bytes(align).ok()?;
    Some(LayoutData {
        fields: FieldsShape::Arbitrary {
            offsets: IndexVec::new(),
            in_memory_order: IndexVec::new(),
        },
        variants: Variants::Single { index: 0 },
        backend_repr: BackendRepr::Memory { sized: true },
        largest_niche,
        uninhabited: false,
        align: AbiAlign::new(align),
        size: Size::from_bytes(size),
        max_repr_align: None,
        unadjusted_abi_align: align,
        randomization_seed: Hash64::ZERO,
    })
}

/// What the calculator takes layouts as.
#[derive(Clone, Copy, Debug)]
struct Ref<'a>(&'a Layout);

impl<'a> Deref for Ref<'a> {
    type Target = &'a Layout;

    fn deref(&self) -> &&'a Layout {
        &self.0
    }
}

fn refs(layouts: &[Layout]) -> IndexVec<FieldIdx, Ref<'_>> {
    layouts.iter().map(Ref).collect()
}
