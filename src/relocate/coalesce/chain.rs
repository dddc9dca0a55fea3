//! Chains of locals, each of which is moved to the next, and what lies between the moves.

use rustc_middle::mir::{Body, Local, Location, Operand, Rvalue, StatementKind, TerminatorKind};

use crate::relocate::body::flow::{Step, walk_after};

/// Locals that are moved one to the next, and where.
pub(crate) struct Chain {
    pub(crate) locals: Vec<Local>,
    pub(crate) links: Vec<Location>,
    /// The one that the others become.
    pub(crate) survivor: Local,
}

impl Chain {
    /// The chain of some moves; `None` if they are none, or do not follow on each other.
    pub(crate) fn new(body: &Body<'_>, links: &[Location]) -> Option<Chain> {
        let mut locals = Vec::new();
        for &link in links {
            let (to, from) = moved_local(body, link)?;
            if locals.is_empty() {
                locals.push(from);
            }
            if locals.last() != Some(&from) || locals.contains(&to) {
                return None;
            }
            locals.push(to);
        }
        let survivor = *locals.last()?;
        Some(Chain { locals, links: links.to_vec(), survivor })
    }

    /// Lets the head survive instead of the tail. Which one does can be seen: coroutines clone what they
    /// save in the order of their locals.
    pub(crate) fn into_head(self) -> Chain {
        Chain { survivor: self.head(), ..self }
    }

    pub(crate) fn head(&self) -> Local {
        self.locals[0]
    }

    pub(crate) fn tail(&self) -> Local {
        *self.locals.last().unwrap()
    }

    pub(crate) fn middle(&self) -> &[Local] {
        &self.locals[1..self.locals.len() - 1]
    }
}

/// The target and the source of a statement that moves a whole local to another, or copies it.
pub(crate) fn moved_local(body: &Body<'_>, location: Location) -> Option<(Local, Local)> {
    let statement = body.stmt_at(location).left()?;
    let StatementKind::Assign(box (to, Rvalue::Use(Operand::Move(from) | Operand::Copy(from)))) =
        &statement.kind
    else {
        return None;
    };
    let (to, from) = (to.as_local()?, from.as_local()?);
    (body.local_decls[to].ty == body.local_decls[from].ty).then_some((to, from))
}

/// Whether the body suspends at a location.
pub(crate) fn is_suspension(body: &Body<'_>, location: Location) -> bool {
    let data = &body.basic_blocks[location.block];
    location.statement_index == data.statements.len()
        && matches!(data.terminator().kind, TerminatorKind::Yield { .. })
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
