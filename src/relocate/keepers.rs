//! What keeps a value across a suspension: for the report.
//!
//! A suspension keeps a local ([`super::body::kept`]) because it is used afterwards, or dropped, or because it is borrowed, and what
//! was borrowed may be used. Of several uses, the one that comes first is told.

use std::collections::VecDeque;

use rustc_index::bit_set::DenseBitSet;
use rustc_middle::mir::visit::{PlaceContext, Visitor};
use rustc_middle::mir::{BasicBlock, Body, Local, Location, Rvalue, StatementKind, TerminatorKind};
use rustc_middle::ty::TyCtxt;

use super::body::borrows::borrowed_place;
use super::body::facts::is_for_borrowck;
use super::body::kept;
use crate::decisions::{Keeper, KeptBy};

/// What keeps each local that a suspension of a body keeps.
pub(super) fn find<'tcx>(tcx: TyCtxt<'tcx>, body: &Body<'tcx>) -> Vec<Keeper> {
    let mut keepers = Vec::new();
    for (block, locals) in kept::by_suspension(tcx, body) {
        let suspension = body.basic_blocks[block].terminator().source_info.span;
        for local in locals.iter() {
            if let Some((how, at)) = keeper(body, block, local) {
                let declared = body.local_decls[local].source_info;
                let span = body.source_info(at).span;
                keepers.push(Keeper { suspension, declared, how, span });
            }
        }
    }
    keepers
}

fn keeper(body: &Body<'_>, suspension: BasicBlock, local: Local) -> Option<(KeptBy, Location)> {
    let TerminatorKind::Yield { resume, drop, .. } =
        body.basic_blocks[suspension].terminator().kind
    else {
        return None;
    };
    let resumed = after(body, resume, local);
    let used = resumed.used.map(|at| (KeptBy::Use, at));
    let dropped = || {
        let dropped = resumed.dropped.or_else(|| after(body, drop?, local).dropped);
        dropped.map(|at| (KeptBy::Drop, at))
    };
    let borrowed = || borrow(body, local).map(|at| (KeptBy::Borrow, at));
    used.or_else(dropped).or_else(borrowed)
}

/// What happens to a local after a suspension, before it gets another value, or none.
#[derive(Default)]
struct After {
    used: Option<Location>,
    dropped: Option<Location>,
}

/// Looks for the nearest use and the nearest drop from the beginning of a block on.
fn after(body: &Body<'_>, start: BasicBlock, local: Local) -> After {
    let mut found = After::default();
    let mut seen = DenseBitSet::new_empty(body.basic_blocks.len());
    let mut pending = VecDeque::from([start]);
    seen.insert(start);
    while let Some(block) = pending.pop_front() {
        let data = &body.basic_blocks[block];
        let mut goes_on = true;
        for statement_index in 0..=data.statements.len() {
            let location = Location { block, statement_index };
            let mut event = Event { local, used: false, dropped: false, ended: false };
            event.visit_location(body, location);
            if event.used {
                found.used = Some(location);
                return found;
            }
            if event.dropped {
                found.dropped.get_or_insert(location);
            }
            if event.ended {
                goes_on = false;
                break;
            }
        }
        if goes_on {
            let successors = data.terminator().successors();
            pending.extend(successors.filter(|successor| seen.insert(*successor)));
        }
    }
    found
}

/// What a location does with a local.
struct Event {
    local: Local,
    used: bool,
    dropped: bool,
    ended: bool,
}

impl<'tcx> Visitor<'tcx> for Event {
    fn visit_local(&mut self, local: Local, context: PlaceContext, _: Location) {
        use rustc_middle::mir::visit::MutatingUseContext as Mutating;
        if local != self.local {
            return;
        }
        match context {
            PlaceContext::NonUse(_) => self.ended |= context.is_storage_marker(),
            PlaceContext::MutatingUse(Mutating::Drop) => self.dropped = true,
            PlaceContext::MutatingUse(
                Mutating::Store | Mutating::Call | Mutating::Yield | Mutating::AsmOutput,
            ) => self.ended = true,
            PlaceContext::MutatingUse(_) | PlaceContext::NonMutatingUse(_) => {
                self.used |= !is_for_borrowck(context);
            }
        }
    }
}

/// Where a local, or a part of it, is first borrowed, in the order of blocks.
fn borrow(body: &Body<'_>, local: Local) -> Option<Location> {
    let is_borrow =
        |rvalue: &Rvalue<'_>| borrowed_place(rvalue).is_some_and(|it| it.local == local);
    body.basic_blocks.iter_enumerated().find_map(|(block, data)| {
        let statement_index = data.statements.iter().position(|statement| {
            matches!(&statement.kind, StatementKind::Assign(box (_, value)) if is_borrow(value))
        })?;
        Some(Location { block, statement_index })
    })
}
