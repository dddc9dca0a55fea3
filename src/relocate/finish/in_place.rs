//! Takes the relocations out of the finished body: an upvar is used where it lies.
//!
//! After `StateTransform` a relocated upvar has two names: `captures.i`, a field of the coroutine type
//! itself, and the local it was moved to, which is now a saved local (`(*self as SuspendN).k`) or
//! an ordinary one.
//!
//! * A saved upvar's field lies at its slot in every layout of Snug's, so the move from one to the other
//!   does nothing. Here the move goes, and the slot is called `captures.i` everywhere: no
//!   code generator, however simple, emits a copy. [`crate::lowering`] verifies that the two places are one.
//! * An upvar that is consumed before the first suspension would travel through the stack of the first
//!   poll. It stays in the coroutine too: what is written while it is still in use gets a
//!   conflict with it, and nothing else does. Only values that fit into registers are moved.
//!
//! The body stays valid under any layout: in stock's, `captures.i` lives as long as the coroutine.

use rustc_abi::FieldIdx;
use rustc_data_structures::fx::{FxHashMap, FxHashSet, FxIndexMap, FxIndexSet};
use rustc_index::IndexVec;
use rustc_middle::mir::visit::{MutVisitor, PlaceContext, Visitor};
use rustc_middle::mir::{
    BasicBlock, Body, CoroutineLayout, CoroutineSavedLocal, Local, Location, Operand, Place,
    ProjectionElem, Rvalue, Statement, StatementKind,
};
use rustc_middle::ty::{self, Ty, TyCtxt};
use rustc_mir_dataflow::impls::{MaybeBorrowedLocals, MaybeLiveLocals, MaybeRequiresStorage};
use rustc_mir_dataflow::{Analysis, ResultsCursor};

use super::record::{self, Field, Resume};
use crate::relocate::body::facts::{self, Facts};
use crate::relocate::body::flow::{Step, walk_from};
use crate::relocate::promote::captures::fits_registers;
use crate::relocate::promote::plan::Plan;

/// The saved locals that each unsaved upvar must not overlap, for those that stay in the coroutine.
pub(crate) type Conflicts = FxIndexMap<FieldIdx, FxIndexSet<CoroutineSavedLocal>>;

/// Finds the upvars that are not saved, but big enough to stay, and what they conflict with.
pub(crate) fn find_unsaved<'tcx>(
    resume: Resume<'_, 'tcx>,
    plan: &Plan<'tcx>,
    slots: &IndexVec<FieldIdx, Option<CoroutineSavedLocal>>,
) -> Conflicts {
    let facts = facts::gather(resume.body);
    let mut conflicts = Conflicts::default();
    let mut used = Vec::new();
    for (field, local, upvar) in plan.relocated() {
        if slots[field].is_some() {
            continue;
        }
        let facts = &facts[local];
        let is_used = [&facts.moves, &facts.drops, &facts.other_uses].iter().any(|l| !l.is_empty());
        // Filled again it might be where it is not alive, over what is.
        if facts.definitions.len() != 1 {
            continue;
        }
        if !is_used {
            conflicts.insert(field, FxIndexSet::default());
        } else if !fits_registers(upvar.ty) {
            used.push((field, local));
        }
    }
    if !used.is_empty() {
        add_conflicts(resume, &facts, &used, &mut conflicts);
    }
    conflicts
}

