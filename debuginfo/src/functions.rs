//! Describes functions.
//!
//! Mirrors `dbg_scope_fn` of `rustc_codegen_llvm/src/debuginfo/mod.rs`: a method of a type is declared in the type and defined at
//! the unit's root; every other function is in the namespace of what it is in.

use gimli::Register;
use gimli::write::{AttributeValue, Expression, UnitEntryId};
use rustc_codegen_ssa::debuginfo::type_names;
use rustc_hir::def_id::DefId;
use rustc_middle::ty::{self, GenericArgsRef, Instance, Ty, TypeVisitableExt, TypingEnv};
use rustc_target::callconv::FnAbi;

use crate::entry::Entry;
use crate::level;
use crate::types::Describer;

impl<'tcx> Describer<'_, 'tcx> {
    /// The entry of a function that has code here. Variables are found from `frame`, the stack pointer.
    pub fn function(
        &mut self,
        instance: Instance<'tcx>,
        abi: &FnAbi<'tcx, Ty<'tcx>>,
        symbol: &str,
        frame: Register,
    ) -> UnitEntryId {
        let id = self.described(instance, Some(abi), symbol);
        let mut base = Expression::new();
        base.op_reg(frame);
        Entry::of(self.unit, id).set(gimli::DW_AT_frame_base, AttributeValue::Exprloc(base));
        id
    }

    /// The entry of a function that is inlined somewhere, which all those places share.
    pub(crate) fn inlined_function(&mut self, instance: Instance<'tcx>) -> UnitEntryId {
        if let Some(&id) = self.types.inlined.get(&instance) {
            return id;
        }
        let symbol = self.tcx.symbol_name(instance).name;
        let id = self.described(instance, None, symbol);
        let inlined = AttributeValue::Inline(gimli::DW_INL_inlined);
        Entry::of(self.unit, id).set(gimli::DW_AT_inline, inlined);
        self.types.inlined.insert(instance, id);
        id
    }

    fn described(
        &mut self,
        instance: Instance<'tcx>,
        abi: Option<&FnAbi<'tcx, Ty<'tcx>>>,
        symbol: &str,
    ) -> UnitEntryId {
        if !level::has_declarations(self.tcx.sess) {
            let name = self.name_of(instance);
            return named(Entry::at_root(self.unit, gimli::DW_TAG_subprogram), &name, symbol).id();
        }
        let with_types = level::has_variables(self.tcx.sess);
        let id = match self.inherent_type(instance) {
            Some((of, _)) if with_types && !of.has_param() => {
                let declaration = self.declaration(instance, of, symbol);
                let specification = AttributeValue::UnitRef(declaration);
                Entry::at_root(self.unit, gimli::DW_TAG_subprogram)
                    .set(gimli::DW_AT_specification, specification)
                    .id()
            }
            inherent => {
                let around = match inherent {
                    Some((_, definition)) => self.unit.namespace(self.tcx, definition),
                    None => self.namespace_of(instance.def_id()),
                };
                let id = Entry::new(self.unit, around, gimli::DW_TAG_subprogram).id();
                self.declare(id, instance, symbol);
                id
            }
        };
        if with_types {
            let root = self.tcx.typeck_root_def_id(instance.def_id());
            self.template_parameters(id, root, self.arguments(instance));
            if let Some(abi) = abi.filter(|abi| !abi.ret.is_ignore()) {
                let output = self.type_of(abi.ret.layout.ty);
                Entry::of(self.unit, id).of_type(output);
            }
        }
        if abi.is_some_and(|abi| abi.ret.layout.is_uninhabited()) {
            Entry::of(self.unit, id).flag(gimli::DW_AT_noreturn);
        }
        let entry = self.tcx.entry_fn(());
        if entry.is_some_and(|(entry, _)| entry == instance.def_id()) {
            Entry::of(self.unit, id).flag(gimli::DW_AT_main_subprogram);
        }
        id
    }

    /// The declaration of a method in its type.
    fn declaration(&mut self, instance: Instance<'tcx>, of: Ty<'tcx>, symbol: &str) -> UnitEntryId {
        if let Some(&id) = self.types.declared.get(&instance) {
            return id;
        }
        let around = self.type_of(of);
        let id = Entry::new(self.unit, around, gimli::DW_TAG_subprogram)
            .flag(gimli::DW_AT_declaration)
            .id();
        self.types.declared.insert(instance, id);
        self.declare(id, instance, symbol);
        id
    }

    /// Says what a function is called and where it is written.
    fn declare(&mut self, id: UnitEntryId, instance: Instance<'tcx>, symbol: &str) {
        let name = self.name_of(instance);
        // As `def_span` has it: the header.
        let span = self.tcx.def_span(instance.def_id());
        let place = self.unit.place(self.tcx, span, span);
        let is_external = self.tcx.is_reachable_non_generic(instance.def_id());
        let entry = named(Entry::of(self.unit, id), &name, symbol).declared(place);
        if is_external {
            entry.flag(gimli::DW_AT_external);
        }
    }

    fn name_of(&self, instance: Instance<'tcx>) -> String {
        let mut name = String::with_capacity(64);
        type_names::push_item_name(self.tcx, instance.def_id(), false, &mut name);
        let arguments = self.arguments(instance);
        let env = TypingEnv::fully_monomorphized();
        let arguments = self.tcx.normalize_erasing_regions(env, arguments);
        type_names::push_generic_args(self.tcx, arguments, &mut name);
        name
    }

    /// The arguments of the function that an instance is, or is in: a closure has more of its own.
    fn arguments(&self, instance: Instance<'tcx>) -> GenericArgsRef<'tcx> {
        let root = self.tcx.typeck_root_def_id(instance.def_id());
        instance.args.truncate_to(self.tcx, self.tcx.generics_of(root))
    }

    /// The type that a function is an inherent method of, and its definition, if debuggers know methods of such types.
    fn inherent_type(&self, instance: Instance<'tcx>) -> Option<(Ty<'tcx>, DefId)> {
        let implementation = self.tcx.inherent_impl_of_assoc(instance.def_id())?;
        let of = self.tcx.instantiate_and_normalize_erasing_regions(
            instance.args,
            TypingEnv::fully_monomorphized(),
            self.tcx.type_of(implementation),
        );
        match of.kind() {
            ty::Adt(definition, _) if !definition.is_box() => Some((of, definition.did())),
            _ => None,
        }
    }
}

/// Sets name and symbol. gdb skips functions without a name.
fn named<'a>(entry: Entry<'a>, name: &str, symbol: &str) -> Entry<'a> {
    let entry = entry.name(name);
    if name == symbol { entry } else { entry.text(gimli::DW_AT_linkage_name, symbol) }
}
