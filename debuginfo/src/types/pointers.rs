//! Pointers, thin and wide, and what only pointers lead to.

use gimli::write::UnitEntryId;
use rustc_codegen_ssa::debuginfo::type_names::compute_debuginfo_type_name;
use rustc_hir::def_id::DefId;
use rustc_middle::bug;
use rustc_middle::ty::layout::{WIDE_PTR_ADDR, WIDE_PTR_EXTRA};
use rustc_middle::ty::{self, Ty, TypingEnv};

use super::Describer;
use super::members::Member;
use crate::entry::Entry;

/// What a wide pointer has beside the address.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    Length,
    Vtable,
}

impl<'tcx> Describer<'_, 'tcx> {
    pub(super) fn pointer(&mut self, of: Ty<'tcx>, to: Ty<'tcx>) -> UnitEntryId {
        let name = compute_debuginfo_type_name(self.tcx, of, true);
        let Some(beside) = self.beside(to) else {
            let id = Entry::at_root(self.unit, gimli::DW_TAG_pointer_type).name(&name).id();
            self.remember(of, id);
            let to = self.type_of(to);
            Entry::of(self.unit, id).of_type(to);
            return id;
        };
        // As stock: a box's fields are not a pointer's.
        let laid_out = if of.is_box() { Ty::new_mut_ptr(self.tcx, to) } else { of };
        let layout = self.layout(laid_out);
        let id = self.structure_entry(None, &name, self.layout(of));
        self.remember(of, id);
        let to = self.type_of(to);
        let address = Entry::at_root(self.unit, gimli::DW_TAG_pointer_type).of_type(to).id();
        let layouts = self.layouts();
        let [first, second] = [WIDE_PTR_ADDR, WIDE_PTR_EXTRA].map(|at| layout.field(&layouts, at));
        let names = match beside {
            Beside::Length => ["data_ptr", "length"],
            Beside::Vtable => ["pointer", "vtable"],
        };
        let extra = self.type_of(second.ty);
        let offset = |at: usize| layout.fields.offset(at);
        let first = Member::new(names[0], first, offset(WIDE_PTR_ADDR));
        self.member_of(id, &first, address);
        let second = Member::new(names[1], second, offset(WIDE_PTR_EXTRA));
        self.member_of(id, &second, extra);
        id
    }

    /// What a pointer to a type has beside the address; nothing where the type's size is known.
    fn beside(&self, to: Ty<'tcx>) -> Option<Beside> {
        let tail = self.tcx.struct_tail_for_codegen(to, TypingEnv::fully_monomorphized());
        if self.layout(tail).is_sized() {
            return None;
        }
        match tail.kind() {
            ty::Str | ty::Slice(_) => Some(Beside::Length),
            ty::Dynamic(..) => Some(Beside::Vtable),
            ty::Foreign(_) => None,
            _ => bug!("a pointer to {to:?}, whose tail is {tail:?}"),
        }
    }

    /// A pointer to a function, or the type of a function itself, which has no bytes.
    pub(super) fn function_pointer(&mut self, of: Ty<'tcx>) -> UnitEntryId {
        let name = compute_debuginfo_type_name(self.tcx, of, false);
        let id = Entry::at_root(self.unit, gimli::DW_TAG_pointer_type).name(&name).id();
        // A function can return itself.
        self.remember(of, id);
        let signature = self.tcx.normalize_erasing_late_bound_regions(
            TypingEnv::fully_monomorphized(),
            of.fn_sig(self.tcx),
        );
        let function = Entry::at_root(self.unit, gimli::DW_TAG_subroutine_type)
            .flag(gimli::DW_AT_prototyped)
            .id();
        if !signature.output().is_unit() {
            let output = self.type_of(signature.output());
            Entry::of(self.unit, function).of_type(output);
        }
        for &input in signature.inputs() {
            let input = self.type_of(input);
            Entry::new(self.unit, function, gimli::DW_TAG_formal_parameter).of_type(input);
        }
        Entry::of(self.unit, id).of_type(function);
        if matches!(of.kind(), ty::FnDef(..)) {
            Entry::of(self.unit, id).number(gimli::DW_AT_byte_size, 0);
        }
        id
    }

    /// What is in a trait object is not known: an empty structure with its name.
    pub(super) fn trait_object(&mut self, of: Ty<'tcx>) -> UnitEntryId {
        let name = compute_debuginfo_type_name(self.tcx, of, true);
        self.structure_entry(None, &name, self.layout(of))
    }

    pub(super) fn foreign(&mut self, of: Ty<'tcx>, item: DefId) -> UnitEntryId {
        let name = compute_debuginfo_type_name(self.tcx, of, false);
        let around = self.namespace_of(item);
        self.structure_entry(Some(around), &name, self.layout(of))
    }
}
