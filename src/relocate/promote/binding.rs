//! Finds the variables that a body moves its upvars to immediately.
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
    Body, Local, Location, Operand, Place, ProjectionElem, Rvalue, SourceInfo, Statement,
    StatementKind,
};
use rustc_middle::ty;

use super::captures::{CAPTURES, CaptureUses};
use crate::relocate::body::flow::entry_blocks;

/// A variable that is an upvar's home.
#[derive(Clone, Copy)]
pub(crate) struct Binding {
    pub(crate) local: Local,
    /// The variable's `StorageLive`.
    pub(crate) storage_live: Location,
    /// The statement that moved the upvar to the variable.
    pub(crate) assignment: Location,
    /// Where the user wrote that.
    pub(crate) source_info: SourceInfo,
}

/// The upvars whose only use is a move of the whole, made immediately.
#[derive(Default)]
pub(crate) struct Moves {
    /// To a variable that can be the upvar's home.
    pub(crate) bindings: FxIndexMap<FieldIdx, Binding>,
    /// To anything else: where the user wrote that.
    pub(crate) others: FxIndexMap<FieldIdx, SourceInfo>,
}

/// The upvars that are moved on immediately, and to what.
pub(crate) fn find(body: &Body<'_>, uses: &CaptureUses) -> Moves {
    let mut moves = Moves::default();
    let mut storage_live = FxHashMap::default();
    let mut mentioned = Mentioned::default();
    for block in entry_blocks(body) {
        for (statement_index, statement) in body.basic_blocks[block].statements.iter().enumerate() {
            let location = Location { block, statement_index };
            if let StatementKind::StorageLive(local) = statement.kind {
                storage_live.insert(local, location);
                continue;
            }
            if let Some((to, field)) = moved(statement)
                && uses.count[field] == 1
            {
                let source_info = statement.source_info;
                let home = to.as_local().filter(|local| {
                    is_variable(body, *local, field) && !mentioned.0.contains(local)
                });
                if let Some(local) = home
                    && let Some(&storage_live) = storage_live.get(&local)
                {
                    let assignment = location;
                    let binding = Binding { local, storage_live, assignment, source_info };
                    moves.bindings.insert(field, binding);
                } else {
                    moves.others.insert(field, source_info);
                }
            }
            mentioned.visit_statement(statement, location);
        }
    }
    moves
}

/// The target and the upvar of a statement that moves an upvar as a whole.
fn moved<'tcx>(statement: &Statement<'tcx>) -> Option<(Place<'tcx>, FieldIdx)> {
    let StatementKind::Assign(box (to, Rvalue::Use(Operand::Copy(from) | Operand::Move(from)))) =
        &statement.kind
    else {
        return None;
    };
    let [ProjectionElem::Field(field, _)] = from.projection[..] else { return None };
    (from.local == CAPTURES).then_some((*to, field))
}

/// Whether a local is a variable or temporary of the upvar's type.
fn is_variable(body: &Body<'_>, local: Local, field: FieldIdx) -> bool {
    let ty::Coroutine(_, args) = body.local_decls[CAPTURES].ty.kind() else { return false };
    let upvar = args.as_coroutine().upvar_tys()[field.as_usize()];
    local.as_usize() > body.arg_count && body.local_decls[local].ty == upvar
}

/// The locals that some statements mention.
#[derive(Default)]
struct Mentioned(FxHashSet<Local>);

impl<'tcx> Visitor<'tcx> for Mentioned {
    fn visit_local(&mut self, local: Local, _: PlaceContext, _: Location) {
        self.0.insert(local);
    }
}
