//! Structures and their members.

use std::borrow::Cow;

use gimli::constants::DwAccess;
use gimli::write::UnitEntryId;
use rustc_abi::Size;
use rustc_hir::def_id::DefId;
use rustc_middle::ty::layout::TyAndLayout;
use rustc_middle::ty::{self, Ty, TyCtxt, TypingEnv, Visibility};

use super::Describer;
use crate::entry::Entry;

/// A member of a structure.
pub(super) struct Member<'a, 'tcx> {
    name: Cow<'a, str>,
    layout: TyAndLayout<'tcx>,
    offset: Size,
    access: Option<DwAccess>,
}

impl<'a, 'tcx> Member<'a, 'tcx> {
    pub(super) fn new(
        name: impl Into<Cow<'a, str>>,
        layout: TyAndLayout<'tcx>,
        offset: Size,
    ) -> Member<'a, 'tcx> {
        Member { name: name.into(), layout, offset, access: None }
    }

    pub(super) fn seen_by(mut self, access: DwAccess) -> Member<'a, 'tcx> {
        self.access = Some(access);
        self
    }
}

/// Who may see an item, in the terms of DWARF: everybody, the module of the type that it belongs to, or others.
pub(crate) fn visibility(tcx: TyCtxt<'_>, item: DefId, of_type: DefId) -> DwAccess {
    match tcx.visibility(item) {
        Visibility::Public => gimli::DW_ACCESS_public,
        Visibility::Restricted(module) if module == tcx.parent(of_type) => gimli::DW_ACCESS_private,
        Visibility::Restricted(_) => gimli::DW_ACCESS_protected,
    }
}

/// The name of a member that has only a number.
pub(super) fn numbered(index: usize) -> String {
    format!("__{index}")
}

impl<'tcx> Describer<'_, 'tcx> {
    /// A structure without its members.
    pub(super) fn structure_entry(
        &mut self,
        around: Option<UnitEntryId>,
        name: &str,
        layout: TyAndLayout<'tcx>,
    ) -> UnitEntryId {
        self.sized_entry(gimli::DW_TAG_structure_type, around, name, layout)
    }

    /// A type with a size and an alignment.
    pub(super) fn sized_entry(
        &mut self,
        tag: gimli::DwTag,
        around: Option<UnitEntryId>,
        name: &str,
        layout: TyAndLayout<'tcx>,
    ) -> UnitEntryId {
        let around = around.unwrap_or_else(|| self.unit.dwarf().unit.root());
        Entry::new(self.unit, around, tag)
            .name(name)
            .number(gimli::DW_AT_byte_size, layout.size.bytes())
            .number(gimli::DW_AT_alignment, layout.align.abi.bytes())
            .id()
    }

    /// A member, and the type that it has.
    pub(super) fn member(&mut self, of: UnitEntryId, member: &Member<'_, 'tcx>) -> UnitEntryId {
        let its_type = self.type_of(member.layout.ty);
        self.member_of(of, member, its_type)
    }

    /// A member of a type that is described elsewhere.
    pub(super) fn member_of(
        &mut self,
        of: UnitEntryId,
        member: &Member<'_, 'tcx>,
        its_type: UnitEntryId,
    ) -> UnitEntryId {
        let entry = Entry::new(self.unit, of, gimli::DW_TAG_member)
            .name(&member.name)
            .of_type(its_type)
            .number(gimli::DW_AT_alignment, member.layout.align.abi.bytes())
            .number(gimli::DW_AT_data_member_location, member.offset.bytes());
        match member.access {
            Some(access) => entry.seen_by(access).id(),
            None => entry.id(),
        }
    }

    /// The arguments of a generic type. As stock, only those of structs, unions and variants of enums.
    pub(super) fn type_arguments(&mut self, of: UnitEntryId, generic: Ty<'tcx>) {
        if let ty::Adt(definition, arguments) = *generic.kind() {
            self.template_parameters(of, definition.did(), arguments);
        }
    }

    /// The type arguments of an item.
    pub(crate) fn template_parameters(
        &mut self,
        of: UnitEntryId,
        item: DefId,
        arguments: ty::GenericArgsRef<'tcx>,
    ) {
        if arguments.types().next().is_none() {
            return;
        }
        let names = parameter_names(self.tcx, item);
        for (argument, name) in arguments.iter().zip(names) {
            let Some(argument) = argument.as_type() else { continue };
            let env = TypingEnv::fully_monomorphized();
            let argument = self.tcx.normalize_erasing_regions(env, argument);
            let argument = self.type_of(argument);
            Entry::new(self.unit, of, gimli::DW_TAG_template_type_parameter)
                .of_type(argument)
                .name(name.as_str());
        }
    }

    /// The namespace that an item is in.
    pub(crate) fn namespace_of(&mut self, item: DefId) -> UnitEntryId {
        self.unit.namespace(self.tcx, self.tcx.parent(item))
    }
}

fn parameter_names(tcx: TyCtxt<'_>, item: DefId) -> Vec<rustc_span::Symbol> {
    let generics = tcx.generics_of(item);
    let mut names = generics.parent.map_or_else(Vec::new, |parent| parameter_names(tcx, parent));
    names.extend(generics.own_params.iter().map(|parameter| parameter.name));
    names
}
