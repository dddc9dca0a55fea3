//! How a relocation is written into a `CoroutineLayout`, and read back from one.
//!
//! `StateTransform` leaves the variant Unresumed empty. In a relocated coroutine it lists one saved local per
//! upvar, in capture order. The list is all that downstream crates get to know, from the crate's metadata, so
//! everything there is to say is said in fields that metadata has already:
//!
//! | what | how it is written |
//! |---|---|
//! | the coroutine is relocated | Unresumed has as many fields as there are upvars (stock: none) |
//! | where an upvar lies while Unresumed | the saved local that Unresumed lists: the upvar's *slot*, if it is saved |
//! | the slot has another name than the upvar | Unresumed lists an *alias* of the slot: a saved local in no other variant, with the upvar's name and the slot's source scope, which no third saved local has |
//! | the slot is a variable of the body | `ignore_for_traits` is not set (rustc sets it for pointers to statics, which are no upvars) |
//!
//! This module alone knows that. A change of it is a change of [`crate::guard::LAYOUT_VERSION`].

use rustc_abi::{FieldIdx, VariantIdx};
use rustc_data_structures::fx::FxHashMap;
use rustc_index::IndexVec;
use rustc_middle::mir::{
    CoroutineLayout, CoroutineSavedLocal, CoroutineSavedTy, SourceInfo, SourceScope,
};
use rustc_middle::ty::{CoroutineArgs, CoroutineArgsExt, GenericArgsRef, Ty};
use rustc_span::{DUMMY_SP, Symbol};

/// The variant of a coroutine that has not been resumed.
pub(crate) const UNRESUMED: VariantIdx = VariantIdx::from_usize(CoroutineArgs::UNRESUMED);

/// Whether a coroutine has been relocated. One without upvars is, too, as there is nothing to relocate: where its
/// crate may have stock's layouts, [`crate::layout::is_relocated`] says more.
pub(crate) fn is_relocated<'tcx>(info: &CoroutineLayout<'tcx>, args: GenericArgsRef<'tcx>) -> bool {
    info.variant_fields[UNRESUMED].len() == args.as_coroutine().upvar_tys().len()
}

/// Whether a coroutine has been relocated and has upvars.
pub(crate) fn has_relocated_upvars(info: &CoroutineLayout<'_>) -> bool {
    !info.variant_fields[UNRESUMED].is_empty()
}

/// The saved local that Unresumed lists for each upvar: it has the upvar's name.
pub(crate) fn named<'a>(
    info: &'a CoroutineLayout<'_>,
) -> &'a IndexVec<FieldIdx, CoroutineSavedLocal> {
    &info.variant_fields[UNRESUMED]
}

/// The slots of the upvars, and the saved locals that are other names of slots.
pub(crate) struct Slots {
    /// The saved local that each upvar is in the suspensions that save it; `None` if none does.
    pub(crate) of_upvars: IndexVec<FieldIdx, Option<CoroutineSavedLocal>>,
    /// For each saved local, the slot that it is an alias of.
    pub(crate) of_aliases: IndexVec<CoroutineSavedLocal, Option<CoroutineSavedLocal>>,
}

impl Slots {
    /// Reads them from the layout of a relocated coroutine.
    pub(crate) fn of(info: &CoroutineLayout<'_>) -> Slots {
        let scope = |local: CoroutineSavedLocal| info.field_tys[local].source_info.scope;
        let mut is_saved = IndexVec::from_elem(false, &info.field_tys);
        let mut by_scope = FxHashMap::default();
        for &local in info.variant_fields.iter().skip(UNRESUMED.as_usize() + 1).flatten() {
            if !std::mem::replace(&mut is_saved[local], true) {
                by_scope.entry(scope(local)).or_insert_with(Vec::new).push(local);
            }
        }
        let mut of_aliases = IndexVec::from_elem(None, &info.field_tys);
        let slot = |&local: &CoroutineSavedLocal| {
            let slot = match by_scope.get(&scope(local)).map(Vec::as_slice) {
                None => return None,
                Some(&[slot]) => slot,
                Some(several) => bug!("{several:?} have the source scope of one upvar: {info:?}"),
            };
            of_aliases[local] = (slot != local).then_some(slot);
            Some(slot)
        };
        let of_upvars = named(info).iter().map(slot).collect();
        Slots { of_upvars, of_aliases }
    }
}

/// Whether a saved local is a variable of the body: an upvar that is one, was moved to it immediately.
pub(crate) fn is_variable(info: &CoroutineLayout<'_>, local: CoroutineSavedLocal) -> bool {
    !info.field_tys[local].ignore_for_traits
}

/// Marks the slot of an upvar as a variable of the body, or as the pass's own.
///
/// Layouts are not where witnesses come from: here the flag is free.
pub(crate) fn mark_slot(
    info: &mut CoroutineLayout<'_>,
    slot: CoroutineSavedLocal,
    is_variable: bool,
) {
    info.field_tys[slot].ignore_for_traits = !is_variable;
}

/// Adds a saved local for an upvar that is not saved in any suspension.
pub(crate) fn add_unsaved<'tcx>(
    info: &mut CoroutineLayout<'tcx>,
    ty: Ty<'tcx>,
    scope: SourceScope,
) -> CoroutineSavedLocal {
    let source_info = SourceInfo { span: DUMMY_SP, scope };
    info.field_names.push(None);
    info.field_tys.push(CoroutineSavedTy { ty, source_info, ignore_for_traits: true })
}

/// The saved local that Unresumed is to list for an upvar in this slot, under the upvar's name: the slot itself,
/// or an alias where the slot has to keep the name that it has.
pub(crate) fn name_upvar(
    info: &mut CoroutineLayout<'_>,
    slot: CoroutineSavedLocal,
    name: Option<Symbol>,
    keeps_its_name: bool,
) -> CoroutineSavedLocal {
    let own_name = info.field_names[slot];
    if keeps_its_name && own_name.is_some() && own_name != name {
        let CoroutineSavedTy { ty, source_info, .. } = info.field_tys[slot];
        let alias = add_unsaved(info, ty, source_info.scope);
        info.field_names[alias] = name;
        return alias;
    }
    info.field_names[slot] = name;
    slot
}

/// Lists the saved locals of the upvars: from now on, the coroutine is relocated.
pub(crate) fn list_upvars(
    info: &mut CoroutineLayout<'_>,
    upvars: IndexVec<FieldIdx, CoroutineSavedLocal>,
) {
    info.variant_fields[UNRESUMED] = upvars;
}
