//! Variables of patterns are parts of the relocated local.
//!
//! `async fn f((a, b): (A, B))` desugars to a capture, `let __arg0 = __arg0;` and
//! `let (a, b) = __arg0;`. The first move is none (see [`crate::relocate::promote::binding`]); the second takes the
//! value apart. Where that is all that ever happens to these parts, the variables need no places of
//! their own: `a` is `__arg0.0`.
//!
//! The parts are taken immediately, on the straight way from the entry, so nothing can happen to the
//! whole before. After that, only its drop mentions it, which drop elaboration splits into those of the parts
//! that no pattern took.
//!
//! Drop elaboration knows only parts that are moved or assigned. So a part with drop glue is moved
//! to a temporary and back where it was taken; [`crate::relocate::finish::in_place`] takes these moves out again.

use rustc_data_structures::fx::{FxHashMap, FxHashSet};
use rustc_index::IndexVec;
use rustc_middle::mir::visit::{MutVisitor, MutatingUseContext, PlaceContext, Visitor};
use rustc_middle::mir::{
    Body, Local, LocalDecl, Location, Operand, Place, PlaceElem, ProjectionElem, Rvalue, Statement,
    StatementKind,
};
use rustc_middle::ty::{self, Ty, TyCtxt};
use rustc_span::DUMMY_SP;

use crate::decisions::{Decisions, Phase, Subject};
use crate::relocate::body::facts::{self, Facts};
use crate::relocate::body::flow::entry_blocks;
use crate::relocate::body::flow::{Step, walk_after};
use crate::relocate::promote::homes::Homes;

/// Replaces the variables by the parts of the relocated locals that they are moved from.
///
/// The locals that this returns are temporaries, which go again when drops have been elaborated.
pub(crate) fn join<'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &mut Body<'tcx>,
    homes: &Homes<'tcx>,
    decisions: &Decisions,
) -> Vec<Local> {
    let facts = facts::gather(tcx, body);
    let taken = parts_taken_at_once(tcx, body, homes);
    let mut parts = FxHashMap::default();
    let mut takes = Vec::new();
    let mut removed = FxHashSet::<Location>::default();
    for (_, whole, _) in homes.relocated() {
        let of_whole: Vec<_> = taken.iter().filter(|part| part.from.local == whole).collect();
        let is_only_taken_apart = is_only_taken_apart(body, &facts[whole], &of_whole);
        for part in of_whole {
            let variable = &facts[part.to];
            let subject = Subject::Move { from: whole, to: part.to, at: part.location };
            if !is_only_taken_apart {
                let reason = "what the pattern takes is used in other ways, too";
                decisions.refuse(Phase::Coalescing, body, subject, reason);
            } else if !is_replaceable(body, variable, &facts[whole], part) {
                let reason = "the variable is assigned again, or outlives what it is a part of";
                decisions.refuse(Phase::Coalescing, body, subject, reason);
            } else {
                decisions.done(Phase::Coalescing, body, subject, "it stays a part");
                parts.insert(part.to, part.from);
                takes.push((part.location, part.from));
                removed.extend(variable.storage_live.iter().chain(&variable.storage_dead));
            }
        }
    }
    let mut temporaries = Vec::new();
    if parts.is_empty() {
        return temporaries;
    }
    let blocks = body.basic_blocks_mut();
    for location in removed {
        blocks[location.block].statements[location.statement_index].make_nop(true);
    }
    // From the back, so that locations stay true.
    takes.sort_by_key(|(location, _)| std::cmp::Reverse(*location));
    for (location, part) in takes {
        let typing_env = ty::TypingEnv::post_analysis(tcx, body.source.def_id());
        let ty = part.ty(&body.local_decls, tcx).ty;
        if ty.needs_drop(tcx, typing_env) {
            temporaries.push(move_and_back(body, location, part, ty));
        } else {
            let blocks = body.basic_blocks_mut();
            blocks[location.block].statements[location.statement_index].make_nop(true);
        }
    }
    UseParts { tcx, parts: &parts }.visit_body(body);
    temporaries
}

