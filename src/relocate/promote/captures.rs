//! How a coroutine body uses its captures.

use rustc_abi::FieldIdx;
use rustc_index::IndexVec;
use rustc_middle::mir::visit::{NonUseContext, PlaceContext, Visitor};
use rustc_middle::mir::{
    BasicBlock, Body, Local, Location, Operand, Place, ProjectionElem, Rvalue, Terminator,
    TerminatorKind,
};
use rustc_middle::ty;

use crate::relocate::body::borrows::borrowed_place;
use crate::relocate::body::facts::is_for_borrowck;

/// The local that holds the captures before `StateTransform`.
pub(crate) const CAPTURES: Local = ty::CAPTURE_STRUCT_LOCAL;

/// The uses of the captures in one body.
pub(crate) struct CaptureUses {
    /// How often each upvar, or a part of it, is read, written or borrowed. What only borrowck
    /// looks at does not count.
    pub(crate) count: IndexVec<FieldIdx, usize>,
    pub(crate) address_taken: IndexVec<FieldIdx, bool>,
    /// Whether each upvar, or a part of it, is moved out of.
    pub(crate) moved: IndexVec<FieldIdx, bool>,
    /// Where the captures are dropped as a whole.
    pub(crate) drops: Vec<BasicBlock>,
    /// The captures are used as a whole, other than by a plain drop.
    pub(crate) unknown: bool,
}

impl CaptureUses {
    pub(crate) fn find(body: &Body<'_>, upvars: usize) -> CaptureUses {
        let mut uses = CaptureUses {
            count: IndexVec::from_elem_n(0, upvars),
            address_taken: IndexVec::from_elem_n(false, upvars),
            moved: IndexVec::from_elem_n(false, upvars),
            drops: Vec::new(),
            unknown: false,
        };
        uses.visit_body(body);
        uses
    }

    fn note_address_taken(&mut self, place: Place<'_>) {
        if place.local == CAPTURES
            && let [ProjectionElem::Field(field, _), ..] = place.projection[..]
        {
            self.address_taken[field] = true;
        }
    }
}

impl<'tcx> Visitor<'tcx> for CaptureUses {
    fn visit_terminator(&mut self, terminator: &Terminator<'tcx>, location: Location) {
        if let TerminatorKind::Drop { place, async_fut, .. } = &terminator.kind
            && place.as_local() == Some(CAPTURES)
        {
            self.drops.push(location.block);
            self.unknown |= async_fut.is_some();
            return;
        }
        self.super_terminator(terminator, location);
    }

    fn visit_rvalue(&mut self, rvalue: &Rvalue<'tcx>, location: Location) {
        if let Some(place) = borrowed_place(rvalue) {
            self.note_address_taken(place);
        }
        self.super_rvalue(rvalue, location);
    }

    fn visit_operand(&mut self, operand: &Operand<'tcx>, location: Location) {
        if let Operand::Move(place) = operand
            && place.local == CAPTURES
            && let [ProjectionElem::Field(field, _), ..] = place.projection[..]
        {
            self.moved[field] = true;
        }
        self.super_operand(operand, location);
    }

    fn visit_place(&mut self, place: &Place<'tcx>, context: PlaceContext, location: Location) {
        if place.local == CAPTURES && context.is_use() {
            match place.projection[..] {
                [ProjectionElem::Field(field, _), ..] => {
                    self.count[field] += usize::from(!is_for_borrowck(context));
                }
                _ => self.unknown = true,
            }
        }
        self.super_place(place, context, location);
    }

    fn visit_local(&mut self, local: Local, context: PlaceContext, _: Location) {
        // rustc gives the captures no StorageLive and no StorageDead. A body that has them is not known here.
        let storage = matches!(
            context,
            PlaceContext::NonUse(NonUseContext::StorageLive | NonUseContext::StorageDead)
        );
        self.unknown |= local == CAPTURES && storage;
    }
}
