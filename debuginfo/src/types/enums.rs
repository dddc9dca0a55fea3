//! Enums.
//!
//! Mirrors `rustc_codegen_llvm/src/debuginfo/metadata/enums/{mod,native}.rs`: an enum without fields is a
//! `DW_TAG_enumeration_type`; every other one a structure with a `DW_TAG_variant_part`, in which each variant is a member
//! whose type, a structure inside the enum's own, has the fields.

use gimli::write::{AttributeValue, UnitEntryId};
use rustc_abi::{FieldIdx, Size, TagEncoding, VariantIdx, Variants};
use rustc_codegen_ssa::debuginfo::type_names::compute_debuginfo_type_name;
use rustc_codegen_ssa::debuginfo::{tag_base_type, wants_c_like_enum_debuginfo};
use rustc_hir::def::CtorKind;
use rustc_middle::ty::layout::TyAndLayout;
use rustc_middle::ty::{self, AdtDef, Ty};

use super::Describer;
use super::members::{Member, numbered, visibility};
use crate::entry::Entry;
use crate::unit::SourcePlace;

/// A variant of an enum, or a state of a coroutine.
pub(super) struct Variant {
    pub(super) index: VariantIdx,
    /// What the member is called whose type is `fields`.
    pub(super) name: String,
    pub(super) fields: UnitEntryId,
    /// The suspension point of a state.
    pub(super) place: Option<SourcePlace>,
}

impl<'tcx> Describer<'_, 'tcx> {
    pub(super) fn enumeration(&mut self, of: Ty<'tcx>, definition: AdtDef<'tcx>) -> UnitEntryId {
        let layout = self.layout(of);
        if wants_c_like_enum_debuginfo(self.tcx, layout) {
            return self.enumerators(of, definition, layout);
        }
        let item = definition.did();
        let id = self.defined(gimli::DW_TAG_structure_type, of, item);
        let access = visibility(self.tcx, item, item);
        Entry::of(self.unit, id).seen_by(access);
        let variants = definition.variant_range().map(|index| Variant {
            index,
            name: definition.variant(index).name.to_string(),
            fields: self.variant_fields(id, definition, index, layout),
            place: None,
        });
        let variants: Vec<Variant> = variants.collect();
        self.variant_part(id, layout, &variants);
        id
    }

    /// An enum without fields.
    fn enumerators(
        &mut self,
        of: Ty<'tcx>,
        definition: AdtDef<'tcx>,
        layout: TyAndLayout<'tcx>,
    ) -> UnitEntryId {
        let base = tag_base_type(self.tcx, layout);
        let base_layout = self.layout(base);
        let around = self.namespace_of(definition.did());
        let name = compute_debuginfo_type_name(self.tcx, of, false);
        let tag = gimli::DW_TAG_enumeration_type;
        let id = self.sized_entry(tag, Some(around), &name, base_layout);
        let base_entry = self.type_of(base);
        Entry::of(self.unit, id).of_type(base_entry).flag(gimli::DW_AT_enum_class);
        for (index, value) in definition.discriminants(self.tcx) {
            let value = number(value.val, base_layout.size, is_signed(base));
            Entry::new(self.unit, id, gimli::DW_TAG_enumerator)
                .name(definition.variant(index).name.as_str())
                .set(gimli::DW_AT_const_value, value);
        }
        id
    }

    /// The structure that has a variant's fields.
    fn variant_fields(
        &mut self,
        of: UnitEntryId,
        definition: AdtDef<'tcx>,
        index: VariantIdx,
        layout: TyAndLayout<'tcx>,
    ) -> UnitEntryId {
        let variant = definition.variant(index);
        let layouts = self.layouts();
        let fields = layout.for_variant(&layouts, index);
        let access = visibility(self.tcx, definition.did(), definition.did());
        // As stock: size and alignment are the enum's.
        let id = self.structure_entry(Some(of), variant.name.as_str(), layout);
        Entry::of(self.unit, id).seen_by(access);
        for index in 0..fields.fields.count() {
            let name = match variant.ctor_kind() {
                Some(CtorKind::Fn) => numbered(index),
                _ => variant.fields[FieldIdx::from_usize(index)].name.to_string(),
            };
            let offset = fields.fields.offset(index);
            let member = Member::new(name, fields.field(&layouts, index), offset);
            self.member(id, &member.seen_by(access));
        }
        self.type_arguments(id, layout.ty);
        id
    }

    /// The part of a structure by which debuggers know which variant is there.
    pub(super) fn variant_part(
        &mut self,
        of: UnitEntryId,
        layout: TyAndLayout<'tcx>,
        variants: &[Variant],
    ) {
        let part = Entry::new(self.unit, of, gimli::DW_TAG_variant_part).id();
        let tag = match layout.variants {
            Variants::Single { .. } | Variants::Empty => None,
            Variants::Multiple { tag_field, .. } => {
                let offset = layout.fields.offset(tag_field.as_usize());
                Some((tag_base_type(self.tcx, layout), offset))
            }
        };
        if let Some((tag, offset)) = tag {
            let name = if layout.ty.is_coroutine() { "__state" } else { "" };
            let member = self.member(part, &Member::new(name, self.layout(tag), offset));
            Entry::of(self.unit, member).flag(gimli::DW_AT_artificial);
            Entry::of(self.unit, part).set(gimli::DW_AT_discr, AttributeValue::UnitRef(member));
        }
        for variant in variants {
            let entry = Entry::new(self.unit, part, gimli::DW_TAG_variant).id();
            if let (Some(value), Some((tag, _))) = (self.tag_of(layout, variant.index), tag) {
                // As LLVM writes it, which looks at the tag's size alone.
                let value = number(value, self.layout(tag).size, false);
                Entry::of(self.unit, entry).set(gimli::DW_AT_discr_value, value);
            }
            let member = Member::new(variant.name.as_str(), layout, Size::ZERO);
            let member = self.member_of(entry, &member, variant.fields);
            if let Some(place) = variant.place {
                Entry::of(self.unit, member).declared(place);
            }
        }
    }

    /// The tag that says that a variant is there. Nothing if there is one variant only, or if every other tag does.
    fn tag_of(&self, layout: TyAndLayout<'tcx>, variant: VariantIdx) -> Option<u128> {
        match layout.variants {
            Variants::Single { .. } | Variants::Empty => None,
            Variants::Multiple { tag_encoding: TagEncoding::Direct, .. } => {
                Some(layout.ty.discriminant_for_variant(self.tcx, variant)?.val)
            }
            Variants::Multiple {
                tag_encoding:
                    TagEncoding::Niche { untagged_variant, ref niche_variants, niche_start },
                tag,
                ..
            } => {
                let from_first = u128::from(variant.as_u32())
                    .wrapping_sub(u128::from(niche_variants.start().as_u32()));
                let value = tag.size(&self.tcx).truncate(from_first.wrapping_add(niche_start));
                (variant != untagged_variant).then_some(value)
            }
        }
    }
}

/// A number of some size. DWARF has no form for those of more than eight bytes but a block.
fn number(bits: u128, size: Size, is_signed: bool) -> AttributeValue {
    if is_signed && size.bytes() <= 8 {
        let value = size.sign_extend(bits);
        return AttributeValue::Sdata(i64::try_from(value).expect("eight bytes at most"));
    }
    match u64::try_from(size.truncate(bits)) {
        Ok(value) => AttributeValue::Udata(value),
        Err(_) => AttributeValue::Block(bits.to_le_bytes().to_vec()),
    }
}

fn is_signed(of: Ty<'_>) -> bool {
    matches!(of.kind(), ty::Int(_))
}
