//! Takes the relocations out of the finished body: an upvar is used where it lies.
//!
//! After `StateTransform` a relocated upvar has two names: `captures.i`, a field of the coroutine type
//! itself, and the local it was moved to, which is now a saved local (`(*self as SuspendN).k`) or
//! an ordinary one.
//!
//! * A saved upvar's field lies at its slot in every layout of Snug's, so the move from one to the other
//!   does nothing. Here the move goes, and the slot is called `captures.i` everywhere: no
//!   code generator, however simple, emits a copy. [`crate::lowering`] verifies that the two places are one.
//! * An upvar that stays in the coroutine though no suspension saves it (see [`super::unsaved`]) is called
//!   `captures.i`, too.
//!
//! The body stays valid under any layout: in stock's, `captures.i` lives as long as the coroutine.

use rustc_abi::FieldIdx;
use rustc_data_structures::fx::{FxHashMap, FxHashSet};
use rustc_index::IndexVec;
use rustc_middle::mir::visit::{MutVisitor, PlaceContext};
use rustc_middle::mir::{
    Body, CoroutineLayout, CoroutineSavedLocal, Local, Location, Operand, Place, ProjectionElem,
    Rvalue, Statement, StatementKind,
};
use rustc_middle::ty::{self, Ty, TyCtxt};

use super::unsaved::Conflicts;
use crate::relocate::promote::homes::Homes;
use crate::state_transform::{self, CoroutineField, Transformed};

/// Replaces slots and locals by the upvars' own places, in the body and in those that drop the
/// coroutine.
pub(crate) fn apply<'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &mut Body<'tcx>,
    layout: &CoroutineLayout<'tcx>,
    homes: &Homes<'tcx>,
    slots: &IndexVec<FieldIdx, Option<CoroutineSavedLocal>>,
    unsaved: &Conflicts,
    temporaries: &[Local],
) {
    let upvar_of_slot: FxHashMap<_, _> =
        homes.relocated().filter_map(|(field, ..)| Some((slots[field]?, field))).collect();
    let in_place: FxHashSet<_> = homes
        .relocated()
        .filter(|(field, ..)| unsaved.contains_key(field))
        .map(|(_, local, _)| local)
        .collect();
    let temporaries: FxHashSet<_> = temporaries.iter().copied().collect();
    let place_of_local = places_of_upvars(Transformed { tcx, body, layout }, &in_place);

    let use_upvars = |body: &mut Body<'tcx>, place_of_local| {
        let own = own_references(body, homes);
        let upvar_of_slot = &upvar_of_slot;
        let temporaries = &temporaries;
        UseUpvars { tcx, layout, own, upvar_of_slot, place_of_local, temporaries }.visit_body(body);
    };
    use_upvars(body, &place_of_local);
    // These drop what is saved, and upvars of a coroutine that has not been resumed.
    let none = FxHashMap::default();
    for body in state_transform::dropping_bodies(body) {
        use_upvars(body, &none);
    }
}

/// The upvar that each of some locals is moved from.
fn places_of_upvars<'tcx>(
    transformed: Transformed<'_, 'tcx>,
    locals: &FxHashSet<Local>,
) -> FxHashMap<Local, Place<'tcx>> {
    let statements = transformed.body.basic_blocks.iter().flat_map(|data| &data.statements);
    let moves = statements.filter_map(|statement| match &statement.kind {
        StatementKind::Assign(box (to, Rvalue::Use(Operand::Move(from)))) => {
            let to = to.as_local().filter(|local| locals.contains(local))?;
            matches!(transformed.field(from)?, CoroutineField::Upvar(_)).then_some((to, *from))
        }
        _ => None,
    });
    moves.collect()
}

/// The locals that point to the coroutine whose body this is.
fn own_references<'tcx>(body: &Body<'tcx>, homes: &Homes<'tcx>) -> FxHashSet<Local> {
    let is_own = |ty: Ty<'tcx>| {
        let pointee = ty.builtin_deref(true);
        pointee
            .is_some_and(|ty| matches!(*ty.kind(), ty::Coroutine(id, _) if id == homes.coroutine))
    };
    body.local_decls.iter_enumerated().filter(|(_, d)| is_own(d.ty)).map(|(l, _)| l).collect()
}

struct UseUpvars<'a, 'tcx> {
    tcx: TyCtxt<'tcx>,
    layout: &'a CoroutineLayout<'tcx>,
    own: FxHashSet<Local>,
    upvar_of_slot: &'a FxHashMap<CoroutineSavedLocal, FieldIdx>,
    place_of_local: &'a FxHashMap<Local, Place<'tcx>>,
    temporaries: &'a FxHashSet<Local>,
}

impl<'tcx> UseUpvars<'_, 'tcx> {
    /// The upvar's own place for a place that starts at its slot.
    fn place_of_slot(&self, place: &Place<'tcx>) -> Option<Place<'tcx>> {
        let [deref @ ProjectionElem::Deref, downcast, field, rest @ ..] = &place.projection[..]
        else {
            return None;
        };
        let (ProjectionElem::Downcast(_, variant), ProjectionElem::Field(field, ty)) =
            (downcast, field)
        else {
            return None;
        };
        if !self.own.contains(&place.local) {
            return None;
        }
        let saved = self.layout.variant_fields[*variant][*field];
        let upvar = *self.upvar_of_slot.get(&saved)?;
        let own = Place { local: place.local, projection: self.tcx.mk_place_elems(&[*deref]) };
        Some(self.tcx.mk_place_field(own, upvar, *ty).project_deeper(rest, self.tcx))
    }

    /// Whether a statement moves an upvar to where it lies, or belongs to a local that is gone.
    fn is_obsolete(&self, statement: &Statement<'tcx>) -> bool {
        let is_temporary = |place: &Place<'tcx>| {
            place.as_local().is_some_and(|local| self.temporaries.contains(&local))
        };
        match &statement.kind {
            StatementKind::StorageLive(local) | StatementKind::StorageDead(local) => {
                self.place_of_local.contains_key(local) || self.temporaries.contains(local)
            }
            StatementKind::Assign(box (to, Rvalue::Use(Operand::Move(from)))) => {
                let own = match to.as_local() {
                    Some(local) => self.place_of_local.get(&local).copied(),
                    None => self.place_of_slot(to),
                };
                own == Some(*from) || is_temporary(to) || is_temporary(from)
            }
            _ => false,
        }
    }
}

impl<'tcx> MutVisitor<'tcx> for UseUpvars<'_, 'tcx> {
    fn tcx(&self) -> TyCtxt<'tcx> {
        self.tcx
    }

    fn visit_statement(&mut self, statement: &mut Statement<'tcx>, location: Location) {
        if self.is_obsolete(statement) {
            statement.make_nop(true);
        }
        self.super_statement(statement, location);
    }

    fn visit_place(&mut self, place: &mut Place<'tcx>, _: PlaceContext, _: Location) {
        if let Some(upvar) = self.place_of_local.get(&place.local) {
            *place = upvar.project_deeper(place.projection, self.tcx);
        } else if let Some(upvar) = self.place_of_slot(place) {
            *place = upvar;
        }
    }
}
