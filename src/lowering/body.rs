//! How a resume function uses the fields of its coroutine, in the MIR that will be lowered.
//!
//! The fields are places that the resume function's pointer to its coroutine leads to: `(*s).i` is the
//! upvar `i`, `((*s) as V).k` the saved local that is field `k` of variant `V`. An upvar and its
//! slot are one value (see [`Seen::holders`]), so an assignment of one to the other is no event.

use rustc_abi::{FieldIdx, VariantIdx};
use rustc_index::IndexVec;
use rustc_index::bit_set::DenseBitSet;
use rustc_middle::mir::visit::{
    MutatingUseContext, NonMutatingUseContext, NonUseContext, PlaceContext, Visitor,
};
use rustc_middle::mir::{
    BasicBlock, Body, CoroutineSavedLocal, Local, Location, Operand, Place, ProjectionElem, Rvalue,
    START_BLOCK, Statement, StatementKind, TerminatorKind,
};
use rustc_middle::ty::{self, CoroutineArgs, CoroutineArgsExt, Ty};
use rustc_span::Span;
use rustc_span::def_id::DefId;

use super::seen::Seen;

/// What a place is that the pointer to the coroutine leads to.
#[derive(Clone, Copy)]
pub(super) enum Field {
    Upvar(FieldIdx),
    Saved(VariantIdx, FieldIdx),
}

/// A resume function.
pub(super) struct ResumeFunction<'a, 'tcx> {
    pub(super) seen: &'a Seen<'tcx>,
    pub(super) body: &'a Body<'tcx>,
    /// The locals that point to the coroutine.
    pointers: DenseBitSet<Local>,
}

/// What one statement or terminator does to the fields.
#[derive(Default)]
pub(super) struct Event {
    /// Read or borrowed, as a whole or in part.
    pub(super) reads: Vec<CoroutineSavedLocal>,
    /// Moved out of or dropped, as a whole or in part; or that may happen elsewhere.
    pub(super) ends: Vec<CoroutineSavedLocal>,
    /// Written as a whole.
    pub(super) writes: Vec<CoroutineSavedLocal>,
    /// Written in part, or borrowed: by a pointer, anything may be written.
    pub(super) touches: Vec<CoroutineSavedLocal>,
    /// The state in which the coroutine will be resumed.
    pub(super) suspends: Option<VariantIdx>,
    pub(super) span: Span,
}

/// Where the resume function goes on in each state.
pub(super) struct Entries {
    pub(super) unresumed: BasicBlock,
    /// Per variant; `None` where the function does not go on.
    pub(super) suspended: IndexVec<VariantIdx, Option<BasicBlock>>,
}

impl<'a, 'tcx> ResumeFunction<'a, 'tcx> {
    pub(super) fn new(seen: &'a Seen<'tcx>) -> ResumeFunction<'a, 'tcx> {
        let body = resume_function(seen);
        let mut pointers = DenseBitSet::new_empty(body.local_decls.len());
        for (local, decl) in body.local_decls.iter_enumerated() {
            if points_to(decl.ty, seen.def_id) {
                pointers.insert(local);
            }
        }
        ResumeFunction { seen, body, pointers }
    }

    /// Whether a place is the coroutine itself.
    fn is_coroutine(&self, place: &Place<'tcx>) -> bool {
        self.pointers.contains(place.local)
            && matches!(place.projection[..], [ProjectionElem::Deref])
    }

