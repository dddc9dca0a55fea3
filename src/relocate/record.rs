//! Writes the result of a relocation into the body's `CoroutineLayout`.
//!
//! `StateTransform` leaves the variant Unresumed empty. Here it gets one saved local per upvar, in
//! capture order: the upvar's own slot where the upvar is saved, else a saved local of its own.
//! [`crate::layout`] reads the list, and so do downstream crates, from this crate's metadata.
//!
//! What is written on the way from Unresumed to the last relocation must not overlap any upvar:
//! drop flags are initialised first, and `StateTransform` saves the resume argument at the very
//! start. They are looked for in the final MIR, not guessed by their types.

use rustc_abi::{FieldIdx, VariantIdx};
use rustc_data_structures::fx::{FxIndexMap, FxIndexSet};
use rustc_index::IndexVec;
use rustc_index::bit_set::BitMatrix;
use rustc_middle::mir::visit::{PlaceContext, Visitor};
use rustc_middle::mir::{
    BasicBlock, Body, CoroutineLayout, CoroutineSavedLocal, CoroutineSavedTy, Location, Place,
    ProjectionElem, START_BLOCK, SourceInfo, Statement, StatementKind, TerminatorKind,
};
use rustc_middle::ty::{self, CoroutineArgs, CoroutineArgsExt, TyCtxt};
use rustc_span::DUMMY_SP;

use super::names;
use super::plan::{Home, Plan};

/// The variant of a coroutine that has not been resumed.
pub(crate) const UNRESUMED: VariantIdx = VariantIdx::from_usize(CoroutineArgs::UNRESUMED);

/// Rewrites the body's `CoroutineLayout`.
pub(super) fn record<'tcx>(tcx: TyCtxt<'tcx>, body: &mut Body<'tcx>, plan: &Plan<'tcx>) {
    let Some(mut layout) = body.coroutine.as_mut().and_then(|c| c.coroutine_layout.take()) else {
        return;
    };
    let written = written_before_last_relocation(tcx, body, &layout, plan);
    let upvars = add_upvars(tcx, &mut layout, plan);
    layout.storage_conflicts = with_conflicts(&layout, &upvars, &written, plan);
    layout.variant_fields[UNRESUMED] = upvars;
    body.coroutine.as_mut().unwrap().coroutine_layout = Some(layout);
}

/// One saved local per upvar: its slot, or a new one.
fn add_upvars<'tcx>(
    tcx: TyCtxt<'tcx>,
    layout: &mut CoroutineLayout<'tcx>,
    plan: &Plan<'tcx>,
) -> IndexVec<FieldIdx, CoroutineSavedLocal> {
    let slots: FxIndexMap<_, _> = layout
        .field_tys
        .iter_enumerated()
        .map(|(saved, field)| (field.source_info.scope, saved))
        .collect();
    let names = names::capture_names(tcx, plan.coroutine);
    let mut upvars = IndexVec::new();
    for (field, upvar) in plan.upvars.iter_enumerated() {
        let saved = match slots.get(&upvar.scope) {
            Some(&slot) => slot,
            None => {
                let source_info = SourceInfo { span: DUMMY_SP, scope: upvar.scope };
                let ty = CoroutineSavedTy { ty: upvar.ty, source_info, ignore_for_traits: false };
                layout.field_names.push(None);
                layout.field_tys.push(ty)
            }
        };
        let is_bound = matches!(upvar.home, Home::Bound(_));
        if !is_bound || layout.field_names[saved].is_none() {
            layout.field_names[saved] = names.get(field).copied();
        }
        // Layouts are not where witnesses come from: here the flag is free, and tells downstream
        // crates which locals are the pass's own (see `Coroutine::is_of_body`).
        layout.field_tys[saved].ignore_for_traits = !is_bound;
        if upvar.local().is_none() {
            live_in_every_suspension(layout, saved);
        }
        upvars.push(saved);
    }
    upvars
}

/// An upvar that stays in place is alive for as long as stock keeps it.
fn live_in_every_suspension(layout: &mut CoroutineLayout<'_>, saved: CoroutineSavedLocal) {
    for fields in layout.variant_fields.iter_mut().skip(CoroutineArgs::RESERVED_VARIANTS) {
        fields.push(saved);
    }
}

