//! A coroutine's parts as lowering sees them: from `layout_of` and the type alone.
//!
//! Nothing here comes from what [`crate::layout`] thought while it made the layout; sizes are those
//! of the parts' own types, offsets those of the finished layout.

use rustc_abi::{FieldIdx, FieldsShape, VariantIdx, Variants};
use rustc_hir::def_id::DefId;
use rustc_index::IndexVec;
use rustc_middle::mir::{CoroutineLayout, CoroutineSavedLocal};
use rustc_middle::ty::layout::{LayoutCx, LayoutOf, TyAndLayout};
use rustc_middle::ty::print::with_no_trimmed_paths;
use rustc_middle::ty::{
    CoroutineArgs, CoroutineArgsExt, EarlyBinder, GenericArgsRef, Ty, TyCtxt, TypingEnv,
};
use rustc_span::Span;

use super::violation::Violation;
use crate::dialect::{Slots, UNRESUMED};

/// A size and an alignment, in bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) size: u64,
    pub(super) align: u64,
}

/// The bytes of a coroutine that a part of it has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Bytes {
    pub(super) start: u64,
    pub(super) end: u64,
}

impl Bytes {
    /// What has no bytes overlaps nothing.
    pub(super) fn overlap(self, other: Bytes) -> bool {
        self.start.max(other.start) < self.end.min(other.end)
    }
}

impl std::fmt::Display for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "bytes {}..{}", self.start, self.end)
    }
}

/// A coroutine type that is about to be lowered.
pub(super) struct Seen<'tcx> {
    pub(super) tcx: TyCtxt<'tcx>,
    pub(super) def_id: DefId,
    pub(super) info: &'tcx CoroutineLayout<'tcx>,
    pub(super) layout: TyAndLayout<'tcx>,
    /// The saved locals, by their own types.
    pub(super) saved: IndexVec<CoroutineSavedLocal, Extent>,
    /// The upvars, by their own types.
    pub(super) upvars: IndexVec<FieldIdx, Extent>,
    /// The saved local that each upvar is while the coroutine is suspended; `None` if it is not
    /// saved.
    pub(super) slots: IndexVec<FieldIdx, Option<CoroutineSavedLocal>>,
    /// Which saved local holds the value that another one stands for: the slot of the upvar that
    /// it is in Unresumed, else itself.
    pub(super) holders: IndexVec<CoroutineSavedLocal, CoroutineSavedLocal>,
}

