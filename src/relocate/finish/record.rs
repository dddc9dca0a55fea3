//! Writes the result of a relocation into the body's `CoroutineLayout`.
//!
//! `StateTransform` leaves the variant Unresumed empty. Here it gets one saved local per upvar, in
//! capture order: the upvar's own slot where the upvar is saved, else a saved local of its own.
//! [`crate::layout`] reads the list, and so do downstream crates, from this crate's metadata.
//!
//! What is written on the way from Unresumed to the last relocation must not overlap any upvar:
//! drop flags are initialised first, and `StateTransform` saves the resume argument at the very
//! start. They are looked for in the final MIR, not guessed by their types.

use rustc_abi::FieldIdx;
use rustc_data_structures::fx::{FxIndexMap, FxIndexSet};
use rustc_index::IndexVec;
use rustc_index::bit_set::BitMatrix;
use rustc_middle::mir::visit::{PlaceContext, Visitor};
use rustc_middle::mir::{
    Body, CoroutineLayout, CoroutineSavedLocal, Local, Location, Place, Statement, StatementKind,
    TerminatorKind, VarDebugInfoContents,
};
use rustc_middle::ty::{CoroutineArgs, CoroutineArgsExt, TyCtxt};
use rustc_span::sym;

use super::unsaved::{self, Conflicts};
use super::{elide, unused};
use crate::decisions::Decisions;
use crate::relocate::promote::homes::{Homes, Upvar};
use crate::state_transform::{self, CoroutineField, Transformed};
use crate::{dialect, stock};

/// What the steps before `StateTransform` have made of a body with upvars.
pub(crate) struct Relocation<'tcx> {
    /// Where the upvars are.
    pub(crate) homes: Homes<'tcx>,
    /// Temporaries of [`crate::relocate::coalesce::parts`].
    pub(crate) temporaries: Vec<Local>,
}

/// Rewrites the body's `CoroutineLayout`, and then, if it `elides` the relocations, the body so that upvars are
/// used where they lie.
pub(crate) fn record<'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &mut Body<'tcx>,
    relocation: Option<&Relocation<'tcx>>,
    elides: bool,
    decisions: &Decisions,
) {
    let Some(mut layout) = body.coroutine.as_mut().and_then(|c| c.coroutine_layout.take()) else {
        return;
    };
    name_awaitees(tcx, body, &mut layout);
    if let Some(relocation) = relocation {
        record_upvars(tcx, body, &mut layout, relocation, elides, decisions);
    }
    body.coroutine.as_mut().unwrap().coroutine_layout = Some(layout);
    for drop in state_transform::dropping_bodies(body) {
        unused::remove_unused_locals(tcx, drop);
    }
}

/// What has become one with an awaitee (see [`crate::relocate::coalesce::awaitees`]) is shown as such: that is the name that
/// debuggers look for. rustc takes the first of a local's names.
fn name_awaitees<'tcx>(tcx: TyCtxt<'tcx>, body: &Body<'tcx>, layout: &mut CoroutineLayout<'tcx>) {
    for variable in body.var_debug_info.iter().filter(|variable| variable.name == sym::__awaitee) {
        if let VarDebugInfoContents::Place(place) = &variable.value
            && let Some(CoroutineField::Saved(saved)) =
                (Transformed { tcx, body, layout }).field(place)
        {
            layout.field_names[saved] = Some(sym::__awaitee);
        }
    }
}

fn record_upvars<'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &mut Body<'tcx>,
    layout: &mut CoroutineLayout<'tcx>,
    Relocation { homes, temporaries }: &Relocation<'tcx>,
    elides: bool,
    decisions: &Decisions,
) {
    let slots = slots(layout, homes);
    let transformed = Transformed { tcx, body, layout };
    let written = written_before_last_relocation(transformed, homes);
    let unsaved = if elides {
        unsaved::find(transformed, homes, &slots, decisions)
    } else {
        Conflicts::default()
    };
    let upvars = add_upvars(layout, homes, &slots);
    // In capture order, as stock shows them.
    let names = (stock::providers().closure_saved_names_of_captured_variables)(
        tcx,
        homes.coroutine.expect_local(),
    );
    let listed = upvars.iter_enumerated().map(|(field, &saved)| {
        let is_variable = homes.upvars[field].is_variable;
        dialect::name_upvar(layout, saved, names.get(field).copied(), is_variable)
    });
    let listed = listed.collect();
    dialect::list_upvars(layout, listed);
    layout.storage_conflicts = with_conflicts(layout, &upvars, &written, &unsaved, homes);
    if elides {
        elide::apply(tcx, body, layout, homes, &slots, &unsaved, temporaries);
    }
}

