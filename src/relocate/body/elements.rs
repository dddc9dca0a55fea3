//! Locals that elements of an array are moved out of, each on its own: `let [first, ..] = pair`.
//!
//! Where such a local may be empty, drop elaboration takes its drops apart, and drops elements from the last to the first
//! (`open_drop_for_array` in `rustc_mir_transform`'s `elaborate_drop.rs`); a whole array is dropped from the first to the last. What
//! is still whole in another local must be dropped as it would be there, so the two are not merged.

use rustc_index::bit_set::DenseBitSet;
use rustc_middle::mir::visit::Visitor;
use rustc_middle::mir::{Body, Local, Location, Operand, ProjectionElem};
use rustc_middle::ty::{self, TyCtxt};

/// The locals that elements are moved out of, or parts of them, of arrays with destructors.
pub(crate) fn moved_from<'tcx>(tcx: TyCtxt<'tcx>, body: &Body<'tcx>) -> DenseBitSet<Local> {
    let found = DenseBitSet::new_empty(body.local_decls.len());
    let mut find = Find { tcx, body, found };
    find.visit_body(body);
    find.found
}

struct Find<'a, 'tcx> {
    tcx: TyCtxt<'tcx>,
    body: &'a Body<'tcx>,
    found: DenseBitSet<Local>,
}

impl<'tcx> Visitor<'tcx> for Find<'_, 'tcx> {
    fn visit_operand(&mut self, operand: &Operand<'tcx>, _: Location) {
        let Operand::Move(place) = operand else { return };
        let typing_env = ty::TypingEnv::post_analysis(self.tcx, self.body.source.def_id());
        for (array, elem) in place.iter_projections() {
            let is_of_array = match elem {
                ProjectionElem::Index(_)
                | ProjectionElem::ConstantIndex { .. }
                | ProjectionElem::Subslice { .. } => true,
                ProjectionElem::Deref
                | ProjectionElem::Field(..)
                | ProjectionElem::Downcast(..)
                | ProjectionElem::OpaqueCast(_)
                | ProjectionElem::UnwrapUnsafeBinder(_) => false,
            };
            // What is moved may have no destructor where its neighbours do.
            let has_destructors = || {
                let ty = array.ty(&self.body.local_decls, self.tcx).ty;
                ty.needs_drop(self.tcx, typing_env)
            };
            if is_of_array && has_destructors() {
                self.found.insert(place.local);
            }
        }
    }
}