/// Adds the upvars that are alive wherever they are written, and what is mentioned while they are in
/// use: since the coroutine has not been suspended yet, it must have been written then.
fn add_conflicts<'tcx>(
    resume: Resume<'_, 'tcx>,
    facts: &IndexVec<Local, Facts>,
    used: &[(FieldIdx, Local)],
    conflicts: &mut Conflicts,
) {
    let Resume { tcx, body, .. } = resume;
    let borrowed = MaybeBorrowedLocals.iterate_to_fixpoint(tcx, body, None);
    let requires = MaybeRequiresStorage::new(ResultsCursor::new_borrowing(body, &borrowed))
        .iterate_to_fixpoint(tcx, body, None);
    let live = MaybeLiveLocals.iterate_to_fixpoint(tcx, body, None);
    let mut borrowed = ResultsCursor::new_borrowing(body, &borrowed);
    let mut requires = ResultsCursor::new_borrowing(body, &requires);
    let mut live = ResultsCursor::new_borrowing(body, &live);

    let is_written_unused = written_unused(facts, used, &mut live, &mut borrowed, &mut requires);
    let used: Vec<_> =
        used.iter().copied().filter(|(_, local)| !is_written_unused.contains(local)).collect();
    conflicts.extend(used.iter().map(|(field, _)| (*field, FxIndexSet::default())));

    for block in blocks_before_suspensions(body) {
        let mentions = mentions(resume, block);
        let mut alive: Vec<Vec<_>> = Vec::with_capacity(mentions.len());
        for (location, _) in mentions.iter().rev() {
            // The state in front of the location.
            live.seek_after_primary_effect(*location);
            alive.push(used.iter().map(|(_, local)| live.get().contains(*local)).collect());
        }
        for ((location, saved), alive) in mentions.into_iter().zip(alive.into_iter().rev()) {
            borrowed.seek_before_primary_effect(location);
            requires.seek_before_primary_effect(location);
            for (&(field, local), is_live) in used.iter().zip(alive) {
                let is_alive = is_live || borrowed.get().contains(local);
                if is_alive && requires.get().contains(local) {
                    conflicts[&field].extend(saved.iter().copied());
                }
            }
        }
    }
}

/// The locals of which a part is written where they are not alive, or have no value: a union that was
/// moved out of gets a new one when one of its fields is assigned.
///
/// Here and above, each cursor is led in the direction of its analysis: in the other one, every step starts
/// anew at the end of the block, and long blocks take for ever.
fn written_unused<'tcx>(
    facts: &IndexVec<Local, Facts>,
    used: &[(FieldIdx, Local)],
    live: &mut ResultsCursor<'_, 'tcx, MaybeLiveLocals>,
    borrowed: &mut ResultsCursor<'_, 'tcx, MaybeBorrowedLocals>,
    requires: &mut ResultsCursor<'_, 'tcx, MaybeRequiresStorage<'_, 'tcx>>,
) -> FxHashSet<Local> {
    let of_local = |&(_, local): &(FieldIdx, Local)| {
        facts[local].written_in_part.iter().map(move |location| (*location, local))
    };
    let mut written: Vec<(Location, Local)> = used.iter().flat_map(of_local).collect();
    written.sort_unstable();
    let has_no_value = |&&(location, local): &&(Location, Local)| {
        seek_in_front(requires, location);
        !requires.get().contains(local)
    };
    let empty: Vec<Local> = written.iter().filter(has_no_value).map(|(_, local)| *local).collect();
    written.reverse();
    written.retain(|&(location, local)| {
        // A backward analysis: the state behind the location.
        live.seek_before_primary_effect(location);
        !live.get().contains(local)
    });
    written.reverse();
    written.retain(|&(location, local)| {
        borrowed.seek_before_primary_effect(location);
        !borrowed.get().contains(local)
    });
    written.into_iter().map(|(_, local)| local).chain(empty).collect()
}

/// The blocks that may run before the coroutine is suspended for the first time.
fn blocks_before_suspensions(body: &Body<'_>) -> FxIndexSet<BasicBlock> {
    let start = Location { block: record::unresumed_block(body), statement_index: 0 };
    let mut blocks = FxIndexSet::default();
    walk_from(body, [start], |location| {
        blocks.insert(location.block);
        Step::On
    });
    blocks
}

/// Where a block mentions saved locals, and which.
fn mentions<'tcx>(
    resume: Resume<'_, 'tcx>,
    block: BasicBlock,
) -> Vec<(Location, Vec<CoroutineSavedLocal>)> {
    let end = resume.body.terminator_loc(block).statement_index;
    let locations = (0..=end).map(|statement_index| Location { block, statement_index });
    let mentions = locations.filter_map(|location| {
        let mut mentioned = Mentioned { resume, saved: Vec::new() };
        mentioned.visit_location(resume.body, location);
        (!mentioned.saved.is_empty()).then_some((location, mentioned.saved))
    });
    mentions.collect()
}