    /// The field that a place is, or is in, and what of the field.
    pub(super) fn field(
        &self,
        place: &Place<'tcx>,
    ) -> Option<(Field, &'tcx [ProjectionElem<Local, Ty<'tcx>>])> {
        if !self.pointers.contains(place.local) {
            return None;
        }
        match place.projection[..] {
            [ProjectionElem::Deref, ProjectionElem::Field(field, _), ref rest @ ..] => {
                Some((Field::Upvar(field), rest))
            }
            [
                ProjectionElem::Deref,
                ProjectionElem::Downcast(_, variant),
                ProjectionElem::Field(field, _),
                ref rest @ ..,
            ] => Some((Field::Saved(variant, field), rest)),
            _ => None,
        }
    }

    /// The saved local that holds the value of a field.
    fn holder(&self, field: Field) -> CoroutineSavedLocal {
        match field {
            Field::Upvar(upvar) => self.seen.holder_of_upvar(upvar),
            Field::Saved(variant, field) => {
                self.seen.holders[self.seen.info.variant_fields[variant][field]]
            }
        }
    }

    /// The source and the target of a statement that moves or copies one whole field to another.
    pub(super) fn field_to_field(&self, statement: &Statement<'tcx>) -> Option<(Field, Field)> {
        let (from, to) = whole_move(statement)?;
        match (self.field(&from)?, self.field(&to)?) {
            ((from, []), (to, [])) => Some((from, to)),
            _ => None,
        }
    }

    /// Where the function goes on in each state: what its first block, the state switch, says.
    pub(super) fn entries(&self) -> Entries {
        let variants = self.seen.info.variant_fields.len();
        let first = &self.body.basic_blocks[START_BLOCK];
        let reads_the_state = first.statements.iter().any(|statement| {
            matches!(&statement.kind, StatementKind::Assign(box (_, Rvalue::Discriminant(place)))
                if self.is_coroutine(place))
        });
        let TerminatorKind::SwitchInt { targets, .. } = &first.terminator().kind else {
            return Entries::without_switch(variants);
        };
        if !reads_the_state {
            return Entries::without_switch(variants);
        }
        let target = |variant: VariantIdx| targets.target_for_value(variant.as_usize() as u128);
        Entries {
            unresumed: target(VariantIdx::from_usize(CoroutineArgs::UNRESUMED)),
            suspended: IndexVec::from_fn_n(
                |variant: VariantIdx| {
                    let suspended = variant.as_usize() >= CoroutineArgs::RESERVED_VARIANTS;
                    suspended.then(|| target(variant))
                },
                variants,
            ),
        }
    }

    /// What a block does to the fields, in order; the terminator's event, if any, is apart.
    pub(super) fn events(&self, block: BasicBlock) -> (Vec<Event>, Event) {
        let data = &self.body.basic_blocks[block];
        let mut events = Vec::new();
        for (statement_index, statement) in data.statements.iter().enumerate() {
            let location = Location { block, statement_index };
            let event = self.event_of(statement, location);
            if !event.is_empty() {
                events.push(event);
            }
        }
        let mut collector = Collector { resume: self, event: Event::default() };
        let terminator = data.terminator();
        let location = Location { block, statement_index: data.statements.len() };
        collector.visit_terminator(terminator, location);
        collector.event.span = terminator.source_info.span;
        (events, collector.event)
    }

    fn event_of(&self, statement: &Statement<'tcx>, location: Location) -> Event {
        let span = statement.source_info.span;
        if let StatementKind::SetDiscriminant { place, variant_index } = &statement.kind
            && self.is_coroutine(place)
        {
            return Event { suspends: Some(*variant_index), span, ..Event::default() };
        }
        if let Some((from, to)) = self.field_to_field(statement)
            && self.holder(from) == self.holder(to)
        {
            return Event::default();
        }
        let mut collector = Collector { resume: self, event: Event::default() };
        collector.visit_statement(statement, location);
        Event { span, ..collector.event }
    }
}

impl Entries {
    /// A function that never suspends needs no switch.
    fn without_switch(variants: usize) -> Entries {
        Entries { unresumed: START_BLOCK, suspended: IndexVec::from_elem_n(None, variants) }
    }
}

impl Event {
    fn is_empty(&self) -> bool {
        self.reads.is_empty()
            && self.ends.is_empty()
            && self.writes.is_empty()
            && self.touches.is_empty()
            && self.suspends.is_none()
    }
}