/// The conflict matrix with rows for the new saved locals and with what the prologue adds.
fn with_conflicts(
    layout: &CoroutineLayout<'_>,
    upvars: &IndexVec<FieldIdx, CoroutineSavedLocal>,
    written: &FxIndexSet<CoroutineSavedLocal>,
    plan: &Plan<'_>,
) -> BitMatrix<CoroutineSavedLocal, CoroutineSavedLocal> {
    let count = layout.field_tys.len();
    let mut conflicts = BitMatrix::new(count, count);
    for row in layout.storage_conflicts.rows() {
        for column in layout.storage_conflicts.iter(row) {
            conflicts.insert(row, column);
        }
    }
    let mut add = |a, b| {
        if a != b {
            conflicts.insert(a, b);
            conflicts.insert(b, a);
        }
    };
    for (field, &upvar) in upvars.iter_enumerated() {
        for &other in upvars {
            add(upvar, other);
        }
        for &other in written {
            add(upvar, other);
        }
        if plan.upvars[field].local().is_none() {
            for other in layout.field_tys.indices() {
                add(upvar, other);
            }
        }
    }
    conflicts
}

/// A field of the coroutine whose body this is.
enum Field {
    /// An upvar, by its index in the captures.
    Upvar(FieldIdx),
    /// A saved local.
    Saved(CoroutineSavedLocal),
}

/// The resume function of a coroutine, and what its fields are.
#[derive(Clone, Copy)]
struct Resume<'a, 'tcx> {
    tcx: TyCtxt<'tcx>,
    body: &'a Body<'tcx>,
    layout: &'a CoroutineLayout<'tcx>,
}

impl<'tcx> Resume<'_, 'tcx> {
    /// The field that a place is, or is in.
    fn field(&self, place: &Place<'tcx>) -> Option<Field> {
        place.iter_projections().find_map(|(base, elem)| {
            let ProjectionElem::Field(field, _) = elem else { return None };
            let base = base.ty(&self.body.local_decls, self.tcx);
            let ty::Coroutine(..) = base.ty.kind() else { return None };
            Some(match base.variant_index {
                None => Field::Upvar(field),
                Some(variant) => Field::Saved(self.layout.variant_fields[variant][field]),
            })
        })
    }

    /// The saved local that a statement assigns.
    fn written_by(&self, statement: &Statement<'tcx>) -> Option<CoroutineSavedLocal> {
        let StatementKind::Assign(box (place, _)) = &statement.kind else { return None };
        match self.field(place)? {
            Field::Saved(saved) => Some(saved),
            Field::Upvar(_) => None,
        }
    }
}

/// The saved locals that are assigned on the way from Unresumed up to the last relocation.
fn written_before_last_relocation<'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &Body<'tcx>,
    layout: &CoroutineLayout<'tcx>,
    plan: &Plan<'tcx>,
) -> FxIndexSet<CoroutineSavedLocal> {
    let resume = Resume { tcx, body, layout };
    let mut reads = UpvarReads { resume, plan, locations: Vec::new() };
    reads.visit_body(body);
    let mut pending = FxIndexSet::default();
    let mut written = FxIndexSet::default();
    let mut found = 0;
    let mut block = Some(unresumed_block(body));
    while let Some(current) = block
        && found < reads.locations.len()
    {
        let data = &body.basic_blocks[current];
        for (statement_index, statement) in data.statements.iter().enumerate() {
            if let Some(saved) = resume.written_by(statement) {
                pending.insert(saved);
            }
            if reads.locations.contains(&Location { block: current, statement_index }) {
                found += 1;
                written.extend(pending.drain(..));
            }
        }
        block = match data.terminator().kind {
            TerminatorKind::Goto { target } => Some(target),
            _ => None,
        };
    }
    if found != reads.locations.len() {
        span_bug!(
            body.span,
            "{} of {} relocations of {:?} are not on the straight way from Unresumed",
            reads.locations.len() - found,
            reads.locations.len(),
            plan.coroutine,
        );
    }
    written
}

/// The block that the state switch at the top of the resume function enters from Unresumed.
fn unresumed_block(body: &Body<'_>) -> BasicBlock {
    match &body.basic_blocks[START_BLOCK].terminator().kind {
        TerminatorKind::SwitchInt { targets, .. } => {
            targets.target_for_value(CoroutineArgs::UNRESUMED as u128)
        }
        _ => START_BLOCK,
    }
}

/// Finds the statements that read a relocated upvar from the captures: the relocations, if all is
/// well.
struct UpvarReads<'a, 'tcx> {
    resume: Resume<'a, 'tcx>,
    plan: &'a Plan<'tcx>,
    locations: Vec<Location>,
}

impl<'tcx> Visitor<'tcx> for UpvarReads<'_, 'tcx> {
    fn visit_place(&mut self, place: &Place<'tcx>, context: PlaceContext, location: Location) {
        if context.is_use()
            && let Some(Field::Upvar(field)) = self.resume.field(place)
            && self.plan.upvars[field].local().is_some()
        {
            self.locations.push(location);
        }
    }
}
