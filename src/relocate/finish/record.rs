//! Writes the result of a relocation into the body's `CoroutineLayout`.
//!
//! `StateTransform` leaves the variant Unresumed empty. Here it gets one saved local per upvar, in
//! capture order: the upvar's own slot where the upvar is saved, else a saved local of its own.
//! [`crate::layout`] reads the list, and so do downstream crates, from this crate's metadata.
//!
//! What is written on the way from Unresumed to the last relocation must not overlap any upvar:
//! drop flags are initialised first, and `StateTransform` saves the resume argument at the very
//! start. They are looked for in the final MIR, not guessed by their types.
//!
//! A slot may have another name than its upvar: that of the variable it became, or `__awaitee`. Then
//! Unresumed lists a *twin*, a saved local in the same source scope: it lies where the slot does, and has
//! the upvar's name.

use rustc_abi::{FieldIdx, VariantIdx};
use rustc_data_structures::fx::{FxIndexMap, FxIndexSet};
use rustc_index::IndexVec;
use rustc_index::bit_set::BitMatrix;
use rustc_middle::mir::visit::{PlaceContext, Visitor};
use rustc_middle::mir::{
    BasicBlock, Body, CoroutineLayout, CoroutineSavedLocal, CoroutineSavedTy, Location, Place,
    ProjectionElem, START_BLOCK, SourceInfo, SourceScope, Statement, StatementKind, TerminatorKind,
    VarDebugInfoContents,
};
use rustc_middle::ty::{self, CoroutineArgs, CoroutineArgsExt, Ty, TyCtxt};
use rustc_span::{DUMMY_SP, Symbol, sym};

use super::in_place::{self, Conflicts};
use super::unused;
use crate::relocate::promote::plan::Plan;
use crate::upvar_users::names;

/// The variant of a coroutine that has not been resumed.
pub(crate) const UNRESUMED: VariantIdx = VariantIdx::from_usize(CoroutineArgs::UNRESUMED);

/// Rewrites the body's `CoroutineLayout`, and then the body so that upvars are used where they lie.
pub(crate) fn record<'tcx>(tcx: TyCtxt<'tcx>, body: &mut Body<'tcx>, plan: Option<&Plan<'tcx>>) {
    let Some(mut layout) = body.coroutine.as_mut().and_then(|c| c.coroutine_layout.take()) else {
        return;
    };
    name_awaitees(tcx, body, &mut layout);
    if let Some(plan) = plan {
        record_upvars(tcx, body, &mut layout, plan);
    }
    body.coroutine.as_mut().unwrap().coroutine_layout = Some(layout);
    for drop in dropping_bodies(body) {
        unused::remove_unused_locals(tcx, drop);
    }
}

/// The bodies that drop the coroutine, which `StateTransform` made of its own.
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

/// What has become one with an awaitee (see [`crate::relocate::coalesce::awaitees`]) is shown as such: that is the name that
/// debuggers look for. rustc takes the first of a local's names.
fn name_awaitees<'tcx>(tcx: TyCtxt<'tcx>, body: &Body<'tcx>, layout: &mut CoroutineLayout<'tcx>) {
    for variable in body.var_debug_info.iter().filter(|variable| variable.name == sym::__awaitee) {
        if let VarDebugInfoContents::Place(place) = &variable.value
            && let Some(Field::Saved(saved)) = (Resume { tcx, body, layout }).field(place)
        {
            layout.field_names[saved] = Some(sym::__awaitee);
        }
    }
}

fn record_upvars<'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &mut Body<'tcx>,
    layout: &mut CoroutineLayout<'tcx>,
    plan: &Plan<'tcx>,
) {
    let slots = slots(layout, plan);
    let resume = Resume { tcx, body, layout };
    let written = written_before_last_relocation(resume, plan);
    let in_place = !crate::relocate::keeps_moves_for_lints(tcx);
    let unsaved =
        if in_place { in_place::find_unsaved(resume, plan, &slots) } else { Conflicts::default() };
    let upvars = add_upvars(layout, plan, &slots);
    let names = names::capture_names(tcx, plan.coroutine);
    let listed = upvars.iter_enumerated().map(|(field, &saved)| {
        let is_variable = plan.upvars[field].is_in_variable();
        list_as(layout, saved, names.get(field).copied(), is_variable)
    });
    layout.variant_fields[UNRESUMED] = listed.collect();
    layout.storage_conflicts = with_conflicts(layout, &upvars, &written, &unsaved, plan);
    if in_place {
        in_place::apply(tcx, body, layout, plan, &slots, &unsaved);
    }
}

