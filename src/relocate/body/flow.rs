//! What may run after what: the walks over a body's control flow that the merging of locals needs.

use rustc_index::bit_set::DenseBitSet;
use rustc_middle::mir::{BasicBlock, Body, Location, START_BLOCK, TerminatorKind, UnwindAction};

/// Whether a walk goes on after a location.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    On,
    End,
}

/// Visits every location that may run from `start` on, `start` included, until `visit` ends the way.
///
/// A location may be visited twice: once on the way from `start`, and once as part of a loop.
pub(crate) fn walk_from(
    body: &Body<'_>,
    starts: impl IntoIterator<Item = Location>,
    mut visit: impl FnMut(Location) -> Step,
) {
    let mut seen = DenseBitSet::new_empty(body.basic_blocks.len());
    let mut pending: Vec<Location> = starts.into_iter().collect();
    while let Some(Location { block, statement_index }) = pending.pop() {
        let data = &body.basic_blocks[block];
        let on = (statement_index..=data.statements.len())
            .all(|statement_index| visit(Location { block, statement_index }) == Step::On);
        if on {
            let new = data.terminator().successors().filter(|&successor| seen.insert(successor));
            pending.extend(new.map(|successor| Location { block: successor, statement_index: 0 }));
        }
    }
}

/// [`walk_from`] the locations that follow `location`.
pub(crate) fn walk_after(body: &Body<'_>, location: Location, visit: impl FnMut(Location) -> Step) {
    let data = &body.basic_blocks[location.block];
    if location.statement_index < data.statements.len() {
        return walk_from(body, [location.successor_within_block()], visit);
    }
    let successors = data.terminator().successors();
    let starts = successors.map(|block| Location { block, statement_index: 0 });
    walk_from(body, starts.collect::<Vec<_>>(), visit)
}

/// The blocks that dataflow brings values to. Drops of values that may have async destructors lead to others,
/// too: where these end in the middle. Without such destructors nothing comes there (`Terminator::edges`).
pub(crate) fn reached_by_values(body: &Body<'_>) -> DenseBitSet<BasicBlock> {
    let mut reached = DenseBitSet::new_empty(body.basic_blocks.len());
    let mut pending = vec![START_BLOCK];
    while let Some(block) = pending.pop() {
        if !reached.insert(block) {
            continue;
        }
        let terminator = body.basic_blocks[block].terminator();
        match terminator.kind {
            TerminatorKind::Drop { target, unwind: UnwindAction::Cleanup(cleanup), .. } => {
                pending.extend([target, cleanup]);
            }
            TerminatorKind::Drop { target, .. } => pending.push(target),
            _ => pending.extend(terminator.successors()),
        }
    }
    reached
}

/// The blocks that always run, once, one after the other, when the coroutine is first resumed.
pub(crate) fn entry_blocks(body: &Body<'_>) -> Vec<BasicBlock> {
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

/// Whether the body suspends at a location.
pub(crate) fn is_suspension(body: &Body<'_>, location: Location) -> bool {
    let data = &body.basic_blocks[location.block];
    location.statement_index == data.statements.len()
        && match data.terminator().kind {
            TerminatorKind::Yield { .. } => true,
            // Asynchronous drops suspend, too, but bodies with such drops are not looked at.
            TerminatorKind::Drop { .. }
            | TerminatorKind::Goto { .. }
            | TerminatorKind::SwitchInt { .. }
            | TerminatorKind::UnwindResume
            | TerminatorKind::UnwindTerminate(_)
            | TerminatorKind::Return
            | TerminatorKind::Unreachable
            | TerminatorKind::Call { .. }
            | TerminatorKind::TailCall { .. }
            | TerminatorKind::Assert { .. }
            | TerminatorKind::CoroutineDrop
            | TerminatorKind::FalseEdge { .. }
            | TerminatorKind::FalseUnwind { .. }
            | TerminatorKind::InlineAsm { .. } => false,
        }
}

/// Whether the body may suspend on a way from `start` that ends at `end`.
pub(crate) fn suspends_between(body: &Body<'_>, start: Location, end: Location) -> bool {
    let mut suspends = false;
    walk_after(body, start, |location| {
        suspends |= is_suspension(body, location);
        if suspends || location == end { Step::End } else { Step::On }
    });
    suspends
}

/// The statements between a location and another that always follows it, with nothing but jumps in
/// between. The first may be a call: then what follows its return counts.
pub(crate) fn statements_between(
    body: &Body<'_>,
    from: Location,
    to: Location,
) -> Option<Vec<Location>> {
    let mut between = Vec::new();
    let mut next = from;
    for _ in 0..=body.basic_blocks.len() {
        let data = &body.basic_blocks[next.block];
        let first = next.statement_index + usize::from(next == from);
        let end = if next.block == to.block && first <= to.statement_index {
            to.statement_index
        } else {
            data.statements.len()
        };
        let locations = (first..end).map(|statement_index| Location { statement_index, ..next });
        between.extend(locations);
        if next.block == to.block && first <= to.statement_index {
            return Some(between);
        }
        let block = match data.terminator().kind {
            TerminatorKind::Goto { target }
            | TerminatorKind::FalseEdge { real_target: target, .. } => target,
            TerminatorKind::Call { target: Some(target), .. }
                if next == from && from == body.terminator_loc(from.block) =>
            {
                target
            }
            _ => return None,
        };
        next = Location { block, statement_index: 0 };
    }
    None
}