/// The source and the target of a statement that moves or copies one place to another.
pub(super) fn whole_move<'tcx>(statement: &Statement<'tcx>) -> Option<(Place<'tcx>, Place<'tcx>)> {
    match &statement.kind {
        StatementKind::Assign(box (to, Rvalue::Use(Operand::Copy(from) | Operand::Move(from)))) => {
            Some((*from, *to))
        }
        _ => None,
    }
}

/// The body that the coroutine's fields come from: an async closure has two, for calls by
/// reference and by value.
fn resume_function<'tcx>(seen: &Seen<'tcx>) -> &'tcx Body<'tcx> {
    let body = seen.tcx.optimized_mir(seen.def_id);
    if body.coroutine_layout_raw().is_some_and(|info| std::ptr::eq(info, seen.info)) {
        return body;
    }
    seen.tcx.optimized_mir(seen.tcx.coroutine_by_move_body_def_id(seen.def_id))
}

fn points_to(ty: Ty<'_>, coroutine: DefId) -> bool {
    let (ty::Ref(_, pointee, _) | ty::RawPtr(pointee, _)) = ty.kind() else { return false };
    matches!(pointee.kind(), ty::Coroutine(def_id, _) if *def_id == coroutine)
}

/// Notes what happens to fields.
struct Collector<'a, 'b, 'tcx> {
    resume: &'a ResumeFunction<'b, 'tcx>,
    event: Event,
}

impl<'tcx> Visitor<'tcx> for Collector<'_, '_, 'tcx> {
    fn visit_place(&mut self, place: &Place<'tcx>, context: PlaceContext, _: Location) {
        use MutatingUseContext as Mutating;
        use NonMutatingUseContext as NonMutating;
        let Some((field, rest)) = self.resume.field(place) else { return };
        let holder = self.resume.holder(field);
        let event = &mut self.event;
        if rest.contains(&ProjectionElem::Deref) {
            // Whatever happens, happens elsewhere.
            if context.is_use() {
                event.reads.push(holder);
            }
            return;
        }
        match context {
            PlaceContext::NonMutatingUse(NonMutating::Move) => {
                event.reads.push(holder);
                event.ends.push(holder);
            }
            PlaceContext::NonMutatingUse(
                NonMutating::Copy | NonMutating::Inspect | NonMutating::Projection,
            ) => event.reads.push(holder),
            // The value may be moved away through the pointer: rustc's pass `EnumSizeOpt` turns moves into such
            // copies.
            PlaceContext::NonMutatingUse(NonMutating::RawBorrow) => {
                event.reads.push(holder);
                event.touches.push(holder);
                event.ends.push(holder);
            }
            PlaceContext::NonMutatingUse(NonMutating::SharedBorrow | NonMutating::FakeBorrow)
            | PlaceContext::MutatingUse(Mutating::Borrow | Mutating::RawBorrow) => {
                event.reads.push(holder);
                event.touches.push(holder);
            }
            PlaceContext::MutatingUse(Mutating::Drop) => {
                event.reads.push(holder);
                event.ends.push(holder);
            }
            PlaceContext::MutatingUse(
                Mutating::Store | Mutating::Call | Mutating::AsmOutput | Mutating::Yield,
            ) if rest.is_empty() => event.writes.push(holder),
            PlaceContext::MutatingUse(
                Mutating::Store
                | Mutating::Call
                | Mutating::AsmOutput
                | Mutating::Yield
                | Mutating::SetDiscriminant
                | Mutating::Projection,
            ) => event.touches.push(holder),
            PlaceContext::NonMutatingUse(NonMutating::PlaceMention)
            | PlaceContext::MutatingUse(Mutating::Retag)
            | PlaceContext::NonUse(
                NonUseContext::StorageLive
                | NonUseContext::StorageDead
                | NonUseContext::AscribeUserTy(_)
                | NonUseContext::BackwardIncompatibleDropHint
                | NonUseContext::VarDebugInfo,
            ) => {}
        }
    }
}
