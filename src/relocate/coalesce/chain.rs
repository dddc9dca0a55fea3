//! Chains of locals, each of which is moved to the next.

use rustc_middle::mir::{Body, Local, Location, Operand, Rvalue, StatementKind};

/// Locals that are moved one to the next, and where.
pub(crate) struct Chain {
    pub(crate) locals: Vec<Local>,
    pub(crate) transfers: Vec<Location>,
    /// The one that the others become.
    pub(crate) survivor: Local,
}

impl Chain {
    /// The chain of some moves; `None` if they are none, or do not follow on each other.
    pub(crate) fn new(body: &Body<'_>, transfers: &[Location]) -> Option<Chain> {
        let mut locals = Vec::new();
        for &transfer in transfers {
            let (to, from) = moved_local(body, transfer)?;
            if locals.is_empty() {
                locals.push(from);
            }
            if locals.last() != Some(&from) || locals.contains(&to) {
                return None;
            }
            locals.push(to);
        }
        let survivor = *locals.last()?;
        Some(Chain { locals, transfers: transfers.to_vec(), survivor })
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
