//! What `StateTransform` makes of a coroutine's body: a resume function, and bodies that drop the coroutine.
//!
//! Mirrors `rustc_mir_transform/src/coroutine.rs`.

use rustc_abi::FieldIdx;
use rustc_middle::mir::{
    BasicBlock, Body, CoroutineLayout, CoroutineSavedLocal, Place, ProjectionElem, START_BLOCK,
    TerminatorKind,
};
use rustc_middle::ty::{self, CoroutineArgs, CoroutineArgsExt, TyCtxt};

/// The bodies that drop the coroutine.
pub(crate) fn dropping_bodies<'a, 'tcx>(
    body: &'a mut Body<'tcx>,
) -> impl Iterator<Item = &'a mut Body<'tcx>> {
    let coroutine = body.coroutine.as_mut().expect("the body of a coroutine");
    let drops = [
        &mut coroutine.coroutine_drop,
        &mut coroutine.coroutine_drop_async,
        &mut coroutine.coroutine_drop_proxy_async,
    ];
    drops.into_iter().flatten()
}

/// The block that the state switch at the top of the resume function enters from Unresumed.
pub(crate) fn unresumed_block(body: &Body<'_>) -> BasicBlock {
    match &body.basic_blocks[START_BLOCK].terminator().kind {
        TerminatorKind::SwitchInt { targets, .. } => {
            targets.target_for_value(CoroutineArgs::UNRESUMED as u128)
        }
        _ => START_BLOCK,
    }
}

/// A field of the coroutine whose body this is.
pub(crate) enum CoroutineField {
    /// An upvar, by its index in the captures.
    Upvar(FieldIdx),
    /// A saved local.
    Saved(CoroutineSavedLocal),
}

/// A body after `StateTransform`, and what the fields of its coroutine are.
#[derive(Clone, Copy)]
pub(crate) struct Transformed<'a, 'tcx> {
    pub(crate) tcx: TyCtxt<'tcx>,
    pub(crate) body: &'a Body<'tcx>,
    pub(crate) layout: &'a CoroutineLayout<'tcx>,
}

impl<'tcx> Transformed<'_, 'tcx> {
    /// The field that a place is, or is in.
    pub(crate) fn field(&self, place: &Place<'tcx>) -> Option<CoroutineField> {
        place.iter_projections().find_map(|(base, elem)| {
            let ProjectionElem::Field(field, _) = elem else { return None };
            let base = base.ty(&self.body.local_decls, self.tcx);
            let ty::Coroutine(..) = base.ty.kind() else { return None };
            Some(match base.variant_index {
                None => CoroutineField::Upvar(field),
                Some(variant) => CoroutineField::Saved(self.layout.variant_fields[variant][field]),
            })
        })
    }
}
