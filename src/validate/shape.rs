//! What a statement or terminator does, apart from the places that it does it to.

use rustc_middle::mir::visit::{
    MutVisitor, MutatingUseContext, NonMutatingUseContext, NonUseContext, PlaceContext, Visitor,
};
use rustc_middle::mir::{
    Body, BorrowKind, Local, Location, NonDivergingIntrinsic, Operand, Place, RETURN_PLACE, Rvalue,
    START_BLOCK, Statement, StatementKind, Terminator, TerminatorKind, UnwindAction,
};
use rustc_middle::ty::TyCtxt;

use super::side::Point;

/// What happens to a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Use {
    Read,
    Move,
    Borrow,
    BorrowMut,
    RawBorrow,
    /// It gets a value.
    Write,
    /// It gets a value if the function goes on at the terminator's first target.
    WriteOnReturn,
    /// A part of its value changes.
    Change,
}

/// A place that a statement or terminator uses, and how.
pub(super) type Access<'tcx> = (Place<'tcx>, Use);

/// What only one body may do, without the other.
pub(super) enum Silent<'tcx> {
    Nothing,
    StorageLive(Local),
    StorageDead(Local),
    /// A value goes from one place to another.
    Transfer {
        to: Place<'tcx>,
        from: Place<'tcx>,
        is_move: bool,
    },
}

/// What a statement is if it is silent.
pub(super) fn silent<'tcx>(statement: &Statement<'tcx>) -> Option<Silent<'tcx>> {
    match &statement.kind {
        StatementKind::StorageLive(local) => Some(Silent::StorageLive(*local)),
        StatementKind::StorageDead(local) => Some(Silent::StorageDead(*local)),
        StatementKind::Assign(box (to, Rvalue::Use(Operand::Move(from)))) => {
            Some(Silent::Transfer { to: *to, from: *from, is_move: true })
        }
        StatementKind::Assign(box (to, Rvalue::Use(Operand::Copy(from)))) => {
            Some(Silent::Transfer { to: *to, from: *from, is_move: false })
        }
        // For borrowck: `CleanupPostBorrowck` removes them.
        StatementKind::Assign(box (_, Rvalue::Ref(_, BorrowKind::Fake(_), _)))
        | StatementKind::FakeRead(..)
        | StatementKind::PlaceMention(..)
        | StatementKind::AscribeUserType(..)
        | StatementKind::BackwardIncompatibleDropHint { .. }
        | StatementKind::Nop => Some(Silent::Nothing),
        StatementKind::Assign(..)
        | StatementKind::SetDiscriminant { .. }
        | StatementKind::Retag(..)
        | StatementKind::Coverage(..)
        | StatementKind::Intrinsic(..)
        | StatementKind::ConstEvalCounter => None,
    }
}

/// Whether two statements do the same to some places.
pub(super) fn is_same_statement<'tcx>(
    tcx: TyCtxt<'tcx>,
    old: &Statement<'tcx>,
    new: &Statement<'tcx>,
) -> bool {
    let nowhere = |statement: &Statement<'tcx>| {
        let mut statement = statement.clone();
        Nowhere { tcx }.visit_statement(&mut statement, Location::START);
        statement.kind
    };
    match (nowhere(old), nowhere(new)) {
        (StatementKind::Assign(box (_, old)), StatementKind::Assign(box (_, new))) => old == new,
        (
            StatementKind::SetDiscriminant { variant_index: old, .. },
            StatementKind::SetDiscriminant { variant_index: new, .. },
        ) => old == new,
        (StatementKind::Retag(old, _), StatementKind::Retag(new, _)) => old == new,
        (StatementKind::Coverage(old), StatementKind::Coverage(new)) => old == new,
        (StatementKind::Intrinsic(old), StatementKind::Intrinsic(new)) => old == new,
        (StatementKind::ConstEvalCounter, StatementKind::ConstEvalCounter) => true,
        _ => false,
    }
}

/// Whether two terminators do the same to some places, and go on alike.
pub(super) fn is_same_terminator<'tcx>(
    tcx: TyCtxt<'tcx>,
    old: &Terminator<'tcx>,
    new: &Terminator<'tcx>,
) -> bool {
    let nowhere = |terminator: &Terminator<'tcx>| {
        let mut terminator = terminator.clone();
        Nowhere { tcx }.visit_terminator(&mut terminator, Location::START);
        terminator.successors_mut(|target| *target = START_BLOCK);
        if let Some(unwind) = terminator.unwind_mut() {
            *unwind = UnwindAction::Continue;
        }
        terminator.kind
    };
    nowhere(old) == nowhere(new)
}

/// Puts one place in the place of all.
struct Nowhere<'tcx> {
    tcx: TyCtxt<'tcx>,
}

impl<'tcx> MutVisitor<'tcx> for Nowhere<'tcx> {
    fn tcx(&self) -> TyCtxt<'tcx> {
        self.tcx
    }

    fn visit_place(&mut self, place: &mut Place<'tcx>, _: PlaceContext, _: Location) {
        *place = RETURN_PLACE.into();
    }
}

