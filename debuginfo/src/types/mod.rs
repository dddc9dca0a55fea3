//! Describes types.
//!
//! Mirrors `rustc_codegen_llvm/src/debuginfo/metadata.rs` (`type_di_node`), without what only Windows needs.

mod aggregates;
mod coroutines;
mod enums;
mod members;
mod pointers;
mod recursion;

use gimli::write::UnitEntryId;
use rustc_data_structures::fx::FxHashMap;
use rustc_data_structures::stack::ensure_sufficient_stack;
use rustc_hir::def_id::{CrateNum, DefId};
use rustc_middle::bug;
use rustc_middle::ty::layout::{LayoutCx, TyAndLayout};
use rustc_middle::ty::{
    self, EarlyBinder, ExistentialTraitRef, GenericArgsRef, Instance, Ty, TyCtxt, TypeFoldable,
    TypingEnv,
};

use crate::entry::Entry;
use crate::unit::Unit;

/// What a unit has described already.
#[derive(Default)]
pub struct Types<'tcx> {
    known: FxHashMap<Ty<'tcx>, UnitEntryId>,
    /// The types whose parts are being described.
    around: Vec<(DefId, GenericArgsRef<'tcx>)>,
    pub(crate) inlined: FxHashMap<Instance<'tcx>, UnitEntryId>,
    pub(crate) declared: FxHashMap<Instance<'tcx>, UnitEntryId>,
    /// Of other crates, whether they are the user's (`kept.rs`).
    pub(crate) users_own: FxHashMap<CrateNum, bool>,
    pub(crate) vtables: FxHashMap<(Ty<'tcx>, Option<ExistentialTraitRef<'tcx>>), UnitEntryId>,
}

/// Describes what a unit asks for.
pub struct Describer<'a, 'tcx> {
    pub(crate) unit: &'a mut dyn Unit,
    pub(crate) types: &'a mut Types<'tcx>,
    pub(crate) tcx: TyCtxt<'tcx>,
}

impl<'a, 'tcx> Describer<'a, 'tcx> {
    /// Describes into a unit.
    pub fn new(
        unit: &'a mut dyn Unit,
        types: &'a mut Types<'tcx>,
        tcx: TyCtxt<'tcx>,
    ) -> Describer<'a, 'tcx> {
        Describer { unit, types, tcx }
    }

    /// The entry of a type.
    pub fn type_of(&mut self, of: Ty<'tcx>) -> UnitEntryId {
        if let Some(&id) = self.types.known.get(&of) {
            return id;
        }
        // From pointer to pointer, a way through a program's types can be long.
        let id = ensure_sufficient_stack(|| self.describe(of));
        self.types.known.insert(of, id);
        id
    }

    fn describe(&mut self, of: Ty<'tcx>) -> UnitEntryId {
        match *of.kind() {
            ty::Never | ty::Bool | ty::Char | ty::Int(_) | ty::Uint(_) | ty::Float(_) => {
                self.basic(of)
            }
            ty::Tuple(elements) if elements.is_empty() => self.basic(of),
            ty::Tuple(elements) => self.tuple(of, elements),
            ty::Array(element, _) => self.array(of, element),
            // Behind a pointer, which has the length beside it. gdb cannot do with arrays of unknown length.
            ty::Slice(element) => self.type_of(element),
            ty::Str => self.type_of(self.tcx.types.u8),
            ty::Dynamic(..) => self.trait_object(of),
            ty::Foreign(item) => self.foreign(of, item),
            ty::RawPtr(to, _) | ty::Ref(_, to, _) => self.pointer(of, to),
            ty::Adt(definition, arguments)
                if definition.is_box()
                    && arguments
                        .get(1)
                        .is_none_or(|allocator| self.layout(allocator.expect_ty()).is_1zst()) =>
            {
                self.pointer(of, of.expect_boxed_ty())
            }
            ty::FnDef(..) | ty::FnPtr(..) => self.function_pointer(of),
            ty::Closure(item, _) | ty::CoroutineClosure(item, _) => self.closure(of, item),
            ty::Coroutine(item, arguments) => self.coroutine(of, item, arguments),
            ty::Adt(definition, arguments) => self.defined_type(of, definition, arguments),
            ty::Pat(base, _) => self.type_of(base),
            ty::UnsafeBinder(inner) => self.unsafe_binder(of, inner.skip_binder()),
            ty::Alias(..)
            | ty::Param(_)
            | ty::Bound(..)
            | ty::Infer(_)
            | ty::Placeholder(_)
            | ty::CoroutineWitness(..)
            | ty::Error(_) => bug!("debug information of the type {of:?}, which no value can have"),
        }
    }

    fn basic(&mut self, of: Ty<'tcx>) -> UnitEntryId {
        let (name, encoding) = match of.kind() {
            ty::Never => ("!", gimli::DW_ATE_unsigned),
            ty::Tuple(_) => ("()", gimli::DW_ATE_unsigned),
            ty::Bool => ("bool", gimli::DW_ATE_boolean),
            ty::Char => ("char", gimli::DW_ATE_UTF),
            ty::Int(int) => (int.name_str(), gimli::DW_ATE_signed),
            ty::Uint(uint) => (uint.name_str(), gimli::DW_ATE_unsigned),
            ty::Float(float) => (float.name_str(), gimli::DW_ATE_float),
            _ => bug!("{of:?} is no basic type"),
        };
        let size = self.layout(of).size.bytes();
        Entry::at_root(self.unit, gimli::DW_TAG_base_type)
            .name(name)
            .set(gimli::DW_AT_encoding, gimli::write::AttributeValue::Encoding(encoding))
            .number(gimli::DW_AT_byte_size, size)
            .id()
    }

    fn array(&mut self, of: Ty<'tcx>, element: Ty<'tcx>) -> UnitEntryId {
        let ty::Array(_, length) = of.kind() else { bug!("{of:?} is no array") };
        let length = length
            .try_to_target_usize(self.tcx)
            .unwrap_or_else(|| bug!("the length of {of:?} is not known in code generation"));
        let element = self.type_of(element);
        let index = self.unit.array_index();
        let id = Entry::at_root(self.unit, gimli::DW_TAG_array_type).of_type(element).id();
        Entry::new(self.unit, id, gimli::DW_TAG_subrange_type)
            .of_type(index)
            .number(gimli::DW_AT_lower_bound, 0)
            .number(gimli::DW_AT_count, length);
        id
    }

    /// Something of a function's body, for an instance of it.
    pub(crate) fn monomorphic<T: TypeFoldable<TyCtxt<'tcx>>>(
        &self,
        instance: Instance<'tcx>,
        of: T,
    ) -> T {
        instance.instantiate_mir_and_normalize_erasing_regions(
            self.tcx,
            TypingEnv::fully_monomorphized(),
            EarlyBinder::bind(of),
        )
    }

    /// Remembers a type before its parts are described, which may contain it.
    fn remember(&mut self, of: Ty<'tcx>, id: UnitEntryId) {
        self.types.known.insert(of, id);
    }

    pub(crate) fn layout(&self, of: Ty<'tcx>) -> TyAndLayout<'tcx> {
        let input = TypingEnv::fully_monomorphized().as_query_input(of);
        self.tcx.layout_of(input).unwrap_or_else(|error| bug!("the layout of {of:?}: {error:?}"))
    }

    pub(crate) fn layouts(&self) -> LayoutCx<'tcx> {
        LayoutCx::new(self.tcx, TypingEnv::fully_monomorphized())
    }
}
