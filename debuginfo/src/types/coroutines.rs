//! Coroutines: in debug information, an enum of their states.
//!
//! Mirrors `build_coroutine_di_node` and `build_coroutine_variant_struct_type_di_node` of rustc_codegen_llvm. Names of saved
//! locals and captured variables come from the same queries, so what `src/upvar_users/names.rs` does for LLVM holds here.

use gimli::write::UnitEntryId;
use rustc_abi::{FieldIdx, VariantIdx, Variants};
use rustc_hir::def_id::DefId;
use rustc_middle::bug;
use rustc_middle::mir::CoroutineLayout;
use rustc_middle::ty::layout::TyAndLayout;
use rustc_middle::ty::{CoroutineArgs, CoroutineArgsExt, GenericArgsRef, Ty, TyCtxt};

use super::Describer;
use super::enums::Variant;
use super::members::{Member, numbered};

impl<'tcx> Describer<'_, 'tcx> {
    pub(super) fn coroutine(
        &mut self,
        of: Ty<'tcx>,
        item: DefId,
        arguments: GenericArgsRef<'tcx>,
    ) -> UnitEntryId {
        let layout = self.layout(of);
        let id = self.defined(gimli::DW_TAG_structure_type, of, item);
        let saved = coroutine_layout(self.tcx, item, arguments);
        let Variants::Multiple { ref variants, .. } = layout.variants else {
            bug!("the coroutine {of:?} has one state")
        };
        let states = variants.indices().map(|index| {
            let span = saved.variant_source_info[index].span;
            let place = (!span.is_dummy()).then(|| self.unit.place(self.tcx, span, span));
            let fields = self.state(id, layout, saved, index);
            Variant { index, name: index.as_usize().to_string(), fields, place }
        });
        let states: Vec<Variant> = states.collect();
        self.variant_part(id, layout, &states);
        id
    }

    /// What a coroutine holds in a state: what is saved there, and what it has captured.
    fn state(
        &mut self,
        of: UnitEntryId,
        layout: TyAndLayout<'tcx>,
        saved: &CoroutineLayout<'tcx>,
        index: VariantIdx,
    ) -> UnitEntryId {
        let layouts = self.layouts();
        let fields = layout.for_variant(&layouts, index);
        let id = self.structure_entry(Some(of), &CoroutineArgs::variant_name(index), layout);
        for field in 0..fields.fields.count() {
            let local = saved.variant_fields[index][FieldIdx::from_usize(field)];
            let name = match saved.field_names[local] {
                Some(name) => name.to_string(),
                None => numbered(field),
            };
            let offset = fields.fields.offset(field);
            self.member(id, &Member::new(name, fields.field(&layouts, field), offset));
        }
        self.captures(id, layout.ty);
        id
    }
}

fn coroutine_layout<'tcx>(
    tcx: TyCtxt<'tcx>,
    item: DefId,
    arguments: GenericArgsRef<'tcx>,
) -> &'tcx CoroutineLayout<'tcx> {
    tcx.coroutine_layout(item, arguments)
        .unwrap_or_else(|error| bug!("the layout of the coroutine {item:?}: {error:?}"))
}