impl<'tcx> Seen<'tcx> {
    /// Asks for the layouts of a coroutine type and its parts; `None` if one has none, which is
    /// reported elsewhere.
    pub(super) fn new(
        tcx: TyCtxt<'tcx>,
        def_id: DefId,
        args: GenericArgsRef<'tcx>,
    ) -> Option<Seen<'tcx>> {
        let typing_env = TypingEnv::fully_monomorphized();
        let cx = LayoutCx::new(tcx, typing_env);
        let extent = |ty: Ty<'tcx>| {
            let layout = cx.layout_of(ty).ok()?;
            Some(Extent { size: layout.size.bytes(), align: layout.align.abi.bytes() })
        };
        let info = tcx.coroutine_layout(def_id, args).ok()?;
        let saved = info.field_tys.iter().map(|field| {
            let ty = EarlyBinder::bind(field.ty);
            extent(tcx.instantiate_and_normalize_erasing_regions(args, typing_env, ty))
        });
        let saved = saved.collect::<Option<_>>()?;
        let upvars = args.as_coroutine().upvar_tys().iter().map(extent).collect::<Option<_>>()?;
        let layout = cx.layout_of(Ty::new_coroutine(tcx, def_id, args)).ok()?;
        let slots = Slots::of(info).of_upvars;
        let mut holders = IndexVec::from_fn_n(|local| local, info.field_tys.len());
        for (upvar, &slot) in slots.iter_enumerated() {
            let unresumed = info.variant_fields[UNRESUMED][upvar];
            holders[unresumed] = slot.unwrap_or(unresumed);
        }
        Some(Seen { tcx, def_id, info, layout, saved, upvars, slots, holders })
    }

    /// The offsets of a variant's fields, in bytes.
    fn variant(&self, variant: VariantIdx) -> &FieldsShape<FieldIdx> {
        let Variants::Multiple { variants, .. } = &self.layout.variants else {
            bug!("a coroutine has variants: {:?}", self.layout)
        };
        &variants[variant].fields
    }

    /// Whether the layout has the variants and fields of the coroutine, and no others.
    pub(super) fn has_all_parts(&self) -> bool {
        let Variants::Multiple { variants, .. } = &self.layout.variants else { return false };
        variants.len() == self.info.variant_fields.len()
            && self
                .info
                .variant_fields
                .iter_enumerated()
                .all(|(variant, fields)| self.variant(variant).count() == fields.len())
            && self.layout.fields.count() == self.upvars.len() + 1
    }

    /// Where an upvar lies as a field of the coroutine.
    pub(super) fn upvar(&self, upvar: FieldIdx) -> Bytes {
        let start = self.layout.fields.offset(upvar.as_usize()).bytes();
        Bytes { start, end: start.saturating_add(self.upvars[upvar].size) }
    }

    /// Where a saved local lies in a variant that has it as this field.
    pub(super) fn field(&self, variant: VariantIdx, field: FieldIdx) -> Bytes {
        let local = self.info.variant_fields[variant][field];
        let start = self.variant(variant).offset(field.as_usize()).bytes();
        Bytes { start, end: start.saturating_add(self.saved[local].size) }
    }

    /// Where the state is.
    pub(super) fn tag(&self) -> Bytes {
        let Variants::Multiple { tag, tag_field, .. } = &self.layout.variants else {
            bug!("a coroutine has a tag: {:?}", self.layout)
        };
        let start = self.layout.fields.offset(tag_field.as_usize()).bytes();
        Bytes { start, end: start + tag.size(&self.tcx).bytes() }
    }

    /// All fields of all variants, with the saved locals that they are.
    pub(super) fn fields(
        &self,
    ) -> impl Iterator<Item = (VariantIdx, FieldIdx, CoroutineSavedLocal)> {
        self.info.variant_fields.iter_enumerated().flat_map(|(variant, fields)| {
            fields.iter_enumerated().map(move |(field, &local)| (variant, field, local))
        })
    }

    /// Where each saved local lies: in the first variant that has it.
    pub(super) fn places(&self) -> IndexVec<CoroutineSavedLocal, Option<Bytes>> {
        let mut places = IndexVec::from_elem(None, &self.saved);
        for (variant, field, local) in self.fields() {
            places[local].get_or_insert_with(|| self.field(variant, field));
        }
        places
    }

    /// The saved local that holds an upvar's value, before the first resume and after.
    pub(super) fn holder_of_upvar(&self, upvar: FieldIdx) -> CoroutineSavedLocal {
        self.holders[self.info.variant_fields[UNRESUMED][upvar]]
    }

    /// The coroutine's type, for messages.
    pub(super) fn name(&self) -> String {
        with_no_trimmed_paths!(self.layout.ty.to_string())
    }

    /// A saved local, for messages.
    pub(super) fn name_of(&self, local: CoroutineSavedLocal) -> String {
        match self.info.field_names[local] {
            Some(name) => format!("`{name}`"),
            None => {
                let ty = self.info.field_tys[local].ty;
                with_no_trimmed_paths!(format!("a temporary of type `{ty}`"))
            }
        }
    }

    /// A saved local and where it lies, for messages.
    pub(super) fn describe(&self, local: CoroutineSavedLocal) -> String {
        let mut places = self.fields().filter(|(_, _, other)| *other == local);
        match places.next() {
            Some((variant, field, _)) => {
                format!("{} ({})", self.name_of(local), self.field(variant, field))
            }
            None => self.name_of(local),
        }
    }

    /// Where in the source the coroutine is.
    pub(super) fn span(&self) -> Span {
        self.tcx.def_span(self.def_id)
    }

    /// A violation that belongs to no line in particular.
    pub(super) fn violation(&self, message: String) -> Violation {
        Violation { span: self.span(), message }
    }
}

/// The name of a variant, for messages.
pub(super) fn variant_name(variant: VariantIdx) -> String {
    CoroutineArgs::variant_name(variant).into_owned()
}