/// Where a terminator leads, drops apart. Its `drop` edges are not followed where they belong to a drop: without
/// destructors that are awaited nothing comes there.
pub(super) fn targets(terminator: &Terminator<'_>) -> Vec<Point> {
    let mut points: Vec<Point> = match &terminator.kind {
        TerminatorKind::Goto { target }
        | TerminatorKind::FalseEdge { real_target: target, .. }
        | TerminatorKind::FalseUnwind { real_target: target, .. }
        | TerminatorKind::Drop { target, .. }
        | TerminatorKind::Assert { target, .. } => vec![Point::start_of(*target)],
        TerminatorKind::SwitchInt { targets, .. } => {
            targets.all_targets().iter().map(|target| Point::start_of(*target)).collect()
        }
        TerminatorKind::Call { target, .. } => {
            target.iter().map(|target| Point::start_of(*target)).collect()
        }
        TerminatorKind::Yield { resume, drop, .. } => {
            [Some(*resume), *drop].into_iter().flatten().map(Point::start_of).collect()
        }
        TerminatorKind::InlineAsm { targets, .. } => {
            targets.iter().map(|target| Point::start_of(*target)).collect()
        }
        TerminatorKind::UnwindResume
        | TerminatorKind::UnwindTerminate(_)
        | TerminatorKind::Return
        | TerminatorKind::Unreachable
        | TerminatorKind::TailCall { .. }
        | TerminatorKind::CoroutineDrop => Vec::new(),
    };
    points.extend(terminator.unwind().copied().map(Point::of_unwind));
    points
}

/// Whether something may write through pointers: to whatever is borrowed.
pub(super) fn may_write_through_pointers(terminator: &Terminator<'_>) -> bool {
    match terminator.kind {
        TerminatorKind::Drop { .. }
        | TerminatorKind::Call { .. }
        | TerminatorKind::TailCall { .. }
        | TerminatorKind::Yield { .. }
        | TerminatorKind::InlineAsm { .. } => true,
        TerminatorKind::Goto { .. }
        | TerminatorKind::SwitchInt { .. }
        | TerminatorKind::UnwindResume
        | TerminatorKind::UnwindTerminate(_)
        | TerminatorKind::Return
        | TerminatorKind::Unreachable
        | TerminatorKind::Assert { .. }
        | TerminatorKind::CoroutineDrop
        | TerminatorKind::FalseEdge { .. }
        | TerminatorKind::FalseUnwind { .. } => false,
    }
}

/// Whether a statement may write through pointers other than those in the places that it mentions.
pub(super) fn copies_memory(statement: &Statement<'_>) -> bool {
    matches!(
        statement.kind,
        StatementKind::Intrinsic(box NonDivergingIntrinsic::CopyNonOverlapping(_))
    )
}

/// The places that a statement or terminator uses, in an order that depends on its shape alone.
pub(super) fn accesses<'tcx>(body: &Body<'tcx>, location: Location) -> Vec<Access<'tcx>> {
    let mut collect = Collect(Vec::new());
    collect.visit_location(body, location);
    collect.0
}

struct Collect<'tcx>(Vec<Access<'tcx>>);

impl<'tcx> Visitor<'tcx> for Collect<'tcx> {
    fn visit_place(&mut self, place: &Place<'tcx>, context: PlaceContext, _: Location) {
        self.0.push((*place, use_of(context)));
    }

    fn visit_local(&mut self, local: Local, context: PlaceContext, _: Location) {
        // What a function returns; and the futures of awaited destructors.
        self.0.push((local.into(), use_of(context)));
    }
}

fn use_of(context: PlaceContext) -> Use {
    match context {
        PlaceContext::NonMutatingUse(context) => match context {
            NonMutatingUseContext::Inspect
            | NonMutatingUseContext::Copy
            | NonMutatingUseContext::FakeBorrow
            | NonMutatingUseContext::PlaceMention
            | NonMutatingUseContext::Projection => Use::Read,
            NonMutatingUseContext::Move => Use::Move,
            NonMutatingUseContext::SharedBorrow => Use::Borrow,
            NonMutatingUseContext::RawBorrow => Use::RawBorrow,
        },
        PlaceContext::MutatingUse(context) => match context {
            MutatingUseContext::Store | MutatingUseContext::AsmOutput => Use::Write,
            MutatingUseContext::Call | MutatingUseContext::Yield => Use::WriteOnReturn,
            MutatingUseContext::SetDiscriminant | MutatingUseContext::Retag => Use::Change,
            MutatingUseContext::Borrow => Use::BorrowMut,
            MutatingUseContext::RawBorrow => Use::RawBorrow,
            // Drops are looked at as a whole.
            MutatingUseContext::Drop | MutatingUseContext::Projection => Use::Read,
        },
        PlaceContext::NonUse(
            NonUseContext::StorageLive
            | NonUseContext::StorageDead
            | NonUseContext::AscribeUserTy(_)
            | NonUseContext::VarDebugInfo
            | NonUseContext::BackwardIncompatibleDropHint,
        ) => Use::Read,
    }
}
