//! What there is to lay out: one coroutine type with the sizes of everything in it.

use rustc_abi::{
    FieldIdx, HasDataLayout, Integer, Primitive, Scalar, Size, VariantIdx, WrappingRange,
};
use rustc_index::IndexVec;
use rustc_middle::mir::{CoroutineLayout, CoroutineSavedLocal};
use rustc_middle::ty::layout::{HasTyCtxt, LayoutCx, LayoutError, LayoutOf, TyAndLayout};
use rustc_middle::ty::{EarlyBinder, GenericArgsRef, Ty};
use rustc_span::Symbol;
use rustc_span::def_id::DefId;
use snug_packing::{Item, Problem};

use super::placement::TooBig;
use crate::dialect::{self, Slots, UNRESUMED};

/// A relocated coroutine type and the layouts of its parts.
pub(crate) struct Coroutine<'tcx> {
    pub(crate) cx: LayoutCx<'tcx>,
    pub(crate) def_id: DefId,
    pub(crate) info: &'tcx CoroutineLayout<'tcx>,
    slots: Slots,
    /// The fields of each variant: saved locals, slots instead of their aliases.
    pub(crate) variants: IndexVec<VariantIdx, IndexVec<FieldIdx, CoroutineSavedLocal>>,
    /// The upvars, in capture order.
    pub(crate) upvars: IndexVec<FieldIdx, TyAndLayout<'tcx>>,
    /// The saved locals, each as `MaybeUninit<T>`.
    pub(crate) saved: IndexVec<CoroutineSavedLocal, TyAndLayout<'tcx>>,
    /// The state.
    pub(crate) tag: Scalar,
}

impl<'tcx> Coroutine<'tcx> {
    /// Lays out the parts.
    ///
    /// Errors and cycles come out as stock reports them: the body's own locals first, with the span
    /// of their declaration, then the upvars. (The pass's locals have no span.)
    pub(crate) fn new(
        cx: LayoutCx<'tcx>,
        def_id: DefId,
        args: GenericArgsRef<'tcx>,
        info: &'tcx CoroutineLayout<'tcx>,
    ) -> Result<Coroutine<'tcx>, &'tcx LayoutError<'tcx>> {
        let tcx = cx.tcx();
        let unresumed = dialect::named(info);
        let mut saved = IndexVec::from_elem(None, &info.field_tys);
        for (local, field) in info.field_tys.iter_enumerated() {
            if dialect::is_variable(info, local) || !unresumed.raw.contains(&local) {
                let ty = EarlyBinder::bind(field.ty).instantiate(tcx, args);
                let uninit = Ty::new_maybe_uninit(tcx, ty);
                saved[local] = Some(cx.spanned_layout_of(uninit, field.source_info.span)?);
            }
        }
        let mut upvars = IndexVec::new();
        for (ty, &local) in args.as_coroutine().upvar_tys().iter().zip(unresumed) {
            upvars.push(cx.layout_of(ty)?);
            saved[local] = Some(cx.layout_of(Ty::new_maybe_uninit(tcx, ty))?);
        }
        let saved = saved.into_iter().map(Option::unwrap).collect();
        let tag = tag(info.variant_fields.len());
        let mut variants = info.variant_fields.clone();
        let slots = Slots::of(info);
        for local in &mut variants[UNRESUMED] {
            *local = slots.of_aliases[*local].unwrap_or(*local);
        }
        Ok(Coroutine { cx, def_id, info, slots, variants, upvars, saved, tag })
    }

    /// The saved local that each upvar is while Unresumed.
    pub(crate) fn unresumed(&self) -> &IndexVec<FieldIdx, CoroutineSavedLocal> {
        &self.variants[UNRESUMED]
    }

    /// The name of an upvar.
    pub(crate) fn upvar_name(&self, field: FieldIdx) -> Option<Symbol> {
        self.info.field_names[dialect::named(self.info)[field]]
    }

    /// The variants other than Unresumed, and their fields.
    pub(crate) fn resumed_variants(
        &self,
    ) -> impl Iterator<Item = (VariantIdx, &IndexVec<FieldIdx, CoroutineSavedLocal>)> {
        self.variants.iter_enumerated().filter(|(variant, _)| *variant != UNRESUMED)
    }

    /// In how many suspensions a saved local is alive.
    pub(crate) fn suspensions(&self, local: CoroutineSavedLocal) -> usize {
        self.resumed_variants().filter(|(_, fields)| fields.raw.contains(&local)).count()
    }

    /// Whether a saved local is a variable of the body: an upvar that is one, was moved to it immediately.
    pub(crate) fn is_variable(&self, local: CoroutineSavedLocal) -> bool {
        dialect::is_variable(self.info, local)
    }

    /// Whether a saved local is another name for a slot, and nothing else.
    pub(crate) fn is_alias(&self, local: CoroutineSavedLocal) -> bool {
        self.slots.of_aliases[local].is_some()
    }

    /// The tag's index among all that has an offset: it comes after the saved locals.
    pub(crate) fn tag_item(&self) -> usize {
        self.saved.len()
    }

    /// The coroutine as a problem for the packing algorithm: the saved locals and the tag.
    pub(crate) fn problem(&self) -> Result<Problem, TooBig> {
        let dl = self.cx.data_layout();
        let item = |(local, layout): (_, &TyAndLayout<'tcx>)| match self.is_alias(local) {
            true => Item { size: 0, align: 1 },
            false => Item { size: layout.size.bytes(), align: layout.align.abi.bytes() },
        };
        let mut items: Vec<Item> = self.saved.iter_enumerated().map(item).collect();
        let tag = self.tag.primitive();
        items.push(Item { size: tag.size(dl).bytes(), align: tag.align(dl).abi.bytes() });
        let mut problem = Problem::new(items).expect("rustc's alignments are powers of two");
        problem.set_limit(dl.obj_size_bound() - 1);
        for fields in &self.variants {
            let mut together: Vec<usize> = fields.iter().map(|local| local.index()).collect();
            together.push(self.tag_item());
            problem.add_variant(&together).expect("variants name saved locals");
        }
        for row in self.info.storage_conflicts.rows() {
            for column in self.info.storage_conflicts.iter(row) {
                if row != column {
                    problem
                        .add_conflict(row.index(), column.index())
                        .expect("conflicts name saved locals");
                }
            }
        }
        Ok(problem)
    }

    /// The size of the tag, in bytes.
    pub(crate) fn tag_size(&self) -> Size {
        self.tag.size(self.cx.data_layout())
    }
}

/// The state's scalar: as small as the number of variants allows (`coroutine::layout` in
/// rustc_abi).
fn tag(variants: usize) -> Scalar {
    let end = (variants - 1) as u128;
    let value = Primitive::Int(Integer::fit_unsigned(end), false);
    Scalar::Initialized { value, valid_range: WrappingRange { start: 0, end } }
}
