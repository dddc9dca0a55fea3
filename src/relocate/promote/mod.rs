//! Promotion: upvars become locals.
//!
//! [`plan`] decides which ones, and into which locals, from how the body uses its [`captures`] and from what it binds
//! them to ([`binding`]); [`rewrite`] adds the locals and the prologue, [`drops`] drops them. [`homes`] is what the
//! later steps know of it.

pub(crate) mod binding;
mod captures;
mod drops;
pub(crate) mod homes;
pub(crate) mod plan;
mod rewrite;

use rustc_middle::mir::Body;
use rustc_middle::ty::TyCtxt;

use crate::decisions::Decisions;
use homes::Homes;
use plan::Plan;

/// Moves the upvars that can be moved; `None` if there are none.
pub(crate) fn promote<'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &mut Body<'tcx>,
    decisions: &Decisions,
) -> Option<Homes<'tcx>> {
    let plan = Plan::new(tcx, body, decisions)?;
    rewrite::add_locals(tcx, body, &plan);
    drops::add_drops_of_locals(body, &plan);
    rewrite::add_prologue(tcx, body, &plan);
    Some(Homes::of(&plan))
}
