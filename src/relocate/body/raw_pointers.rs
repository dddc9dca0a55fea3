//! Which locals raw pointers may lead to.
//!
//! Unsafe code may use the place of a local that has been moved out of: rustc keeps the storage of
//! what has been borrowed. So such a local keeps a place of its own (see [`crate::relocate::coalesce`]). Raw pointers
//! come from `&raw`, but more often from references: `&mut x as *mut T`, `ptr::from_mut(&mut x)`,
//! `NonNull::from(&mut x)`, `x.as_mut_ptr()`. Here all that a body makes out of references is followed, without
//! regard to order, to every local whose type says that it holds a raw pointer:
//!
//! * from what is assigned to where it is assigned;
//! * from a local's borrow back to the local: what is written through the borrow is in the local;
//! * from each argument of a call to its result, and to the other arguments that are pointers: the callee may write it
//!   to where they point;
//! * from the operands of assembly to its outputs, and likewise to each other;
//! * from what is yielded to what the coroutine is resumed with: the caller has both.
//!
//! What a function or the caller keeps to itself is not seen, nor a raw pointer inside a type that does not name it.

use rustc_index::IndexVec;
use rustc_index::bit_set::DenseBitSet;
use rustc_middle::mir::visit::{PlaceContext, Visitor};
use rustc_middle::mir::{
    Body, BorrowKind, InlineAsmOperand, Local, Location, Operand, Place, Rvalue, Terminator,
    TerminatorKind,
};
use rustc_middle::ty::{self, Ty, TyCtxt};
use rustc_span::sym;

use super::borrows::borrowed_place;

/// The locals that raw pointers may lead to.
pub(crate) fn targets<'tcx>(tcx: TyCtxt<'tcx>, body: &Body<'tcx>) -> DenseBitSet<Local> {
    let locals = body.local_decls.len();
    let holds_raw_pointer = |local: &Local| holds_raw_pointer(tcx, body.local_decls[*local].ty);
    let mut pending: Vec<Local> = body.local_decls.indices().filter(holds_raw_pointer).collect();
    let mut targets = DenseBitSet::new_empty(locals);
    if pending.is_empty() {
        return targets;
    }
    let mut origins = Origins {
        body,
        into: Vec::new(),
        borrowed: IndexVec::from_elem_n(Vec::new(), locals),
        used: IndexVec::from_elem_n(Vec::new(), locals),
        yielded: Vec::new(),
        resumed_with: Vec::new(),
    };
    origins.visit_body(body);
    let Origins { borrowed, mut used, yielded, resumed_with, .. } = origins;
    for local in resumed_with {
        used[local].extend(&yielded);
    }

    let mut seen = DenseBitSet::new_empty(locals);
    while let Some(local) = pending.pop() {
        if seen.insert(local) {
            borrowed[local].iter().for_each(|target| _ = targets.insert(*target));
            // What is borrowed may hold references, too.
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

/// Whether something may be written to where a value of a type points.
fn may_point(ty: Ty<'_>) -> bool {
    ty.walk().filter_map(|part| part.as_type()).any(|part| part.is_any_ptr())
}

/// What the value of each local is made of.
struct Origins<'a, 'tcx> {
    body: &'a Body<'tcx>,
    /// The locals that get what is looked at.
    into: Vec<Local>,
    /// The locals that are borrowed for it.
    borrowed: IndexVec<Local, Vec<Local>>,
    /// The locals that may have held references which it now holds.
    used: IndexVec<Local, Vec<Local>>,
    /// The locals whose values are yielded.
    yielded: Vec<Local>,
    /// The locals that get what the coroutine is resumed with.
    resumed_with: Vec<Local>,
}

impl<'tcx> Origins<'_, 'tcx> {
    /// What some operands hold may be in `into` afterwards, and where the other operands point.
    fn mix(&mut self, operands: &[&Operand<'tcx>], into: &[Local], location: Location) {
        let pointers = operands.iter().filter_map(|operand| operand.place());
        let pointers: Vec<Local> = pointers
            .map(|place| place.local)
            .filter(|local| may_point(self.body.local_decls[*local].ty))
            .collect();
        for operand in operands {
            self.into = into.to_vec();
            let own = operand.place().map(|place| place.local);
            self.into.extend(pointers.iter().filter(|pointer| Some(**pointer) != own));
            self.visit_operand(operand, location);
        }
        self.into.clear();
    }
}

impl<'tcx> Visitor<'tcx> for Origins<'_, 'tcx> {
    fn visit_assign(&mut self, to: &Place<'tcx>, value: &Rvalue<'tcx>, location: Location) {
        self.into = vec![to.local];
        match borrowed_place(value) {
            Some(place) => {
                self.borrowed[to.local].push(place.local);
                if may_point(self.body.local_decls[place.local].ty) {
                    self.used[place.local].push(to.local);
                }
            }
            None if matches!(value, Rvalue::Ref(_, BorrowKind::Fake(_), _)) => {}
            // A borrow of what a pointer leads to is made of that pointer.
            None => self.visit_rvalue(value, location),
        }
        self.into.clear();
    }

    fn visit_terminator(&mut self, terminator: &Terminator<'tcx>, location: Location) {
        match &terminator.kind {
            TerminatorKind::Call { func, args, destination, .. } => {
                let operands: Vec<_> =
                    [func].into_iter().chain(args.iter().map(|a| &a.node)).collect();
                self.mix(&operands, &[destination.local], location);
            }
            TerminatorKind::Yield { value, resume_arg, .. } => {
                self.yielded.extend(value.place().map(|place| place.local));
                self.resumed_with.push(resume_arg.local);
            }
            TerminatorKind::InlineAsm { operands, .. } => {
                let mut inputs = Vec::new();
                let mut outputs: Vec<&Place<'_>> = Vec::new();
                for operand in operands {
                    match operand {
                        InlineAsmOperand::In { value, .. } => inputs.push(value),
                        InlineAsmOperand::Out { place, .. } => outputs.extend(place),
                        InlineAsmOperand::InOut { in_value, out_place, .. } => {
                            inputs.push(in_value);
                            outputs.extend(out_place);
                        }
                        InlineAsmOperand::Const { .. }
                        | InlineAsmOperand::SymFn { .. }
                        | InlineAsmOperand::SymStatic { .. }
                        | InlineAsmOperand::Label { .. } => {}
                    }
                }
                let outputs: Vec<Local> = outputs.into_iter().map(|place| place.local).collect();
                self.mix(&inputs, &outputs, location);
            }
            // The body does not go on after it.
            TerminatorKind::TailCall { .. } => {}
            // A destructor keeps what it makes, if it makes any, to itself.
            TerminatorKind::Drop { .. }
            | TerminatorKind::Goto { .. }
            | TerminatorKind::SwitchInt { .. }
            | TerminatorKind::UnwindResume
            | TerminatorKind::UnwindTerminate(_)
            | TerminatorKind::Return
            | TerminatorKind::Unreachable
            | TerminatorKind::Assert { .. }
            | TerminatorKind::CoroutineDrop
            | TerminatorKind::FalseEdge { .. }
            | TerminatorKind::FalseUnwind { .. } => {}
        }
    }

    fn visit_local(&mut self, local: Local, _: PlaceContext, _: Location) {
        if !self.body.local_decls[local].ty.is_primitive() {
            for into in &self.into {
                self.used[*into].push(local);
            }
        }
    }
}
