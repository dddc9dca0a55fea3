//! Drops the relocated upvars where the body dropped its captures as a whole.
//!
//! Stock elaborates `drop(captures)` into a ladder over the upvars in declaration order
//! (`open_drop_for_tuple` in `rustc_mir_transform/src/elaborate_drop.rs`): if one destructor
//! panics, those after it still run. The ladder here has the same order and the same edges. Drop
//! elaboration, which runs later, removes the rungs of upvars that have been moved out of.
//!
//! `drop(captures)` itself stays, at the ladder's foot. Drop elaboration finds nothing left in the
//! captures and removes it, but only after `RemoveNoopLandingPads` has run: without a drop, that pass
//! would take the ends of cleanup chains for empty and cut them off with the `StorageDead`s in them,
//! and locals that stock's layout overlaps would seem to be alive together.
//!
//! The `drop` edges that MIR building gives to every drop in a coroutine, for async destructors, are
//! left out: [`super::plan`] leaves coroutines with such captures alone, and of all other drops
//! elaboration removes the edge.

use rustc_index::IndexVec;
use rustc_middle::mir::{
    BasicBlock, BasicBlockData, Body, Local, SourceInfo, Statement, StatementKind, Terminator,
    TerminatorKind, UnwindAction, UnwindTerminateReason,
};

use super::captures::CAPTURES;
use super::plan::Plan;

/// Puts a ladder in front of every `drop(captures)`.
pub(crate) fn add_drops_of_locals<'tcx>(body: &mut Body<'tcx>, plan: &Plan<'tcx>) {
    let rungs: Vec<Rung> = plan
        .to_new_locals()
        .map(|(local, upvar)| Rung { local, needs_drop: upvar.needs_drop })
        .collect();
    for &block in &plan.drops {
        let data = &body.basic_blocks[block];
        let terminator = data.terminator();
        let TerminatorKind::Drop { target, unwind, replace, .. } = terminator.kind else {
            span_bug!(terminator.source_info.span, "the plan names a drop that is none");
        };
        let mut ladder = Ladder {
            source_info: terminator.source_info,
            replace,
            in_cleanup: data.is_cleanup,
            blocks: body.basic_blocks_mut(),
        };
        let foot = ladder.drop(CAPTURES, target, unwind, ladder.in_cleanup);
        let top = ladder.build(&rungs, foot, unwind);
        body.basic_blocks_mut()[block].terminator_mut().kind = TerminatorKind::Goto { target: top };
    }
}

struct Rung {
    local: Local,
    needs_drop: bool,
}

struct Ladder<'a, 'tcx> {
    source_info: SourceInfo,
    replace: bool,
    in_cleanup: bool,
    blocks: &'a mut IndexVec<BasicBlock, BasicBlockData<'tcx>>,
}

impl<'tcx> Ladder<'_, 'tcx> {
    /// Builds the ladder from its foot, so that each rung knows where it leads, and returns its top.
    fn build(
        &mut self,
        rungs: &[Rung],
        target: BasicBlock,
        mut unwind: UnwindAction,
    ) -> BasicBlock {
        let mut next = target;
        for rung in rungs.iter().rev() {
            let dead = self.end_of_storage(rung.local, next, self.in_cleanup);
            if !rung.needs_drop {
                next = dead;
                continue;
            }
            next = self.drop(rung.local, dead, unwind, self.in_cleanup);
            if !self.in_cleanup {
                unwind = self.unwind_past(rung.local, unwind);
            }
        }
        next
    }

    /// The unwind edge for the rung above: it still drops this rung's local.
    fn unwind_past(&mut self, local: Local, unwind: UnwindAction) -> UnwindAction {
        let cleanup = match unwind {
            UnwindAction::Cleanup(block) => block,
            UnwindAction::Continue => self.block(vec![], TerminatorKind::UnwindResume, true),
            UnwindAction::Unreachable | UnwindAction::Terminate(_) => return unwind,
        };
        let dead = self.end_of_storage(local, cleanup, true);
        let in_cleanup = UnwindAction::Terminate(UnwindTerminateReason::InCleanup);
        UnwindAction::Cleanup(self.drop(local, dead, in_cleanup, true))
    }

    fn drop(
        &mut self,
        local: Local,
        target: BasicBlock,
        unwind: UnwindAction,
        is_cleanup: bool,
    ) -> BasicBlock {
        let kind = TerminatorKind::Drop {
            place: local.into(),
            target,
            unwind,
            replace: self.replace,
            drop: None,
            async_fut: None,
        };
        self.block(vec![], kind, is_cleanup)
    }

    fn end_of_storage(&mut self, local: Local, target: BasicBlock, is_cleanup: bool) -> BasicBlock {
        let dead = Statement::new(self.source_info, StatementKind::StorageDead(local));
        self.block(vec![dead], TerminatorKind::Goto { target }, is_cleanup)
    }

    fn block(
        &mut self,
        statements: Vec<Statement<'tcx>>,
        kind: TerminatorKind<'tcx>,
        is_cleanup: bool,
    ) -> BasicBlock {
        let terminator = Terminator { source_info: self.source_info, kind };
        self.blocks.push(BasicBlockData::new_stmts(statements, Some(terminator), is_cleanup))
    }
}
