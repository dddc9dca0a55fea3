//! Finds the locals that a raw pointer may lead to: `&raw mut x`, `&mut x as *mut T`,
//! `NonNull::from(&mut x)`.
//!
//! Of references, borrowck knows that they are not used when the local has been moved out of. Of
//! raw pointers it knows nothing, and unsafe code may fill the place of what has been moved again.
//! A reference becomes a raw pointer by a cast, or in a call that returns one. What a callee keeps
//! elsewhere is not seen.

use rustc_data_structures::fx::FxHashSet;
use rustc_index::IndexVec;
use rustc_middle::mir::visit::Visitor;
use rustc_middle::mir::{
    Body, BorrowKind, Local, Location, Operand, Place, Rvalue, Terminator, TerminatorKind,
};
use rustc_middle::ty::{Ty, TyCtxt};
use rustc_span::sym;

/// The locals that raw pointers may lead to, or to parts of them.
pub(super) fn pointed_to<'tcx>(tcx: TyCtxt<'tcx>, body: &Body<'tcx>) -> FxHashSet<Local> {
    if !body.local_decls.iter().any(|decl| is_raw_pointer(tcx, decl.ty)) {
        return FxHashSet::default();
    }
    let targets = IndexVec::from_elem(FxHashSet::default(), &body.local_decls);
    let mut flow = Flow { targets, changed: true };
    while std::mem::take(&mut flow.changed) {
        flow.visit_body(body);
    }
    let pointers = flow.targets.iter_enumerated();
    let pointers = pointers.filter(|(local, _)| is_raw_pointer(tcx, body.local_decls[*local].ty));
    pointers.flat_map(|(_, targets)| targets).copied().collect()
}

fn is_raw_pointer<'tcx>(tcx: TyCtxt<'tcx>, ty: Ty<'tcx>) -> bool {
    let is_non_null =
        || ty.ty_adt_def().is_some_and(|adt| tcx.is_diagnostic_item(sym::NonNull, adt.did()));
    ty.is_raw_ptr() || is_non_null()
}

/// Where pointers flow, whatever the order of statements.
struct Flow {
    /// The locals that each local, or something in it, may point to.
    targets: IndexVec<Local, FxHashSet<Local>>,
    changed: bool,
}

impl Flow {
    fn add_all(&mut self, to: Local, targets: impl IntoIterator<Item = Local>) {
        for target in targets {
            self.changed |= self.targets[to].insert(target);
        }
    }

    /// What is computed from a place may point to whatever something in it points to.
    fn add_value(&mut self, to: Local, from: Local) {
        if to != from && !self.targets[from].is_empty() {
            let targets = self.targets[from].clone();
            self.add_all(to, targets);
        }
    }

    fn add_pointer(&mut self, to: Local, place: &Place<'_>) {
        if place.is_indirect() {
            self.add_value(to, place.local);
        } else {
            self.add_all(to, [place.local]);
        }
    }
}

impl<'tcx> Visitor<'tcx> for Flow {
    fn visit_assign(&mut self, place: &Place<'tcx>, rvalue: &Rvalue<'tcx>, location: Location) {
        match rvalue {
            Rvalue::Ref(_, BorrowKind::Fake(_), _) => {}
            Rvalue::Ref(_, _, target) | Rvalue::RawPtr(_, target) => {
                self.add_pointer(place.local, target);
            }
            _ => Values { flow: self, to: place.local }.visit_rvalue(rvalue, location),
        }
    }

    fn visit_terminator(&mut self, terminator: &Terminator<'tcx>, location: Location) {
        if let TerminatorKind::Call { args, destination, .. } = &terminator.kind {
            for argument in args {
                let mut values = Values { flow: self, to: destination.local };
                values.visit_operand(&argument.node, location);
            }
        }
    }
}

/// Adds to a local what some operands point to.
struct Values<'a> {
    flow: &'a mut Flow,
    to: Local,
}

impl<'tcx> Visitor<'tcx> for Values<'_> {
    fn visit_operand(&mut self, operand: &Operand<'tcx>, _: Location) {
        if let Some(place) = operand.place() {
            self.flow.add_value(self.to, place.local);
        }
    }
}