/// Moves a cursor of a forward analysis to where nothing at a location has had an effect.
fn seek_in_front<'tcx, A: Analysis<'tcx>>(
    cursor: &mut ResultsCursor<'_, 'tcx, A>,
    location: Location,
) {
    match location.statement_index.checked_sub(1) {
        Some(statement_index) => {
            cursor.seek_after_primary_effect(Location { statement_index, ..location })
        }
        None => cursor.seek_to_block_start(location.block),
    }
}

/// The saved locals that a statement or terminator mentions.
struct Mentioned<'a, 'tcx> {
    resume: Resume<'a, 'tcx>,
    saved: Vec<CoroutineSavedLocal>,
}

impl<'tcx> Visitor<'tcx> for Mentioned<'_, 'tcx> {
    fn visit_place(&mut self, place: &Place<'tcx>, context: PlaceContext, location: Location) {
        if context.is_use()
            && let Some(Field::Saved(saved)) = self.resume.field(place)
        {
            self.saved.push(saved);
        }
        self.super_place(place, context, location);
    }
}

/// Replaces slots and locals by the upvars' own places, in the body and in those that drop the
/// coroutine.
pub(crate) fn apply<'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &mut Body<'tcx>,
    layout: &CoroutineLayout<'tcx>,
    plan: &Plan<'tcx>,
    slots: &IndexVec<FieldIdx, Option<CoroutineSavedLocal>>,
    unsaved: &Conflicts,
) {
    let upvar_of_slot: FxHashMap<_, _> =
        plan.relocated().filter_map(|(field, ..)| Some((slots[field]?, field))).collect();
    let in_place: FxHashSet<_> = plan
        .relocated()
        .filter(|(field, ..)| unsaved.contains_key(field))
        .map(|(_, local, _)| local)
        .collect();
    let temporaries: FxHashSet<_> = plan.temporaries.iter().copied().collect();
    let place_of_local = places_of_upvars(Resume { tcx, body, layout }, &in_place);

    let use_upvars = |body: &mut Body<'tcx>, place_of_local| {
        let own = own_references(body, plan);
        let upvar_of_slot = &upvar_of_slot;
        let temporaries = &temporaries;
        UseUpvars { tcx, layout, own, upvar_of_slot, place_of_local, temporaries }.visit_body(body);
    };
    use_upvars(body, &place_of_local);
    // These drop what is saved, and upvars of a coroutine that has not been resumed.
    let none = FxHashMap::default();
    for body in record::dropping_bodies(body) {
        use_upvars(body, &none);
    }
}

/// The upvar that each of some locals is moved from.
fn places_of_upvars<'tcx>(
    resume: Resume<'_, 'tcx>,
    locals: &FxHashSet<Local>,
) -> FxHashMap<Local, Place<'tcx>> {
    let statements = resume.body.basic_blocks.iter().flat_map(|data| &data.statements);
    let moves = statements.filter_map(|statement| match &statement.kind {
        StatementKind::Assign(box (to, Rvalue::Use(Operand::Move(from)))) => {
            let to = to.as_local().filter(|local| locals.contains(local))?;
            matches!(resume.field(from)?, Field::Upvar(_)).then_some((to, *from))
        }
        _ => None,
    });
    moves.collect()
}

/// The locals that point to the coroutine whose body this is.
fn own_references<'tcx>(body: &Body<'tcx>, plan: &Plan<'tcx>) -> FxHashSet<Local> {
    let is_own = |ty: Ty<'tcx>| {
        let pointee = ty.builtin_deref(true);
        pointee.is_some_and(|ty| matches!(*ty.kind(), ty::Coroutine(id, _) if id == plan.coroutine))
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
