//! Coalescing: one local of those between which a value only moves.
//!
//! Three finders look for [`chain`]s of such locals: [`awaitees`], [`variables`] and [`arguments`]; [`check`] looks whether a
//! chain can be one local, and [`merge`] makes it one. [`parts`] makes variables of patterns parts of a local.

mod arguments;
mod awaitees;
mod chain;
mod check;
mod merge;
pub(crate) mod parts;
mod variables;

use rustc_middle::mir::Body;
use rustc_middle::ty::TyCtxt;

use super::body::facts;
use super::body::types::is_movable;
use super::promote::homes::Homes;
use crate::decisions::Decisions;
use merge::Merges;

/// Merges all chains that can be merged; says where the upvars, if there are any, are afterwards.
pub(crate) fn merge_locals<'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &mut Body<'tcx>,
    homes: Option<Homes<'tcx>>,
    decisions: &Decisions,
) -> Option<Homes<'tcx>> {
    let calls = awaitees::replace_calls(tcx, body);
    let facts = facts::gather(tcx, body);
    let mut merges = Merges::new(body, decisions);
    awaitees::find(tcx, body, &facts, homes.as_ref(), calls, &mut merges);
    // Coroutines that can be moved can be cloned: in stock's order, where a variable has its own place.
    if let Some(homes) = homes.as_ref().filter(|_| !is_movable(body)) {
        variables::find(body, &facts, homes, &mut merges);
    }
    arguments::find(body, &facts, homes.as_ref(), &mut merges);
    merges.apply(tcx, body, homes)
}
