//! Structs, unions, tuples and closures.

use gimli::write::UnitEntryId;
use rustc_abi::Size;
use rustc_codegen_ssa::debuginfo::type_names::compute_debuginfo_type_name;
use rustc_hir::def::CtorKind;
use rustc_hir::def_id::DefId;
use rustc_middle::bug;
use rustc_middle::ty::{self, AdtDef, CoroutineArgsExt, Ty};

use super::Describer;
use super::members::{Member, numbered, visibility};
use crate::entry::Entry;

impl<'tcx> Describer<'_, 'tcx> {
    pub(super) fn structure(&mut self, of: Ty<'tcx>, definition: AdtDef<'tcx>) -> UnitEntryId {
        let item = definition.did();
        let layout = self.layout(of);
        let layouts = self.layouts();
        let id = self.defined(gimli::DW_TAG_structure_type, of, item);
        let access = visibility(self.tcx, item, item);
        Entry::of(self.unit, id).seen_by(access);
        let variant = definition.non_enum_variant();
        let has_numbers = variant.ctor_kind() == Some(CtorKind::Fn);
        for (index, field) in variant.fields.iter().enumerate() {
            let name = if has_numbers { numbered(index) } else { field.name.to_string() };
            let access = visibility(self.tcx, field.did, item);
            let member =
                Member::new(name, layout.field(&layouts, index), layout.fields.offset(index));
            self.member(id, &member.seen_by(access));
        }
        self.type_arguments(id, of);
        id
    }

    pub(super) fn union_type(&mut self, of: Ty<'tcx>, definition: AdtDef<'tcx>) -> UnitEntryId {
        let layout = self.layout(of);
        let layouts = self.layouts();
        let id = self.defined(gimli::DW_TAG_union_type, of, definition.did());
        for (index, field) in definition.non_enum_variant().fields.iter().enumerate() {
            let name = field.name.to_string();
            self.member(id, &Member::new(name, layout.field(&layouts, index), Size::ZERO));
        }
        self.type_arguments(id, of);
        id
    }

    pub(super) fn tuple(&mut self, of: Ty<'tcx>, elements: &[Ty<'tcx>]) -> UnitEntryId {
        let layout = self.layout(of);
        let name = compute_debuginfo_type_name(self.tcx, of, false);
        let id = self.structure_entry(None, &name, layout);
        self.remember(of, id);
        for (index, &element) in elements.iter().enumerate() {
            let offset = layout.fields.offset(index);
            self.member(id, &Member::new(numbered(index), self.layout(element), offset));
        }
        id
    }

    pub(super) fn closure(&mut self, of: Ty<'tcx>, item: DefId) -> UnitEntryId {
        let id = self.defined(gimli::DW_TAG_structure_type, of, item);
        self.captures(id, of);
        id
    }

    /// The captured variables of a closure or a coroutine, as members.
    pub(super) fn captures(&mut self, id: UnitEntryId, of: Ty<'tcx>) {
        let (item, captured) = match of.kind() {
            ty::Coroutine(item, arguments) => (*item, arguments.as_coroutine().prefix_tys()),
            ty::Closure(item, arguments) => (*item, arguments.as_closure().upvar_tys()),
            ty::CoroutineClosure(item, arguments) => {
                (*item, arguments.as_coroutine_closure().upvar_tys())
            }
            _ => bug!("{of:?} captures nothing"),
        };
        let layout = self.layout(of);
        let names = self.tcx.closure_saved_names_of_captured_variables(item);
        for (index, (captured, name)) in captured.iter().zip(names).enumerate() {
            let name = name.to_string();
            let offset = layout.fields.offset(index);
            self.member(id, &Member::new(name, self.layout(captured), offset));
        }
    }

    pub(super) fn unsafe_binder(&mut self, of: Ty<'tcx>, inner: Ty<'tcx>) -> UnitEntryId {
        let name = compute_debuginfo_type_name(self.tcx, of, true);
        let id = self.structure_entry(None, &name, self.layout(of));
        self.remember(of, id);
        self.member(id, &Member::new("inner", self.layout(inner), Size::ZERO));
        id
    }

    /// The entry of a type that has a definition, without what is in it.
    pub(super) fn defined(&mut self, tag: gimli::DwTag, of: Ty<'tcx>, item: DefId) -> UnitEntryId {
        let name = compute_debuginfo_type_name(self.tcx, of, false);
        let around = self.namespace_of(item);
        let id = self.sized_entry(tag, Some(around), &name, self.layout(of));
        self.remember(of, id);
        id
    }
}