/// Replaces the statement that takes a part by moves to a temporary and back.
fn move_and_back<'tcx>(
    body: &mut Body<'tcx>,
    location: Location,
    part: Place<'tcx>,
    ty: Ty<'tcx>,
) -> Local {
    let temporary = body.local_decls.push(LocalDecl::new(ty, DUMMY_SP));
    let statements = &mut body.basic_blocks_mut()[location.block].statements;
    let source_info = statements[location.statement_index].source_info;
    let move_to = |to: Place<'tcx>, from: Place<'tcx>| {
        StatementKind::Assign(Box::new((to, Rvalue::Use(Operand::Move(from)))))
    };
    let kinds = [
        StatementKind::StorageLive(temporary),
        move_to(temporary.into(), part),
        move_to(part, temporary.into()),
        StatementKind::StorageDead(temporary),
    ];
    let replacement = kinds.map(|kind| Statement::new(source_info, kind));
    statements.splice(location.statement_index..=location.statement_index, replacement);
    temporary
}

/// The statements that take parts which [`join`] may replace their targets by.
pub(crate) fn takes<'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &Body<'tcx>,
    facts: &IndexVec<Local, Facts>,
    homes: &Homes<'tcx>,
) -> FxHashSet<Location> {
    let taken = parts_taken_at_once(tcx, body, homes);
    let is_only_taken_apart = |whole: Local| {
        let of_whole: Vec<_> = taken.iter().filter(|part| part.from.local == whole).collect();
        is_only_taken_apart(body, &facts[whole], &of_whole)
    };
    let wholes: FxHashSet<Local> = taken.iter().map(|part| part.from.local).collect();
    let of_wholes = wholes.into_iter().filter(|whole| is_only_taken_apart(*whole));
    let apart: FxHashSet<Local> = of_wholes.collect();
    let takes = taken.iter().filter(|part| apart.contains(&part.from.local));
    takes.map(|part| part.location).collect()
}

/// A statement that moves or copies a part of a relocated local to a variable.
struct Part<'tcx> {
    to: Local,
    from: Place<'tcx>,
    location: Location,
}

/// The parts that are taken before anything can branch, unwind or suspend.
fn parts_taken_at_once<'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &Body<'tcx>,
    homes: &Homes<'tcx>,
) -> Vec<Part<'tcx>> {
    let mut parts = Vec::new();
    for block in entry_blocks(body) {
        for (statement_index, statement) in body.basic_blocks[block].statements.iter().enumerate() {
            let StatementKind::Assign(box (
                to,
                Rvalue::Use(Operand::Copy(from) | Operand::Move(from)),
            )) = statement.kind
            else {
                continue;
            };
            let Some(to) = to.as_local() else { continue };
            let is_part = homes.is_upvar(from.local)
                && !from.projection.is_empty()
                && to.as_usize() > body.arg_count
                && from.ty(&body.local_decls, tcx).ty == body.local_decls[to].ty
                && is_field_of_field(tcx, body, from);
            if is_part {
                parts.push(Part { to, from, location: Location { block, statement_index } });
            }
        }
    }
    parts
}

/// Whether a place is a field or an element, of a field and so on, that is aligned as its type demands
/// and shares its bytes with no other.
fn is_field_of_field<'tcx>(tcx: TyCtxt<'tcx>, body: &Body<'tcx>, place: Place<'tcx>) -> bool {
    place.iter_projections().all(|(base, elem)| {
        let base = base.ty(&body.local_decls, tcx).ty;
        if let ProjectionElem::ConstantIndex { from_end: false, .. } = elem {
            return base.is_array();
        }
        let ProjectionElem::Field(..) = elem else { return false };
        match base.kind() {
            ty::Tuple(_) => true,
            // A destructor would see what becomes of a variable that was copied.
            ty::Adt(adt, _) => {
                let repr = adt.repr();
                adt.is_struct() && !repr.packed() && !repr.simd() && adt.destructor(tcx).is_none()
            }
            _ => false,
        }
    })
}

