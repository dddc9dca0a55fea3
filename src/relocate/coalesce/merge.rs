//! Makes one local of a chain of locals, each of which is moved to the next: `b = move a; c = move b`.
//!
//! What must hold is checked before ([`super::check`]).
//!
//! The merged local's storage begins with the head's. It ends with the tail's: from then on the
//! bytes are free. Where the head's scope goes on, its storage starts anew, empty, as it was.

use rustc_data_structures::fx::{FxHashMap, FxHashSet, FxIndexSet};
use rustc_data_structures::graph::scc::Sccs;
use rustc_index::IndexVec;
use rustc_middle::mir::visit::{MutVisitor, PlaceContext};
use rustc_middle::mir::{
    BasicBlock, BasicBlockData, Body, Local, LocalDecl, Location, Operand, Rvalue, Statement,
    StatementKind, Terminator, TerminatorKind,
};
use rustc_middle::ty::TyCtxt;

use super::chain::Chain;
use super::check::{Check, Found};
use crate::decisions::{Decisions, Phase, Reason, Subject};
use crate::relocate::body::facts::Facts;
use crate::relocate::body::{dead_drops, flow};
use crate::relocate::promote::homes::Homes;

/// Everything that is to change in a body.
pub(crate) struct Merges<'a> {
    decisions: &'a Decisions,
    /// The loops that blocks are part of.
    loops: Sccs<BasicBlock, usize>,
    /// Each merged local and the one that it becomes.
    renamed: FxHashMap<Local, Local>,
    /// Both of these.
    known: FxHashSet<Local>,
    /// Statements that go: transfers, and `StorageLive` and `StorageDead` in between.
    removed: FxHashSet<Location>,
    /// Drops of locals that have always been moved out of there.
    dead_drops: FxHashSet<BasicBlock>,
    /// `StorageDead`s of tails after which the head's scope goes on.
    restarts: Vec<Location>,
    /// Calls whose result is stored after the call.
    late_results: FxIndexSet<BasicBlock>,
}

