//! How a body uses each of its locals as a whole.

use rustc_index::IndexVec;
use rustc_middle::mir::visit::{
    MutatingUseContext, NonMutatingUseContext, NonUseContext, PlaceContext, Visitor,
};
use rustc_middle::mir::{
    Body, Local, Location, Place, PlaceElem, PlaceRef, ProjectionElem, Statement, StatementKind,
};
use rustc_middle::ty::TyCtxt;

use super::flow::{Step, is_suspension, walk_after};
use super::{elements, raw_pointers};

/// The uses of one local that matter to merging it with another.
#[derive(Clone, Default)]
pub(crate) struct Facts {
    /// Where it gets a value, or may get one.
    pub(crate) definitions: Vec<Location>,
    /// Where it is moved out of.
    pub(crate) moves: Vec<Location>,
    pub(crate) drops: Vec<Location>,
    pub(crate) storage_live: Vec<Location>,
    pub(crate) storage_dead: Vec<Location>,
    /// It, or a part of it, is read, written or borrowed in another way.
    pub(crate) other_uses: Vec<Location>,
    /// Where a part of it is moved out.
    pub(crate) moved_in_part: Vec<Location>,
    /// Where a part of it is assigned.
    pub(crate) written_in_part: Vec<Location>,
    /// Statements that mention it, or a part of it, for borrowck's sake, and do nothing.
    pub(crate) mentions: Vec<Location>,
    /// A raw pointer to it, or to a part of it, exists (see [`super::raw_pointers`]).
    pub(crate) has_raw_pointer: bool,
    /// Elements of an array in it are moved out (see [`super::elements`]).
    pub(crate) has_moved_elements: bool,
    /// It is the index in some place.
    pub(crate) is_index: bool,
}

/// The facts about all locals.
pub(crate) fn gather<'tcx>(tcx: TyCtxt<'tcx>, body: &Body<'tcx>) -> IndexVec<Local, Facts> {
    let raw_pointers = raw_pointers::targets(tcx, body);
    let moved_elements = elements::moved_from(tcx, body);
    let nothing = |local: Local| Facts {
        has_raw_pointer: raw_pointers.contains(local),
        has_moved_elements: moved_elements.contains(local),
        ..Facts::default()
    };
    let mut gather = Gather(IndexVec::from_fn_n(nothing, body.local_decls.len()));
    gather.visit_body(body);
    gather.0
}

struct Gather(IndexVec<Local, Facts>);

impl<'tcx> Visitor<'tcx> for Gather {
    fn visit_statement(&mut self, statement: &Statement<'tcx>, location: Location) {
        match &statement.kind {
            StatementKind::FakeRead(box (_, place)) | StatementKind::PlaceMention(box place) => {
                self.0[place.local].mentions.push(location);
            }
            _ => self.super_statement(statement, location),
        }
    }

    fn visit_place(&mut self, place: &Place<'tcx>, context: PlaceContext, location: Location) {
        let is_borrow = matches!(
            context,
            PlaceContext::MutatingUse(
                MutatingUseContext::Borrow
                    | MutatingUseContext::RawBorrow
                    | MutatingUseContext::Drop
            )
        );
        let is_part = !place.projection.is_empty() && !place.is_indirect();
        if context.is_mutating_use() && !is_borrow && is_part {
            self.0[place.local].written_in_part.push(location);
        }
        let is_move = context == PlaceContext::NonMutatingUse(NonMutatingUseContext::Move);
        if is_move && !place.projection.is_empty() {
            self.0[place.local].moved_in_part.push(location);
        }
        self.super_place(place, context, location);
    }

    fn visit_local(&mut self, local: Local, context: PlaceContext, location: Location) {
        use MutatingUseContext as Mutating;
        use NonMutatingUseContext as NonMutating;
        let facts = &mut self.0[local];
        let list = match context {
            PlaceContext::NonUse(NonUseContext::StorageLive) => &mut facts.storage_live,
            PlaceContext::NonUse(NonUseContext::StorageDead) => &mut facts.storage_dead,
            PlaceContext::NonUse(
                NonUseContext::AscribeUserTy(_)
                | NonUseContext::BackwardIncompatibleDropHint
                | NonUseContext::VarDebugInfo,
            ) => return,
            PlaceContext::NonMutatingUse(NonMutating::Move) => &mut facts.moves,
            PlaceContext::MutatingUse(Mutating::Drop) => &mut facts.drops,
            PlaceContext::MutatingUse(
                Mutating::Projection | Mutating::Borrow | Mutating::RawBorrow,
            )
            | PlaceContext::NonMutatingUse(
                NonMutating::Inspect
                | NonMutating::Copy
                | NonMutating::SharedBorrow
                | NonMutating::FakeBorrow
                | NonMutating::RawBorrow
                | NonMutating::PlaceMention
                | NonMutating::Projection,
            ) => &mut facts.other_uses,
            PlaceContext::MutatingUse(
                Mutating::Store
                | Mutating::SetDiscriminant
                | Mutating::AsmOutput
                | Mutating::Call
                | Mutating::Yield
                | Mutating::Retag,
            ) => &mut facts.definitions,
        };
        list.push(location);
    }

    fn visit_projection_elem(
        &mut self,
        place: PlaceRef<'tcx>,
        elem: PlaceElem<'tcx>,
        context: PlaceContext,
        location: Location,
    ) {
        if let ProjectionElem::Index(local) = elem {
            self.0[local].is_index = true;
        }
        self.super_projection_elem(place, elem, context, location);
    }
}

/// Whether only borrowck looks at a place.
pub(crate) fn is_for_borrowck(context: PlaceContext) -> bool {
    use NonMutatingUseContext::{FakeBorrow, Inspect, PlaceMention};
    matches!(context, PlaceContext::NonMutatingUse(FakeBorrow | Inspect | PlaceMention))
}

/// Whether what a local gets at a location may be saved.
pub(crate) fn is_used_across_suspension(
    body: &Body<'_>,
    local: &Facts,
    location: Location,
) -> bool {
    let mut suspends = false;
    walk_after(body, location, |location| {
        suspends |= is_suspension(body, location);
        // What has been borrowed is saved even when it has been moved.
        let is_moved = local.other_uses.is_empty() && local.moves.contains(&location);
        let is_over = is_moved || local.storage_dead.contains(&location);
        if suspends || is_over { Step::End } else { Step::On }
    });
    suspends
}
