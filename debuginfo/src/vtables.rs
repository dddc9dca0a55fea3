//! Describes vtables: a debugger that has a trait object finds the vtable's entry by its address, and by that the type of what is in the
//! object.
//!
//! Mirrors `create_vtable_di_node` and `build_vtable_type_di_node` of `rustc_codegen_llvm/src/debuginfo/metadata.rs`.

use gimli::write::{Address, AttributeValue, Expression};
use rustc_codegen_ssa::debuginfo::type_names::{VTableNameKind, compute_debuginfo_vtable_name};
use rustc_middle::ty::{self, ExistentialTraitRef, Ty, TyCtxt};

use crate::entry::Entry;
use crate::level;
use crate::types::Describer;

impl<'tcx> Describer<'_, 'tcx> {
    /// Describes the vtable at an address, once.
    pub fn vtable(
        &mut self,
        of: Ty<'tcx>,
        of_trait: Option<ExistentialTraitRef<'tcx>>,
        at: Address,
    ) {
        let is_known = self.types.vtables.contains_key(&(of, of_trait));
        if is_known || !level::has_variables(self.tcx.sess) {
            return;
        }
        let its_type = self.vtable_type(of, of_trait);
        self.types.vtables.insert((of, of_trait), its_type);
        let kind = VTableNameKind::GlobalVariable;
        let name = compute_debuginfo_vtable_name(self.tcx, of, of_trait, kind);
        let mut location = Expression::new();
        location.op_addr(at);
        Entry::at_root(self.unit, gimli::DW_TAG_variable)
            .name(&name)
            .of_type(its_type)
            .set(gimli::DW_AT_location, AttributeValue::Exprloc(location));
    }

    fn vtable_type(
        &mut self,
        of: Ty<'tcx>,
        of_trait: Option<ExistentialTraitRef<'tcx>>,
    ) -> gimli::write::UnitEntryId {
        let entries = match of_trait {
            Some(of_trait) => {
                let whole = of_trait.with_self_ty(self.tcx, of);
                self.tcx.vtable_entries(self.tcx.erase_and_anonymize_regions(whole))
            }
            None => TyCtxt::COMMON_VTABLE_ENTRIES,
        };
        let pointer = Ty::new_imm_ptr(self.tcx, self.tcx.types.unit);
        let size = self.layout(pointer).size;
        let kind = VTableNameKind::Type;
        let name = compute_debuginfo_vtable_name(self.tcx, of, of_trait, kind);
        let holder = self.type_of(of);
        let pointer_type = self.type_of(pointer);
        let number_type = self.type_of(self.tcx.types.usize);
        let id = Entry::at_root(self.unit, gimli::DW_TAG_structure_type)
            .set(gimli::DW_AT_containing_type, AttributeValue::UnitRef(holder))
            .name(&name)
            .flag(gimli::DW_AT_artificial)
            .number(gimli::DW_AT_byte_size, size.bytes() * entries.len() as u64)
            .number(gimli::DW_AT_alignment, self.tcx.data_layout.pointer_align().abi.bytes())
            .id();
        for (index, entry) in entries.iter().enumerate() {
            let (name, its_type) = match entry {
                ty::VtblEntry::MetadataDropInPlace => ("drop_in_place".to_owned(), pointer_type),
                ty::VtblEntry::MetadataSize => ("size".to_owned(), number_type),
                ty::VtblEntry::MetadataAlign => ("align".to_owned(), number_type),
                ty::VtblEntry::Method(_) => (format!("__method{index}"), pointer_type),
                ty::VtblEntry::TraitVPtr(_) => (format!("__super_trait_ptr{index}"), pointer_type),
                ty::VtblEntry::Vacant => continue,
            };
            Entry::new(self.unit, id, gimli::DW_TAG_member)
                .name(&name)
                .of_type(its_type)
                .number(gimli::DW_AT_data_member_location, size.bytes() * index as u64);
        }
        id
    }
}