impl Merges<'_> {
    /// No changes yet.
    pub(crate) fn new<'a>(body: &Body<'_>, decisions: &'a Decisions) -> Merges<'a> {
        Merges {
            decisions,
            loops: Sccs::new(&body.basic_blocks),
            renamed: FxHashMap::default(),
            known: FxHashSet::default(),
            removed: FxHashSet::default(),
            dead_drops: FxHashSet::default(),
            restarts: Vec::new(),
            late_results: FxIndexSet::default(),
        }
    }

    /// Lets a call return into a temporary, from which its result is moved to where it belongs.
    pub(crate) fn store_result_after(&mut self, call: BasicBlock) {
        self.late_results.insert(call);
    }

    /// Adds a chain, if it can be merged.
    pub(crate) fn add(
        &mut self,
        body: &Body<'_>,
        facts: &IndexVec<Local, Facts>,
        chain: &Chain,
        head_may_be_saved: bool,
    ) -> bool {
        let found = match self.check(body, facts, chain, head_may_be_saved) {
            Ok(found) => found,
            Err(reason) => {
                self.refuse(body, chain, reason);
                return false;
            }
        };
        self.decisions.done(Phase::Coalescing, body, subject(chain), "they are one local");
        let others = chain.locals.iter().filter(|local| **local != chain.survivor);
        self.renamed.extend(others.map(|local| (*local, chain.survivor)));
        self.known.extend(chain.locals.iter().copied());
        self.removed.extend(chain.transfers.iter().copied());
        self.removed.extend(found.removed);
        self.dead_drops.extend(found.dead_drops);
        self.restarts.extend(found.restarts);
        true
    }

    fn check(
        &self,
        body: &Body<'_>,
        facts: &IndexVec<Local, Facts>,
        chain: &Chain,
        head_may_be_saved: bool,
    ) -> Result<Found, Reason> {
        if chain.locals.iter().any(|local| !may_be_merged(body, *local)) {
            return Err("arguments and the return place belong to the caller");
        }
        if chain.locals.iter().any(|local| self.knows(*local)) {
            return Err("one of them is part of another merge");
        }
        if chain.locals.iter().any(|local| facts[*local].has_moved_elements) {
            return Err("elements of an array are moved out of one of them");
        }
        Check { body, loops: &self.loops, facts, chain, head_may_be_saved }.run()
    }

    /// Notes that a chain is not merged.
    pub(crate) fn refuse(&self, body: &Body<'_>, chain: &Chain, reason: Reason) {
        self.decisions.refuse(Phase::Coalescing, body, subject(chain), reason);
    }

    pub(crate) fn knows(&self, local: Local) -> bool {
        self.known.contains(&local)
    }

    /// Changes the body; says where its upvars are now.
    pub(crate) fn apply<'tcx>(
        mut self,
        tcx: TyCtxt<'tcx>,
        body: &mut Body<'tcx>,
        homes: Option<Homes<'tcx>>,
    ) -> Option<Homes<'tcx>> {
        if self.renamed.is_empty() {
            return homes;
        }
        let homes = homes.map(|homes| self.move_upvars(body, homes));
        let blocks = body.basic_blocks_mut();
        for location in &self.removed {
            blocks[location.block].statements[location.statement_index].make_nop(true);
        }
        dead_drops::remove(blocks, self.dead_drops.iter().copied());
        self.restart(body);
        for &call in &self.late_results {
            store_result_after(body, call);
        }
        Rename { tcx, to: &self.renamed }.visit_body(body);
        homes
    }

    /// Where the upvars are after the merges, which their locals' declarations must say, too.
    fn move_upvars<'tcx>(&self, body: &mut Body<'tcx>, homes: Homes<'tcx>) -> Homes<'tcx> {
        let mut variables = FxHashSet::default();
        for (&from, &to) in &self.renamed {
            if let Some(upvar) = homes.in_local(from) {
                variables.insert(to);
                body.local_decls[to].source_info.scope = upvar.scope;
            } else if homes.is_upvar(to) && body.local_decls[from].is_user_variable() {
                variables.insert(to);
                // Errors in layouts point to the variable.
                let span = body.local_decls[from].source_info.span;
                body.local_decls[to].source_info.span = span;
            }
        }
        homes.after(&self.renamed, &variables)
    }

    /// Where a tail's storage ends, the place is empty, but its storage goes on.
    fn restart(&mut self, body: &mut Body<'_>) {
        let reached = flow::reached_by_values(body);
        let blocks = body.basic_blocks_mut();
        // From the back, so that locations stay true.
        self.restarts.sort();
        for location in self.restarts.iter().rev() {
            let statements = &mut blocks[location.block].statements;
            let dead = &mut statements[location.statement_index];
            let StatementKind::StorageDead(local) = dead.kind else {
                span_bug!(dead.source_info.span, "the end of a local's storage is none");
            };
            if reached.contains(location.block) {
                let live = Statement::new(dead.source_info, StatementKind::StorageLive(local));
                statements.insert(location.statement_index + 1, live);
            } else {
                // This block is never run. If storage ended here, drop elaboration would take the local for maybe
                // uninitialized in the blocks that follow, and make (and save) a drop flag for it.
                dead.make_nop(true);
            }
        }
    }
}

fn subject(chain: &Chain) -> Subject {
    Subject::Move { from: chain.head(), to: chain.tail(), at: chain.transfers[0] }
}

fn store_result_after(body: &mut Body<'_>, call: BasicBlock) {
    let terminator = body.basic_blocks[call].terminator();
    let source_info = terminator.source_info;
    let TerminatorKind::Call { destination, target: Some(target), .. } = terminator.kind else {
        return;
    };
    let ty = body.local_decls[destination.local].ty;
    let temporary = body.local_decls.push(LocalDecl::new(ty, source_info.span));
    let result = Rvalue::Use(Operand::Move(temporary.into()));
    let store = StatementKind::Assign(Box::new((destination, result)));
    let goto = Terminator { source_info, kind: TerminatorKind::Goto { target } };
    let statements = vec![Statement::new(source_info, store)];
    let blocks = body.basic_blocks_mut();
    let after = blocks.push(BasicBlockData::new_stmts(statements, Some(goto), false));
    let TerminatorKind::Call { destination, target, .. } = &mut blocks[call].terminator_mut().kind
    else {
        return;
    };
    (*destination, *target) = (temporary.into(), Some(after));
}

struct Rename<'a, 'tcx> {
    tcx: TyCtxt<'tcx>,
    to: &'a FxHashMap<Local, Local>,
}

impl<'tcx> MutVisitor<'tcx> for Rename<'_, 'tcx> {
    fn tcx(&self) -> TyCtxt<'tcx> {
        self.tcx
    }

    fn visit_local(&mut self, local: &mut Local, _: PlaceContext, _: Location) {
        if let Some(&to) = self.to.get(local) {
            *local = to;
        }
    }
}

/// Arguments and the return place belong to the caller.
fn may_be_merged(body: &Body<'_>, local: Local) -> bool {
    local.as_usize() > body.arg_count
}
