//! Which locals raw pointers may lead to.
//!
//! Unsafe code may use the place of a local that has been moved out of: rustc keeps the storage of
//! what has been borrowed. So such a local keeps a place of its own (see [`crate::relocate::coalesce::merge`]). Raw pointers
//! come from `&raw`, but more often from references: `&mut x as *mut T`, `ptr::from_mut(&mut x)`,
//! `NonNull::from(&mut x)`, `x.as_mut_ptr()`. Here all that a body makes out of references is followed,
//! without regard to order; what functions keep to themselves is not seen.

use rustc_index::IndexVec;
use rustc_index::bit_set::DenseBitSet;
use rustc_middle::mir::visit::{PlaceContext, Visitor};
use rustc_middle::mir::{
    Body, BorrowKind, Local, Location, Place, Rvalue, Terminator, TerminatorKind,
};
use rustc_middle::ty::{self, Ty, TyCtxt};
use rustc_span::sym;

/// The locals that raw pointers may lead to.
pub(crate) fn targets<'tcx>(tcx: TyCtxt<'tcx>, body: &Body<'tcx>) -> DenseBitSet<Local> {
    let locals = body.local_decls.len();
    let mut origins = Origins {
        body,
        into: None,
        borrowed: IndexVec::from_elem_n(Vec::new(), locals),
        used: IndexVec::from_elem_n(Vec::new(), locals),
    };
    origins.visit_body(body);
    let Origins { borrowed, used, .. } = origins;

    let holds_raw_pointer = |local: &Local| holds_raw_pointer(tcx, body.local_decls[*local].ty);
    let mut pending: Vec<Local> = body.local_decls.indices().filter(holds_raw_pointer).collect();
    let mut seen = DenseBitSet::new_empty(locals);
    let mut targets = DenseBitSet::new_empty(locals);
    while let Some(local) = pending.pop() {
        if seen.insert(local) {
            borrowed[local].iter().for_each(|target| _ = targets.insert(*target));
            // What is borrowed may hold references in its turn.
            pending.extend(borrowed[local].iter().chain(&used[local]));
        }
    }
    targets
}

fn holds_raw_pointer<'tcx>(tcx: TyCtxt<'tcx>, ty: Ty<'tcx>) -> bool {
    ty.walk().filter_map(|part| part.as_type()).any(|part| match part.kind() {
        ty::RawPtr(..) => true,
        ty::Adt(adt, _) => tcx.is_diagnostic_item(sym::NonNull, adt.did()),
        _ => false,
    })
}

/// What the value of each local is made of.
struct Origins<'a, 'tcx> {
    body: &'a Body<'tcx>,
    /// The local that gets what is looked at.
    into: Option<Local>,
    /// The locals that are borrowed for it.
    borrowed: IndexVec<Local, Vec<Local>>,
    /// The locals that may have held references which it now holds.
    used: IndexVec<Local, Vec<Local>>,
}

impl<'tcx> Visitor<'tcx> for Origins<'_, 'tcx> {
    fn visit_assign(&mut self, to: &Place<'tcx>, value: &Rvalue<'tcx>, location: Location) {
        self.into = Some(to.local);
        match value {
            Rvalue::Ref(_, BorrowKind::Fake(_), _) => {}
            Rvalue::Ref(_, _, place) | Rvalue::RawPtr(_, place) if !place.is_indirect() => {
                self.borrowed[to.local].push(place.local);
            }
            _ => self.visit_rvalue(value, location),
        }
        self.into = None;
    }

    fn visit_terminator(&mut self, terminator: &Terminator<'tcx>, location: Location) {
        if let TerminatorKind::Call { args, destination, .. } = &terminator.kind {
            self.into = Some(destination.local);
            args.iter().for_each(|argument| self.visit_operand(&argument.node, location));
            self.into = None;
        }
    }

    fn visit_local(&mut self, local: Local, _: PlaceContext, _: Location) {
        if let Some(into) = self.into
            && !self.body.local_decls[local].ty.is_primitive()
        {
            self.used[into].push(local);
        }
    }
}
