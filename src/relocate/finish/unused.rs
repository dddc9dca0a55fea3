//! Removes the locals that the bodies which drop a coroutine do not use.
//!
//! `StateTransform` makes them from copies of the coroutine's body and keeps all of its locals. rustc removes unused
//! locals of other bodies, but not of these, and Cranelift gives each of them its place on the stack:
//! dropping a future would take as much stack as polling it.

use rustc_index::IndexVec;
use rustc_index::bit_set::DenseBitSet;
use rustc_middle::mir::visit::{MutVisitor, NonUseContext, PlaceContext, Visitor};
use rustc_middle::mir::{Body, Local, Location, StatementKind, VarDebugInfoContents};
use rustc_middle::ty::TyCtxt;

/// Removes the locals that nothing uses, and what begins and ends their storage.
pub(crate) fn remove_unused_locals<'tcx>(tcx: TyCtxt<'tcx>, body: &mut Body<'tcx>) {
    let mut used = Used(DenseBitSet::new_empty(body.local_decls.len()));
    for local in body.local_decls.indices().take(body.arg_count + 1) {
        used.0.insert(local);
    }
    used.visit_body(body);
    let Used(used) = used;

    for data in body.basic_blocks.as_mut_preserves_cfg() {
        data.statements.retain(|statement| match statement.kind {
            StatementKind::StorageLive(local) | StatementKind::StorageDead(local) => {
                used.contains(local)
            }
            _ => true,
        });
    }
    body.var_debug_info.retain(|variable| match &variable.value {
        VarDebugInfoContents::Place(place) => used.contains(place.local),
        VarDebugInfoContents::Const(_) => true,
    });
    let mut new = IndexVec::from_elem(None, &body.local_decls);
    let mut decls = IndexVec::new();
    for local in used.iter() {
        new[local] = Some(decls.push(body.local_decls[local].clone()));
    }
    body.local_decls = decls;
    Renumber { tcx, new }.visit_body(body);
}

struct Used(DenseBitSet<Local>);

impl<'tcx> Visitor<'tcx> for Used {
    fn visit_local(&mut self, local: Local, context: PlaceContext, _: Location) {
        let is_use = !matches!(
            context,
            PlaceContext::NonUse(
                NonUseContext::StorageLive
                    | NonUseContext::StorageDead
                    | NonUseContext::VarDebugInfo
            )
        );
        if is_use {
            self.0.insert(local);
        }
    }
}

struct Renumber<'tcx> {
    tcx: TyCtxt<'tcx>,
    new: IndexVec<Local, Option<Local>>,
}

impl<'tcx> MutVisitor<'tcx> for Renumber<'tcx> {
    fn tcx(&self) -> TyCtxt<'tcx> {
        self.tcx
    }

    fn visit_local(&mut self, local: &mut Local, _: PlaceContext, _: Location) {
        *local = self.new[*local].expect("what is left uses locals that are left");
    }
}
