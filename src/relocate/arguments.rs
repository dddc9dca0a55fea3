//! Arguments are passed from where they lie.
//!
//! `g(x)` moves `x` to a temporary and passes that. Where `x` dies by it, the two are one local: a value
//! that lies in the coroutine is passed from there, and needs no bytes on the stack.
//!
//! The call's result is written while the argument is still in use. If the result is saved, that makes a
//! conflict which stock's layout does not have. So a big result that may be saved keeps the temporary,
//! and a small one, which comes in registers, is stored behind the call.

use rustc_index::IndexVec;
use rustc_middle::mir::{Body, Local, Location, Operand, Place, TerminatorKind};

use super::facts::Facts;
use super::flow::{Step, walk_after};
use super::merge::{Chain, Merges, is_suspension, suspends_between};
use super::plan::Plan;
use super::uses::fits_registers;

/// Adds the temporaries of arguments.
pub(super) fn find<'tcx>(
    body: &Body<'tcx>,
    facts: &IndexVec<Local, Facts>,
    plan: Option<&Plan<'tcx>>,
    merges: &mut Merges,
) {
    for (block, data) in body.basic_blocks.iter_enumerated() {
        let TerminatorKind::Call { args, destination, .. } = &data.terminator().kind else {
            continue;
        };
        let call = body.terminator_loc(block);
        let Some(result) = result(body, facts, call, *destination, merges) else { continue };
        for argument in args {
            if let Operand::Move(place) = argument.node
                && let Some(temporary) = place.as_local()
                && add(body, facts, plan, call, temporary, merges)
                && result == Result::ToBeStored
            {
                merges.store_result_behind(block);
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Result {
    /// It is in nobody's way.
    AsItIs,
    /// It fits into registers, and may be saved.
    ToBeStored,
}

/// What is to be done about a call's result; `None` if it forbids to pass arguments in place.
fn result<'tcx>(
    body: &Body<'tcx>,
    facts: &IndexVec<Local, Facts>,
    call: Location,
    destination: Place<'tcx>,
    merges: &Merges,
) -> Option<Result> {
    let local = destination.as_local()?;
    let ty = body.local_decls[local].ty;
    if ty.is_unit() || ty.is_never() {
        return Some(Result::AsItIs);
    }
    let may_be_saved = merges.knows(local) || is_used_across_suspension(body, &facts[local], call);
    match (may_be_saved, fits_registers(ty)) {
        (false, _) => Some(Result::AsItIs),
        (true, true) => Some(Result::ToBeStored),
        (true, false) => None,
    }
}

fn is_used_across_suspension(body: &Body<'_>, result: &Facts, call: Location) -> bool {
    let mut suspends = false;
    walk_after(body, call, |location| {
        suspends |= is_suspension(body, location);
        let is_over = result.storage_dead.contains(&location) || result.moves.contains(&location);
        if suspends || is_over { Step::End } else { Step::On }
    });
    suspends
}

/// Makes a call's temporary one with what is moved to it.
fn add<'tcx>(
    body: &Body<'tcx>,
    facts: &IndexVec<Local, Facts>,
    plan: Option<&Plan<'tcx>>,
    call: Location,
    temporary: Local,
    merges: &mut Merges,
) -> bool {
    let Facts { definitions, moves, other_uses, .. } = &facts[temporary];
    let [link] = definitions[..] else { return false };
    if moves[..] != [call] || !other_uses.is_empty() || suspends_between(body, link, call) {
        return false;
    }
    let Some(chain) = Chain::new(body, &[link]) else { return false };
    // An upvar's variable that only fills registers is better off in them.
    let is_small = fits_registers(body.local_decls[temporary].ty);
    let is_known = plan.is_some_and(|plan| plan.is_upvar(chain.head()));
    (is_known || !is_small) && merges.add(body, facts, &chain, true)
}