/// The saved local that each upvar's local has become, if it has become one.
fn slots(
    layout: &CoroutineLayout<'_>,
    homes: &Homes<'_>,
) -> IndexVec<FieldIdx, Option<CoroutineSavedLocal>> {
    let mut by_scope: FxIndexMap<_, Vec<_>> = FxIndexMap::default();
    for (saved, field) in layout.field_tys.iter_enumerated() {
        by_scope.entry(field.source_info.scope).or_default().push(saved);
    }
    let slot = |upvar: &Upvar<'_>| match by_scope.get(&upvar.scope)?[..] {
        [saved] => Some(saved),
        ref several => bug!("{several:?} of {:?} have one upvar's source scope", homes.coroutine),
    };
    homes.upvars.iter().map(slot).collect()
}

/// One saved local per upvar: its slot, or a new one.
fn add_upvars<'tcx>(
    layout: &mut CoroutineLayout<'tcx>,
    homes: &Homes<'tcx>,
    slots: &IndexVec<FieldIdx, Option<CoroutineSavedLocal>>,
) -> IndexVec<FieldIdx, CoroutineSavedLocal> {
    let mut upvars = IndexVec::new();
    for (field, upvar) in homes.upvars.iter_enumerated() {
        let saved =
            slots[field].unwrap_or_else(|| dialect::add_unsaved(layout, upvar.ty, upvar.scope));
        dialect::mark_slot(layout, saved, upvar.is_variable);
        if upvar.local.is_none() {
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
    unsaved: &Conflicts,
    homes: &Homes<'_>,
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
        if homes.upvars[field].local.is_none() {
            for other in layout.field_tys.indices() {
                add(upvar, other);
            }
        }
    }
    conflicts
}

/// The saved locals that are assigned on the way from Unresumed up to the last relocation.
fn written_before_last_relocation<'tcx>(
    transformed: Transformed<'_, 'tcx>,
    homes: &Homes<'tcx>,
) -> FxIndexSet<CoroutineSavedLocal> {
    let Transformed { body, .. } = transformed;
    let mut reads = UpvarReads { transformed, homes, locations: Vec::new() };
    reads.visit_body(body);
    let mut pending = FxIndexSet::default();
    let mut written = FxIndexSet::default();
    let mut found = 0;
    let mut block = Some(state_transform::unresumed_block(body));
    while let Some(current) = block
        && found < reads.locations.len()
    {
        let data = &body.basic_blocks[current];
        for (statement_index, statement) in data.statements.iter().enumerate() {
            if let Some(saved) = written_by(transformed, statement) {
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
            homes.coroutine,
        );
    }
    written
}

/// The saved local that a statement assigns.
fn written_by<'tcx>(
    transformed: Transformed<'_, 'tcx>,
    statement: &Statement<'tcx>,
) -> Option<CoroutineSavedLocal> {
    let place = match &statement.kind {
        StatementKind::Assign(box (place, _)) => place,
        StatementKind::SetDiscriminant { box place, .. } => place,
        // Without effect, or on what a pointer leads to.
        StatementKind::FakeRead(..)
        | StatementKind::StorageLive(_)
        | StatementKind::StorageDead(_)
        | StatementKind::Retag(..)
        | StatementKind::PlaceMention(_)
        | StatementKind::AscribeUserType(..)
        | StatementKind::Coverage(_)
        | StatementKind::Intrinsic(_)
        | StatementKind::ConstEvalCounter
        | StatementKind::Nop
        | StatementKind::BackwardIncompatibleDropHint { .. } => return None,
    };
    match transformed.field(place)? {
        CoroutineField::Saved(saved) => Some(saved),
        CoroutineField::Upvar(_) => None,
    }
}

/// Finds the statements that read a relocated upvar from the captures: the relocations, if all is
/// well.
struct UpvarReads<'a, 'tcx> {
    transformed: Transformed<'a, 'tcx>,
    homes: &'a Homes<'tcx>,
    locations: Vec<Location>,
}

impl<'tcx> Visitor<'tcx> for UpvarReads<'_, 'tcx> {
    fn visit_place(&mut self, place: &Place<'tcx>, context: PlaceContext, location: Location) {
        if context.is_use()
            && let Some(CoroutineField::Upvar(field)) = self.transformed.field(place)
            && self.homes.upvars[field].local.is_some()
        {
            self.locations.push(location);
        }
    }
}