/// The saved local that each upvar's local has become, if it has.
fn slots(
    layout: &CoroutineLayout<'_>,
    plan: &Plan<'_>,
) -> IndexVec<FieldIdx, Option<CoroutineSavedLocal>> {
    let by_scope: FxIndexMap<_, _> = layout
        .field_tys
        .iter_enumerated()
        .map(|(saved, field)| (field.source_info.scope, saved))
        .collect();
    plan.upvars.iter().map(|upvar| by_scope.get(&upvar.scope).copied()).collect()
}

/// One saved local per upvar: its slot, or a new one.
fn add_upvars<'tcx>(
    layout: &mut CoroutineLayout<'tcx>,
    plan: &Plan<'tcx>,
    slots: &IndexVec<FieldIdx, Option<CoroutineSavedLocal>>,
) -> IndexVec<FieldIdx, CoroutineSavedLocal> {
    let mut upvars = IndexVec::new();
    for (field, upvar) in plan.upvars.iter_enumerated() {
        let saved = slots[field].unwrap_or_else(|| new_saved(layout, upvar.ty, upvar.scope));
        // Layouts are not where witnesses come from: here the flag is free, and tells downstream
        // crates which locals are the pass's own (see `Coroutine::is_of_body`).
        layout.field_tys[saved].ignore_for_traits = !upvar.is_in_variable();
        if upvar.local().is_none() {
            live_in_every_suspension(layout, saved);
        }
        upvars.push(saved);
    }
    upvars
}

fn new_saved<'tcx>(
    layout: &mut CoroutineLayout<'tcx>,
    ty: Ty<'tcx>,
    scope: SourceScope,
) -> CoroutineSavedLocal {
    let source_info = SourceInfo { span: DUMMY_SP, scope };
    layout.field_names.push(None);
    layout.field_tys.push(CoroutineSavedTy { ty, source_info, ignore_for_traits: true })
}

/// The saved local that Unresumed lists for an upvar: its own, or a twin with the upvar's name.
fn list_as(
    layout: &mut CoroutineLayout<'_>,
    saved: CoroutineSavedLocal,
    name: Option<Symbol>,
    is_variable: bool,
) -> CoroutineSavedLocal {
    let own_name = layout.field_names[saved];
    if is_variable && own_name.is_some() && own_name != name {
        let CoroutineSavedTy { ty, source_info, .. } = layout.field_tys[saved];
        let twin = new_saved(layout, ty, source_info.scope);
        layout.field_names[twin] = name;
        return twin;
    }
    layout.field_names[saved] = name;
    saved
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
    unsaved: &Conflicts,
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
        for &other in written.iter().chain(unsaved.get(&field).into_iter().flatten()) {
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
pub(crate) enum Field {
    /// An upvar, by its index in the captures.
    Upvar(FieldIdx),
    /// A saved local.
    Saved(CoroutineSavedLocal),
}

/// The resume function of a coroutine, and what its fields are.
#[derive(Clone, Copy)]
pub(crate) struct Resume<'a, 'tcx> {
    pub(crate) tcx: TyCtxt<'tcx>,
    pub(crate) body: &'a Body<'tcx>,
    pub(crate) layout: &'a CoroutineLayout<'tcx>,
}

impl<'tcx> Resume<'_, 'tcx> {
    /// The field that a place is, or is in.
    pub(crate) fn field(&self, place: &Place<'tcx>) -> Option<Field> {
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
    resume: Resume<'_, 'tcx>,
    plan: &Plan<'tcx>,
) -> FxIndexSet<CoroutineSavedLocal> {
    let Resume { body, .. } = resume;
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
pub(crate) fn unresumed_block(body: &Body<'_>) -> BasicBlock {
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
