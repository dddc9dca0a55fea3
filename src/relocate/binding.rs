//! Finds the variables that a body moves its upvars to at once.
//!
//! `async fn f(x: T)` desugars to a capture and `let x = x;` at the top of the body. A new local for
//! the capture would be a second place for one value: bytes on the stack of the first poll, and a
//! copy. So where the only use of an upvar is one move of it as a whole into a variable, on the
//! straight way from the entry, the prologue fills that variable itself.
//!
//! Nothing on that way branches, unwinds or suspends, so the variable is always filled, and filling
//! it earlier cannot be observed. Its drop stays where it is; the captures' drop has nothing left to
//! do for it.

use rustc_abi::FieldIdx;
use rustc_data_structures::fx::{FxHashMap, FxHashSet, FxIndexMap};
use rustc_middle::mir::visit::{PlaceContext, Visitor};
use rustc_middle::mir::{
    BasicBlock, Body, Local, Location, Operand, ProjectionElem, Rvalue, START_BLOCK, SourceInfo,
    Statement, StatementKind, TerminatorKind,
};

use super::plan::CAPTURES;
use super::uses::Uses;

/// A variable that is an upvar's home.
#[derive(Clone, Copy)]
pub(super) struct Binding {
    pub(super) local: Local,
    /// The variable's `StorageLive`.
    pub(super) storage_live: Location,
    /// The statement that moved the upvar to the variable.
    pub(super) assignment: Location,
    /// Where the user wrote that.
    pub(super) source_info: SourceInfo,
}

/// The upvars that are bound at once, and to what.
pub(super) fn find(body: &Body<'_>, uses: &Uses) -> FxIndexMap<FieldIdx, Binding> {
    let mut bindings = FxIndexMap::default();
    let mut storage_live = FxHashMap::default();
    let mut mentioned = Mentioned::default();
    for block in entry_blocks(body) {
        for (statement_index, statement) in body.basic_blocks[block].statements.iter().enumerate() {
            let location = Location { block, statement_index };
            if let StatementKind::StorageLive(local) = statement.kind {
                storage_live.insert(local, location);
                continue;
            }
            if let Some((local, field)) = bound(body, statement)
                && uses.count[field] == 1
                && !mentioned.0.contains(&local)
                && let Some(&storage_live) = storage_live.get(&local)
            {
                let source_info = statement.source_info;
                let binding = Binding { local, storage_live, assignment: location, source_info };
                bindings.insert(field, binding);
            }
            mentioned.visit_statement(statement, location);
        }
    }
    bindings
}

/// The blocks that always run, once, one after the other, when the coroutine is first resumed.
fn entry_blocks(body: &Body<'_>) -> Vec<BasicBlock> {
    let predecessors = body.basic_blocks.predecessors();
    let mut blocks = Vec::new();
    let mut next = predecessors[START_BLOCK].is_empty().then_some(START_BLOCK);
    while let Some(block) = next {
        blocks.push(block);
        next = match body.basic_blocks[block].terminator().kind {
            // The imaginary edge is borrowck's alone.
            TerminatorKind::Goto { target }
            | TerminatorKind::FalseEdge { real_target: target, .. } => {
                (predecessors[target].len() == 1).then_some(target)
            }
            _ => None,
        };
    }
    blocks
}

/// The variable and the upvar of a statement that moves an upvar as a whole to a variable.
fn bound<'tcx>(body: &Body<'tcx>, statement: &Statement<'tcx>) -> Option<(Local, FieldIdx)> {
    let StatementKind::Assign(box (to, Rvalue::Use(Operand::Copy(from) | Operand::Move(from)))) =
        &statement.kind
    else {
        return None;
    };
    let local = to.as_local()?;
    let [ProjectionElem::Field(field, ty)] = from.projection[..] else { return None };
    let is_variable = local.as_usize() > body.arg_count;
    (from.local == CAPTURES && is_variable && body.local_decls[local].ty == ty)
        .then_some((local, field))
}

/// The locals that some statements mention.
#[derive(Default)]
struct Mentioned(FxHashSet<Local>);

impl<'tcx> Visitor<'tcx> for Mentioned {
    fn visit_local(&mut self, local: Local, _: PlaceContext, _: Location) {
        self.0.insert(local);
    }
}