/// Whether nothing happens to the parts of a relocated local but that they are taken, and to the whole
/// but that it is dropped.
fn is_only_taken_apart<'tcx>(body: &Body<'tcx>, whole: &Facts, parts: &[&Part<'tcx>]) -> bool {
    let Some(first) = parts.first() else { return false };
    let disjoint = parts.iter().enumerate().all(|(index, part)| {
        parts[..index].iter().all(|other| !overlap(part.from.projection, other.from.projection))
    });
    let mut search = ClashSearch { whole: first.from.local, parts, clash: false };
    search.visit_body(body);
    disjoint && !search.clash && !whole.is_index && whole.definitions.len() == 1
}

/// Looks for uses of a relocated local that meet a taken part.
struct ClashSearch<'a, 'tcx> {
    whole: Local,
    parts: &'a [&'a Part<'tcx>],
    clash: bool,
}

impl<'tcx> Visitor<'tcx> for ClashSearch<'_, 'tcx> {
    fn visit_statement(&mut self, statement: &Statement<'tcx>, location: Location) {
        let is_mention =
            matches!(statement.kind, StatementKind::FakeRead(..) | StatementKind::PlaceMention(_));
        if !is_mention {
            self.super_statement(statement, location);
        }
    }

    fn visit_place(&mut self, place: &Place<'tcx>, context: PlaceContext, location: Location) {
        if place.local == self.whole && context.is_use() {
            let is_whole = place.projection.is_empty();
            let allowed = match context {
                PlaceContext::MutatingUse(MutatingUseContext::Drop) => is_whole,
                // Its only definition.
                PlaceContext::MutatingUse(MutatingUseContext::Store) => is_whole,
                _ => self.parts.iter().any(|part| part.location == location),
            };
            let meets = |part: &&Part<'tcx>| overlap(part.from.projection, place.projection);
            self.clash |= !allowed && self.parts.iter().any(meets);
        }
    }
}

/// Whether two places in one local may share bytes.
fn overlap<'tcx>(one: &[PlaceElem<'tcx>], other: &[PlaceElem<'tcx>]) -> bool {
    let different = one.iter().zip(other).find(|(one, other)| one != other);
    match different {
        Some((ProjectionElem::Field(one, _), ProjectionElem::Field(other, _))) => one == other,
        Some((
            ProjectionElem::ConstantIndex { offset: one, from_end: false, .. },
            ProjectionElem::ConstantIndex { offset: other, from_end: false, .. },
        )) => one == other,
        // One is in the other, or the two cannot be told apart.
        _ => true,
    }
}

/// Whether a variable is filled once, and gone before the whole is.
fn is_replaceable(body: &Body<'_>, variable: &Facts, whole: &Facts, part: &Part<'_>) -> bool {
    let mut outlived = true;
    walk_after(body, part.location, |location| {
        if variable.storage_dead.contains(&location) {
            return Step::End;
        }
        outlived &= !whole.drops.contains(&location) && !whole.storage_dead.contains(&location);
        if outlived { Step::On } else { Step::End }
    });
    outlived
        && !variable.is_index
        && !variable.storage_live.is_empty()
        && variable.definitions == [part.location]
}

struct UseParts<'a, 'tcx> {
    tcx: TyCtxt<'tcx>,
    parts: &'a FxHashMap<Local, Place<'tcx>>,
}

impl<'tcx> MutVisitor<'tcx> for UseParts<'_, 'tcx> {
    fn tcx(&self) -> TyCtxt<'tcx> {
        self.tcx
    }

    fn visit_place(&mut self, place: &mut Place<'tcx>, _: PlaceContext, _: Location) {
        if let Some(part) = self.parts.get(&place.local) {
            *place = part.project_deeper(place.projection, self.tcx);
        }
    }
}
