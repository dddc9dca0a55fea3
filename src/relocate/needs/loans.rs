//! Which locals may still be borrowed.
//!
//! Like rustc's `MaybeBorrowedLocals` (`rustc_mir_dataflow/src/impls/borrowed_locals.rs`), which knows one end of a
//! borrow: `StorageDead`. Borrowck knows more: what is moved, or assigned, is not borrowed any more. So a borrow ends
//! here, too, when a part of what is borrowed is moved out or assigned, or something that it is a part of.
//!
//! The lattice: sets of candidates; the join is the union. A borrow through a pointer is none of the pointer.

use rustc_data_structures::fx::FxHashMap;
use rustc_middle::mir::visit::{MutatingUseContext, NonMutatingUseContext, PlaceContext, Visitor};
use rustc_middle::mir::{
    BasicBlock, Body, CallReturnPlaces, Local, Location, Place, PlaceElem, Rvalue, Statement,
    StatementKind, Terminator, TerminatorEdges,
};
use rustc_mir_dataflow::Analysis;
use rustc_mir_dataflow::fmt::DebugWithContext;

use super::candidates::{Candidates, Set};
use crate::relocate::body::borrows::borrowed_place;

/// The places of each candidate that a body borrows somewhere.
pub(super) struct Borrowed<'a, 'tcx> {
    candidates: &'a Candidates,
    places: FxHashMap<Local, Vec<Place<'tcx>>>,
}

impl<'a, 'tcx> Borrowed<'a, 'tcx> {
    pub(super) fn of(body: &Body<'tcx>, candidates: &'a Candidates) -> Borrowed<'a, 'tcx> {
        let mut borrowed = Borrowed { candidates, places: FxHashMap::default() };
        borrowed.visit_body(body);
        borrowed
    }

    /// Whether all that is ever borrowed of a local has a part in common with a place of it.
    fn all_overlap(&self, place: Place<'tcx>) -> bool {
        self.places.get(&place.local).into_iter().flatten().all(|borrowed| {
            let pairs = borrowed.projection.iter().zip(place.projection);
            pairs.into_iter().all(|(one, other)| is_same(one, other))
        })
    }
}

impl<'tcx> Visitor<'tcx> for Borrowed<'_, 'tcx> {
    fn visit_rvalue(&mut self, rvalue: &Rvalue<'tcx>, location: Location) {
        if let Some(place) = borrowed_place(rvalue)
            && self.candidates.number(place.local).is_some()
        {
            self.places.entry(place.local).or_default().push(place);
        }
        self.super_rvalue(rvalue, location);
    }
}

/// Whether two projections of one place lead to the same part for sure.
fn is_same<'tcx>(one: PlaceElem<'tcx>, other: PlaceElem<'tcx>) -> bool {
    match (one, other) {
        (PlaceElem::Field(one, _), PlaceElem::Field(other, _)) => one == other,
        (PlaceElem::Downcast(_, one), PlaceElem::Downcast(_, other)) => one == other,
        (PlaceElem::Deref, PlaceElem::Deref) => true,
        (
            PlaceElem::ConstantIndex { offset: one, min_length: one_length, from_end: false },
            PlaceElem::ConstantIndex { offset: other, min_length: other_length, from_end: false },
        ) => (one, one_length) == (other, other_length),
        _ => false,
    }
}

/// The analysis.
pub(super) struct MaybeLoaned<'a, 'tcx>(pub(super) &'a Borrowed<'a, 'tcx>);

/// For rustc's drawings of dataflow.
impl DebugWithContext<MaybeLoaned<'_, '_>> for u32 {}

impl<'tcx> Analysis<'tcx> for MaybeLoaned<'_, 'tcx> {
    type Domain = Set;

    const NAME: &'static str = "snug_maybe_loaned";

    fn bottom_value(&self, _: &Body<'tcx>) -> Self::Domain {
        self.0.candidates.none()
    }

    fn initialize_start_block(&self, _: &Body<'tcx>, _: &mut Self::Domain) {
        // Nothing is borrowed when a function begins.
    }

    fn apply_primary_statement_effect(
        &self,
        state: &mut Self::Domain,
        statement: &Statement<'tcx>,
        location: Location,
    ) {
        if let StatementKind::StorageLive(local) | StatementKind::StorageDead(local) =
            statement.kind
            && let Some(number) = self.0.candidates.number(local)
        {
            state.remove(number);
        }
        Transfer { borrowed: self.0, state }.visit_statement(statement, location);
    }

    fn apply_primary_terminator_effect<'mir>(
        &self,
        state: &mut Self::Domain,
        terminator: &'mir Terminator<'tcx>,
        location: Location,
    ) -> TerminatorEdges<'mir, 'tcx> {
        Transfer { borrowed: self.0, state }.visit_terminator(terminator, location);
        terminator.edges()
    }

    fn apply_call_return_effect(
        &self,
        state: &mut Self::Domain,
        _: BasicBlock,
        places: CallReturnPlaces<'_, 'tcx>,
    ) {
        places.for_each(|place| Transfer { borrowed: self.0, state }.end(place));
    }
}

struct Transfer<'a, 'tcx> {
    borrowed: &'a Borrowed<'a, 'tcx>,
    state: &'a mut Set,
}

impl<'tcx> Transfer<'_, 'tcx> {
    /// A place is moved out of, or assigned.
    fn end(&mut self, place: Place<'tcx>) {
        if let Some(number) = self.borrowed.candidates.number(place.local)
            && self.borrowed.all_overlap(place)
        {
            self.state.remove(number);
        }
    }
}

impl<'tcx> Visitor<'tcx> for Transfer<'_, 'tcx> {
    fn visit_place(&mut self, place: &Place<'tcx>, context: PlaceContext, _: Location) {
        let ends = match context {
            PlaceContext::NonMutatingUse(NonMutatingUseContext::Move) => true,
            // What is behind a pointer is not the pointer.
            PlaceContext::MutatingUse(MutatingUseContext::Store) => !place.is_indirect(),
            // Results of terminators are there only if these come to their end.
            PlaceContext::MutatingUse(
                MutatingUseContext::Call
                | MutatingUseContext::AsmOutput
                | MutatingUseContext::Yield
                | MutatingUseContext::SetDiscriminant
                | MutatingUseContext::Borrow
                | MutatingUseContext::RawBorrow
                | MutatingUseContext::Drop
                | MutatingUseContext::Retag
                | MutatingUseContext::Projection,
            )
            | PlaceContext::NonMutatingUse(
                NonMutatingUseContext::Inspect
                | NonMutatingUseContext::Copy
                | NonMutatingUseContext::SharedBorrow
                | NonMutatingUseContext::FakeBorrow
                | NonMutatingUseContext::RawBorrow
                | NonMutatingUseContext::PlaceMention
                | NonMutatingUseContext::Projection,
            )
            | PlaceContext::NonUse(_) => false,
        };
        if ends {
            self.end(*place);
        }
    }

    fn visit_rvalue(&mut self, rvalue: &Rvalue<'tcx>, location: Location) {
        self.super_rvalue(rvalue, location);
        if let Some(place) = borrowed_place(rvalue)
            && let Some(number) = self.borrowed.candidates.number(place.local)
        {
            self.state.insert(number);
        }
    }
}
