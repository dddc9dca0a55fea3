//! RelocateUpvars: moves the upvars of a coroutine body into MIR locals.
//!
//! In stock rustc an upvar lives in the coroutine's prefix from the first to the last byte of the
//! coroutine's life. Once it is a local like any other, `StateTransform` (see
//! `rustc_mir_transform/src/coroutine.rs`) saves it only while it is alive, and its bytes are free
//! before and after.
//!
//! The pass runs between `mir_promoted` and `run_analysis_to_runtime_passes`, hence after borrowck,
//! witnesses and every diagnostic, and in five steps, after [`indices`] has mended a mistake of stock's:
//!
//! 1. [`promote::plan`] decides which upvars move;
//! 2. [`promote::rewrite`] adds the locals, the prologue that fills them, and renames their uses; [`drops`] drops
//!    the locals where the body dropped its captures;
//! 3. [`merge`] makes one local of those between which a value only moves: [`awaitees`], [`arguments`],
//!    [`variables`]; and [`parts`] makes variables of patterns parts of a local;
//! 4. after `StateTransform`, [`record`] writes into the `CoroutineLayout` where each upvar lies
//!    while the coroutine is Unresumed. That list travels in the crate's metadata;
//! 5. [`in_place`] takes the moves of the prologue out again: an upvar lies where it is used.
//!
//! The result is valid MIR under any layout: a generic body may be compiled by stock rustc.

mod body;
mod coalesce;
mod finish;
mod indices;
mod promote;

use rustc_data_structures::steal::Steal;
use rustc_hir::def::DefKind;
use rustc_hir::def_id::LocalDefId;
use rustc_middle::mir::{Body, TerminatorKind};
use rustc_middle::ty::{InstanceKind, TyCtxt};

use crate::mode::{self, Mode};
use crate::stock;
#[cfg(feature = "faults")]
use crate::testing::poison;
use body::{elements, facts, raw_pointers};
use coalesce::merge::Merges;
use coalesce::{arguments, awaitees, parts, variables};
use finish::record;
use promote::plan::{self, Plan};
use promote::{drops, rewrite};

/// The provider of `mir_drops_elaborated_and_const_checked`.
///
/// It changes the body that stock's provider is about to steal, and the body that it returns; so
/// everything that stock's provider does, and its order, stays stock's. Whoever reads the promoted
/// body for diagnostics must have done so before: stock's provider asks for the same queries.
pub(crate) fn drops_elaborated<'tcx>(
    tcx: TyCtxt<'tcx>,
    def: LocalDefId,
) -> &'tcx Steal<Body<'tcx>> {
    let stock = stock::providers().mir_drops_elaborated_and_const_checked;
    if !tcx.is_coroutine(def.to_def_id()) || mode::of_local_crate(tcx) == Mode::Classic {
        return stock(tcx, def);
    }

    // In stock's order, so that diagnostics come in stock's order.
    tcx.ensure_done().mir_coroutine_witnesses(def);
    let root = tcx.typeck_root_def_id(def.to_def_id()).expect_local();
    let borrowck_failed = !tcx.is_synthetic_mir(def) && tcx.mir_borrowck(root).is_err();
    tcx.ensure_done().check_liveness(def);
    let has_errors = borrowck_failed || !is_well_formed(tcx, root);

    let plan = if has_errors { None } else { relocate(tcx, def) };
    let result = stock(tcx, def);
    if !has_errors {
        let mut body = result.risky_hack_borrow_mut();
        let plan = plan.filter(|plan| plan.is_of(&body));
        record::record(tcx, &mut body, plan.as_ref(), !keeps_moves_for_lints(tcx));
        #[cfg(feature = "faults")]
        poison::fill(tcx, &mut body);
    }
    result
}

/// Stock's provider marks the bodies of items that are not well-formed as tainted.
fn is_well_formed(tcx: TyCtxt<'_>, root: LocalDefId) -> bool {
    let is_checked = matches!(
        tcx.def_kind(root),
        DefKind::Fn
            | DefKind::AssocFn
            | DefKind::Static { .. }
            | DefKind::Const
            | DefKind::AssocConst
    );
    !is_checked || tcx.ensure_ok().check_well_formed(root).is_ok()
}

fn relocate<'tcx>(tcx: TyCtxt<'tcx>, def: LocalDefId) -> Option<Plan<'tcx>> {
    // The inliner asks for the callees of the promoted body. It must get those of stock's, whoever
    // asks first, and the query answers once.
    tcx.ensure_done().mir_inliner_callees(InstanceKind::Item(def.to_def_id()));
    let (promoted, _) = tcx.mir_promoted(def);
    let mut body = promoted.risky_hack_borrow_mut();
    if body.yield_ty().is_none()
        || body.tainted_by_errors.is_some()
        || tcx.is_async_drop_in_place_coroutine(def.to_def_id())
    {
        return None;
    }
    indices::copy_kept(tcx, &mut body);
    let mut plan = Plan::new(tcx, &body);
    if let Some(plan) = &plan {
        rewrite::add_locals(tcx, &mut body, plan);
        drops::add_drops_of_locals(&mut body, plan);
        rewrite::add_prologue(tcx, &mut body, plan);
    }
    if keeps_moves_for_lints(tcx) {
        return plan;
    }
    if !drops_asynchronously(tcx, &body) {
        merge_locals(tcx, &mut body, plan.as_mut());
    }
    if let Some(plan) = &mut plan {
        parts::join(tcx, &mut body, plan);
    }
    plan
}

/// Makes one local of those between which a value only moves.
fn merge_locals<'tcx>(tcx: TyCtxt<'tcx>, body: &mut Body<'tcx>, plan: Option<&mut Plan<'tcx>>) {
    let calls = awaitees::replace_calls(tcx, body);
    let mut facts = facts::gather(body);
    for local in raw_pointers::targets(tcx, body).iter() {
        facts[local].has_raw_pointer = true;
    }
    for local in elements::moved_from(tcx, body).iter() {
        facts[local].has_moved_elements = true;
    }
    let mut merges = Merges::new(body);
    awaitees::find(tcx, body, &facts, plan.as_deref(), calls, &mut merges);
    // Coroutines that can be moved can be cloned: in stock's order, where a variable has its own place.
    let is_movable = body.coroutine_kind().is_some_and(plan::is_movable);
    if let Some(plan) = plan.as_deref().filter(|_| !is_movable) {
        variables::find(body, &facts, plan, &mut merges);
    }
    arguments::find(body, &facts, plan.as_deref(), &mut merges);
    if let Some(plan) = plan {
        merges.tell(body, plan);
    }
    merges.apply(tcx, body);
}

/// Whether a body awaits destructors. Such a drop is a suspension, but becomes one only when the drops
/// are elaborated: before, nobody can tell what is alive across it.
fn drops_asynchronously(tcx: TyCtxt<'_>, body: &Body<'_>) -> bool {
    let has_async_edge =
        |kind: &TerminatorKind<'_>| matches!(kind, TerminatorKind::Drop { drop: Some(_), .. });
    tcx.features().async_drop()
        && body.basic_blocks.iter().any(|block| has_async_edge(&block.terminator().kind))
}

/// The lint `large_assignments` reports moves when code is generated: where it is on, they stay.
fn keeps_moves_for_lints(tcx: TyCtxt<'_>) -> bool {
    tcx.move_size_limit().0 != 0
}
