//! Lets no place be indexed by what a suspension keeps.
//!
//! `StateTransform` turns saved locals into fields of the coroutine wherever a place begins with
//! them, but not where they are the index in a place: `a[i]` goes on to read a stack slot that
//! nothing has written since the coroutine was resumed (rust-lang/rust #158655). An index is a
//! temporary; a guard that awaits keeps it alive: `match a[i] { x if wait(x).await => .. }`. Stock
//! 1.95 reads out of bounds then.
//!
//! So such a place is indexed by a copy, which is made right before and which nothing keeps.

use std::collections::BTreeMap;

use rustc_data_structures::fx::FxHashSet;
use rustc_middle::mir::visit::{MutVisitor, PlaceContext, Visitor};
use rustc_middle::mir::{
    Body, Local, LocalDecl, Location, Operand, PlaceElem, PlaceRef, ProjectionElem, Rvalue,
    Statement, StatementKind,
};
use rustc_middle::ty::TyCtxt;

use super::body::facts;
use super::body::facts::is_for_borrowck;
use super::body::flow::suspends_between;

/// Indexes places by copies where the index is kept across a suspension.
pub(super) fn copy_kept<'tcx>(tcx: TyCtxt<'tcx>, body: &mut Body<'tcx>) {
    let mut uses = FindUses::default();
    uses.visit_body(body);
    // As in most bodies.
    if uses.0.is_empty() {
        return;
    }
    let facts = facts::gather(tcx, body);
    // Such a local is a field everywhere, also where it is used before the suspension.
    let mut kept: FxHashSet<Local> = FxHashSet::default();
    for (location, indices) in &uses.0 {
        kept.extend(indices.iter().filter(|index| {
            let mut definitions = facts[**index].definitions.iter();
            definitions.any(|definition| suspends_between(body, *definition, *location))
        }));
    }
    // From the back, so that locations stay true.
    for (location, mut indices) in uses.0.into_iter().rev() {
        indices.retain(|index| kept.contains(index));
        if !indices.is_empty() {
            copy_before(tcx, body, location, &indices);
        }
    }
}

/// Where places are indexed, and by which locals.
#[derive(Default)]
struct FindUses(BTreeMap<Location, Vec<Local>>);

impl<'tcx> Visitor<'tcx> for FindUses {
    fn visit_projection_elem(
        &mut self,
        _: PlaceRef<'tcx>,
        elem: PlaceElem<'tcx>,
        context: PlaceContext,
        location: Location,
    ) {
        let index = match elem {
            ProjectionElem::Index(local) => local,
            // None of these has a local.
            ProjectionElem::Deref
            | ProjectionElem::Field(..)
            | ProjectionElem::ConstantIndex { .. }
            | ProjectionElem::Subslice { .. }
            | ProjectionElem::Downcast(..)
            | ProjectionElem::OpaqueCast(_)
            | ProjectionElem::UnwrapUnsafeBinder(_) => return,
        };
        if !is_for_borrowck(context) {
            self.0.entry(location).or_default().push(index);
        }
    }
}

/// Copies some indices right before a location, and lets the places there be indexed by the copies.
fn copy_before<'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &mut Body<'tcx>,
    location: Location,
    indices: &[Local],
) {
    let source_info = *body.source_info(location);
    let decl = LocalDecl::new(tcx.types.usize, source_info.span);
    let copies =
        indices.iter().map(|index| (*index, body.local_decls.push(decl.clone()))).collect();
    let mut by_copies = IndexByCopies { tcx, copies };
    let data = &mut body.basic_blocks_mut()[location.block];
    let at = location.statement_index;
    match data.statements.get_mut(at) {
        Some(statement) => by_copies.visit_statement(statement, location),
        None => by_copies.visit_terminator(data.terminator_mut(), location),
    }
    let assignments = by_copies.copies.iter().map(|(index, copy)| {
        let value = Rvalue::Use(Operand::Copy((*index).into()));
        let assign = StatementKind::Assign(Box::new(((*copy).into(), value)));
        Statement::new(source_info, assign)
    });
    data.statements.splice(at..at, assignments);
}

struct IndexByCopies<'tcx> {
    tcx: TyCtxt<'tcx>,
    copies: BTreeMap<Local, Local>,
}

impl<'tcx> MutVisitor<'tcx> for IndexByCopies<'tcx> {
    fn tcx(&self) -> TyCtxt<'tcx> {
        self.tcx
    }

    fn process_projection_elem(
        &mut self,
        elem: PlaceElem<'tcx>,
        _: Location,
    ) -> Option<PlaceElem<'tcx>> {
        let ProjectionElem::Index(local) = elem else { return None };
        Some(ProjectionElem::Index(*self.copies.get(&local)?))
    }
}
