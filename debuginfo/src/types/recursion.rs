//! Types that grow without end: `struct Expanding<T> { next: *const Expanding<(T, T)> }`.
//!
//! Mirrors `build_type_with_children` of `rustc_codegen_llvm/src/debuginfo/metadata/type_map.rs`.

use gimli::write::UnitEntryId;
use rustc_hir::def_id::DefId;
use rustc_middle::ty::{AdtDef, AdtKind, GenericArgsRef, Ty};

use super::Describer;

impl<'tcx> Describer<'_, 'tcx> {
    /// A struct, a union or an enum. One that a type with the same definition is described for, and whose arguments contain that
    /// type's, is left empty: the next one would be larger still.
    pub(super) fn defined_type(
        &mut self,
        of: Ty<'tcx>,
        definition: AdtDef<'tcx>,
        arguments: GenericArgsRef<'tcx>,
    ) -> UnitEntryId {
        let item = definition.did();
        if self.expands(item, arguments) {
            let tag = match definition.adt_kind() {
                AdtKind::Struct | AdtKind::Enum => gimli::DW_TAG_structure_type,
                AdtKind::Union => gimli::DW_TAG_union_type,
            };
            return self.defined(tag, of, item);
        }
        self.types.around.push((item, arguments));
        let id = match definition.adt_kind() {
            AdtKind::Struct => self.structure(of, definition),
            AdtKind::Union => self.union_type(of, definition),
            AdtKind::Enum => self.enumeration(of, definition),
        };
        self.types.around.pop();
        id
    }

    fn expands(&self, item: DefId, arguments: GenericArgsRef<'tcx>) -> bool {
        let around = &self.types.around;
        // The type itself is not on the list yet; stock leaves the one around it out as well.
        let outer = around.iter().enumerate().rev().skip(1);
        outer.filter(|(_, (definition, _))| *definition == item).any(|(index, (_, outer))| {
            let pairs = arguments.iter().zip(outer.iter());
            pairs.filter_map(|(inner, outer)| inner.as_type().zip(outer.as_type())).any(
                |(inner, outer)| {
                    let contains = |(_, between): &(DefId, GenericArgsRef<'tcx>)| {
                        between
                            .iter()
                            .filter_map(|argument| argument.as_type())
                            .any(|argument| argument.contains(outer))
                    };
                    inner != outer
                        && inner.contains(outer)
                        && around[index + 1..].iter().all(contains)
                },
            )
        })
    }
}
