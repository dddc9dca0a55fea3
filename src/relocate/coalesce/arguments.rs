//! Arguments are passed from where they lie.
//!
//! `g(x)` moves `x` to a temporary and passes that. Where `x` dies by it, the two are one local: a value
//! that lies in the coroutine is passed from there, and needs no bytes on the stack.
//!
//! The call's result is written while the argument is still in use. If the result is saved, that makes a
//! conflict which stock's layout does not have. So a big result that may be saved keeps the temporary,
//! and a small one, which comes in registers, is stored after the call.

use rustc_index::IndexVec;
use rustc_middle::mir::{Body, Local, Location, Operand, Place, StatementKind, TerminatorKind};

use super::chain::Chain;
use super::merge::Merges;
use crate::relocate::body::facts::{Facts, is_used_across_suspension};
use crate::relocate::body::flow::{statements_between, suspends_between};
use crate::relocate::body::types::fits_registers;
use crate::relocate::promote::homes::Homes;

/// Adds the temporaries of arguments.
pub(crate) fn find<'tcx>(
    body: &Body<'tcx>,
    facts: &IndexVec<Local, Facts>,
    homes: Option<&Homes<'tcx>>,
    merges: &mut Merges<'_>,
) {
    for (block, data) in body.basic_blocks.iter_enumerated() {
        let TerminatorKind::Call { args, destination, .. } = &data.terminator().kind else {
            continue;
        };
        let call = body.terminator_loc(block);
        let result = result(body, facts, call, *destination, merges);
        for argument in args {
            let Operand::Move(place) = argument.node else { continue };
            let Some(temporary) = place.as_local() else { continue };
            let Some(chain) = chain(body, facts, call, temporary) else { continue };
            match result {
                None => {
                    // What fits into registers is no candidate.
                    if !fits_registers(body.local_decls[temporary].ty) {
                        let reason = "the call's result may be saved, and is big";
                        merges.refuse(body, &chain, reason);
                    }
                }
                Some(result) => {
                    if add(body, facts, homes, call, &chain, merges)
                        && result == ResultIs::SmallAndSaved
                    {
                        merges.store_result_after(block);
                    }
                }
            }
        }
    }
}

/// A call's result, where it allows to pass arguments in place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ResultIs {
    /// It is not saved, so it is in no argument's way.
    NotSaved,
    /// It fits into registers, and may be saved.
    SmallAndSaved,
}

/// What a call's result is; `None` if it forbids to pass arguments in place.
fn result<'tcx>(
    body: &Body<'tcx>,
    facts: &IndexVec<Local, Facts>,
    call: Location,
    destination: Place<'tcx>,
    merges: &Merges<'_>,
) -> Option<ResultIs> {
    let local = destination.as_local()?;
    let ty = body.local_decls[local].ty;
    if ty.is_unit() || ty.is_never() {
        return Some(ResultIs::NotSaved);
    }
    let may_be_saved = merges.knows(local) || is_used_across_suspension(body, &facts[local], call);
    match (may_be_saved, fits_registers(ty)) {
        (false, _) => Some(ResultIs::NotSaved),
        (true, true) => Some(ResultIs::SmallAndSaved),
        (true, false) => None,
    }
}

/// A call's temporary and what is moved to it, if that is all that happens to it.
fn chain(
    body: &Body<'_>,
    facts: &IndexVec<Local, Facts>,
    call: Location,
    temporary: Local,
) -> Option<Chain> {
    let Facts { definitions, moves, other_uses, .. } = &facts[temporary];
    let [transfer] = definitions[..] else { return None };
    let is_temporary = moves[..] == [call] && other_uses.is_empty();
    let chain = is_temporary.then(|| Chain::new(body, &[transfer]))??.into_head();
    // What the caller owns is passed on as it is.
    (chain.head().as_usize() > body.arg_count).then_some(chain)
}

/// Makes a call's temporary one with what is moved to it.
fn add<'tcx>(
    body: &Body<'tcx>,
    facts: &IndexVec<Local, Facts>,
    homes: Option<&Homes<'tcx>>,
    call: Location,
    chain: &Chain,
    merges: &mut Merges<'_>,
) -> bool {
    let [transfer] = chain.transfers[..] else { return false };
    if homes.is_some_and(|homes| homes.is_upvar(chain.head())) {
        if suspends_between(body, transfer, call) {
            merges.refuse(body, chain, "the body suspends between the move and the call");
            return false;
        }
        return merges.add(body, facts, chain, true);
    }
    // What fits into registers is better off in them. Other values get no conflicts that stock's layout
    // does not have: nothing that may be saved is written between the move and the call.
    if fits_registers(body.local_decls[chain.head()].ty) {
        return false;
    }
    let nothing_else = statements_between(body, transfer, call).is_some_and(|between| {
        between.iter().all(|location| fills_argument(body, facts, merges, *location, call))
    });
    if !nothing_else {
        merges.refuse(
            body,
            chain,
            "a value that may be saved is written between the move and the call",
        );
        return false;
    }
    merges.add(body, facts, chain, true)
}

/// Whether a statement does nothing but fill an argument of a call, or what is not saved, or begin or end
/// storage.
fn fills_argument(
    body: &Body<'_>,
    facts: &IndexVec<Local, Facts>,
    merges: &Merges<'_>,
    location: Location,
    call: Location,
) -> bool {
    match &body.basic_blocks[location.block].statements[location.statement_index].kind {
        StatementKind::Assign(box (to, _)) => to.as_local().is_some_and(|local| {
            let Facts { moves, other_uses, .. } = &facts[local];
            let is_argument = moves[..] == [call] && other_uses.is_empty();
            let may_be_saved =
                merges.knows(local) || is_used_across_suspension(body, &facts[local], location);
            is_argument || !may_be_saved
        }),
        StatementKind::StorageLive(_)
        | StatementKind::StorageDead(_)
        | StatementKind::FakeRead(..)
        | StatementKind::PlaceMention(_)
        | StatementKind::Nop => true,
        _ => false,
    }
}
