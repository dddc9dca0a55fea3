//! RelocateUpvars: moves the upvars of a coroutine body into MIR locals.
//!
//! In stock rustc an upvar lives in the coroutine's prefix from the first to the last byte of the
//! coroutine's life. Once it is a local like any other, `StateTransform` (see
//! `rustc_mir_transform/src/coroutine.rs`) saves it only while it is alive, and its bytes are free
//! before and after.
//!
//! The pass runs between `mir_promoted` and `run_analysis_to_runtime_passes`, hence after borrowck,
//! witnesses and every diagnostic, and in four steps, after [`indices`] has mended a mistake of stock's:
//!
//! 1. [`promote`] decides which upvars move, adds their locals, the prologue that fills them and the drops that end
//!    them, and renames their uses;
//! 2. [`coalesce`] makes one local of those between which a value only moves;
//! 3. `StateTransform` runs, among the passes that stock runs here;
//! 4. [`finish`] writes into the `CoroutineLayout` where each upvar lies while the coroutine is Unresumed, and takes
//!    the moves of the prologue out again: an upvar lies where it is used.
//!
//! The result is valid MIR under any layout: a generic body may be compiled by stock rustc.
//!
//! Each step returns what it found, and changes nothing that an earlier step returned. What a step has to know
//! about the body is gathered in [`body`].
//!
//! Mirrors `mir_drops_elaborated_and_const_checked` in `rustc_mir_transform/src/lib.rs`, in the way that
//! rust-lang/rust #114628 made for it: the promoted body is stolen, changed and run through
//! `run_analysis_to_runtime_passes`. A query that reads the promoted body later panics instead of seeing a body
//! that is not stock's.

mod body;
mod coalesce;
mod dump;
mod finish;
mod indices;
mod keepers;
mod needs;
mod promote;

use rustc_data_structures::steal::Steal;
use rustc_hir::def::DefKind;
use rustc_hir::def_id::LocalDefId;
use rustc_middle::mir::{Body, TerminatorKind};
use rustc_middle::ty::{InstanceKind, TyCtxt};
use rustc_mir_transform::run_analysis_to_runtime_passes;

use crate::decisions::{Decisions, Phase, Reason, Subject};
use crate::liveness::Liveness;
use crate::mode::{self, Mode};
#[cfg(feature = "faults")]
use crate::testing::{mir_faults, poison};
use crate::{coalescing, compat, stock, validate};
use coalesce::parts;
use finish::record::{self, Relocation};

/// The provider of `mir_drops_elaborated_and_const_checked`.
pub(crate) fn drops_elaborated<'tcx>(
    tcx: TyCtxt<'tcx>,
    def: LocalDefId,
) -> &'tcx Steal<Body<'tcx>> {
    let is_ours = tcx.is_coroutine(def.to_def_id()) && mode::of_local_crate(tcx) != Mode::Classic;
    if !is_ours || has_errors(tcx, def) {
        return (stock::providers().mir_drops_elaborated_and_const_checked)(tcx, def);
    }
    // The inliner asks for the callees of the promoted body, which is about to be gone.
    tcx.ensure_done().mir_inliner_callees(InstanceKind::Item(def.to_def_id()));
    let mut body = tcx.mir_promoted(def).0.steal();

    let decisions = Decisions::new(tcx, def);
    dump::body(tcx, &body, "before");
    let relocation = relocate(tcx, &mut body, &decisions);
    if decisions.are_kept() {
        decisions.keep(keepers::find(tcx, &body));
    }
    run_analysis_to_runtime_passes(tcx, &mut body);
    let relocation = relocation.filter(|relocation| relocation.homes.are_of(&body));
    record::record(tcx, &mut body, relocation.as_ref(), !keeps_moves_for_lints(tcx), &decisions);
    dump::body(tcx, &body, "after");
    decisions.finish();
    #[cfg(feature = "faults")]
    poison::suspended::fill(tcx, &mut body);
    tcx.alloc_steal_mir(body)
}

/// Runs everything that must have read the promoted body before it is stolen, in stock's order, so that diagnostics
/// come in that order. Says whether the body has errors: stock's provider marks it as tainted then.
fn has_errors(tcx: TyCtxt<'_>, def: LocalDefId) -> bool {
    tcx.ensure_done().mir_coroutine_witnesses(def);
    let root = tcx.typeck_root_def_id(def.to_def_id()).expect_local();
    let borrowck_failed = !tcx.is_synthetic_mir(def) && tcx.mir_borrowck(root).is_err();
    tcx.ensure_done().check_liveness(def);
    borrowck_failed || !is_well_formed(tcx, root)
}

/// Whether the item that a body is in is well-formed, as far as stock's provider checks that.
#[allow(clippy::unneeded_struct_pattern, reason = "constants have fields since 1.96")]
fn is_well_formed(tcx: TyCtxt<'_>, root: LocalDefId) -> bool {
    let is_checked = matches!(
        tcx.def_kind(root),
        DefKind::Fn
            | DefKind::AssocFn
            | DefKind::Static { .. }
            | DefKind::Const { .. }
            | DefKind::AssocConst { .. }
    );
    !is_checked || compat::is_well_formed(tcx, root)
}

/// The steps before `StateTransform`; `None` if no upvar has been moved.
fn relocate<'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &mut Body<'tcx>,
    decisions: &Decisions,
) -> Option<Relocation<'tcx>> {
    if body.yield_ty().is_none()
        || body.tainted_by_errors.is_some()
        || tcx.is_async_drop_in_place_coroutine(body.source.def_id())
    {
        return None;
    }
    let before = validate::is_on(tcx).then(|| body.clone());
    let relocation = change(tcx, body, decisions);
    #[cfg(feature = "faults")]
    mir_faults::inject(tcx, body);
    if let Some(before) = before {
        validate::check(tcx, &before, body);
    }
    #[cfg(feature = "faults")]
    poison::between::fill(tcx, body);
    relocation
}

/// The steps that change the body.
fn change<'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &mut Body<'tcx>,
    decisions: &Decisions,
) -> Option<Relocation<'tcx>> {
    indices::copy_kept(tcx, body);
    let mut homes = promote::promote(tcx, body, decisions);
    dump::body(tcx, body, "promoted");
    if let Some(reason) = keeps_all_locals(tcx) {
        decisions.refuse(Phase::Coalescing, body, Subject::Body, reason);
        dump::body(tcx, body, "coalesced");
        return homes.map(|homes| Relocation { homes, temporaries: Vec::new() });
    }
    if drops_asynchronously(tcx, body) {
        decisions.refuse(Phase::Coalescing, body, Subject::Body, "it awaits destructors");
    } else {
        homes = coalesce::merge_locals(tcx, body, homes, decisions);
    }
    let temporaries = match &homes {
        Some(homes) => parts::join(tcx, body, homes, decisions),
        None => Vec::new(),
    };
    dump::body(tcx, body, "coalesced");
    if Liveness::of_local_crate(tcx) == Liveness::Moves && !drops_asynchronously(tcx, body) {
        needs::end_storage_early(tcx, body, decisions);
        dump::body(tcx, body, "ended");
    }
    homes.map(|homes| Relocation { homes, temporaries })
}

/// Whether a body awaits destructors. Such a drop is a suspension, but becomes one only when the drops
/// are elaborated. Before that, MIR does not say what is alive across it.
fn drops_asynchronously(tcx: TyCtxt<'_>, body: &Body<'_>) -> bool {
    let has_async_edge =
        |kind: &TerminatorKind<'_>| matches!(kind, TerminatorKind::Drop { drop: Some(_), .. });
    compat::has_async_drop(tcx)
        && body.basic_blocks.iter().any(|block| has_async_edge(&block.terminator().kind))
}

/// Why the whole crate is compiled without coalescing, if it is.
fn keeps_all_locals(tcx: TyCtxt<'_>) -> Option<Reason> {
    if keeps_moves_for_lints(tcx) {
        Some("the lint `large_assignments` is on: it must see every move")
    } else if !coalescing::is_on(tcx) {
        Some("`SNUG_COALESCE` is `off`")
    } else {
        None
    }
}

/// The lint `large_assignments` reports moves when code is generated: where it is on, they stay.
fn keeps_moves_for_lints(tcx: TyCtxt<'_>) -> bool {
    tcx.move_size_limit().0 != 0
}
