//! Verifies what lowering is about to rely on, like the checker of a register allocator.
//!
//! [`crate::relocate`] gives an upvar and its slot one meaning, [`crate::layout`] gives them one
//! place, and lowering trusts both: a relocation emits no code. If the two ever disagreed, safe
//! programs would read garbage. So every coroutine that is lowered is checked again, with
//! nothing but its finished layout and its final MIR in hand:
//!
//! * [`seen`] reads where everything lies, by way of the queries that lowering uses;
//! * [`verify`] checks what holds in the layout alone: alignments, one place per value, nothing
//!   that is alive together overlaps;
//! * [`flow`] walks the resume function ([`body`], [`graph`]) and checks that no write to a field hits the
//!   bytes of another that is still needed;
//! * [`relocations`] counts for the report what became of the upvars.
//!
//! A violation is a bug in Snug and stops the compilation. All of it runs in every build, in the
//! query `check_mono_item`: rustc asks it once per function instance that is about to be lowered,
//! and not again in an incremental build in which neither MIR nor layout has changed.

mod body;
mod flow;
mod graph;
pub(crate) mod relocations;
mod seen;
mod verify;
mod violation;

use rustc_middle::ty::{self, EarlyBinder, Instance, InstanceKind, Ty, TyCtxt, TypingEnv};

use crate::{layout, stock};
use seen::Seen;
use violation::Violation;

/// The provider of `check_mono_item`: stock's checks, and the verifier's where the instance
/// touches the inside of a coroutine.
pub(crate) fn check_mono_item<'tcx>(tcx: TyCtxt<'tcx>, instance: Instance<'tcx>) {
    (stock::providers().check_mono_item)(tcx, instance);
    match instance.def {
        InstanceKind::Item(def_id) if tcx.is_coroutine(def_id) => resume_function(tcx, instance),
        InstanceKind::DropGlue(_, Some(ty)) | InstanceKind::CloneShim(_, ty)
            if ty.is_coroutine() =>
        {
            check(tcx, ty, Lowered::Shim);
        }
        _ => {}
    }
    for scope in &tcx.instance_mir(instance.def).source_scopes {
        // A resume function that was inlined into this body. There may be no instance of its own.
        if let Some((inlined, _)) = scope.inlined
            && let InstanceKind::Item(def_id) = inlined.def
            && tcx.is_coroutine(def_id)
        {
            let inlined = instance.instantiate_mir_and_normalize_erasing_regions(
                tcx,
                TypingEnv::fully_monomorphized(),
                EarlyBinder::bind(inlined),
            );
            resume_function(tcx, inlined);
        }
    }
}

/// Checks the coroutine that a resume function gets, as `Pin<&mut C>` or `&mut C`.
fn resume_function<'tcx>(tcx: TyCtxt<'tcx>, instance: Instance<'tcx>) {
    let body = tcx.instance_mir(instance.def);
    let pointer = instance.instantiate_mir_and_normalize_erasing_regions(
        tcx,
        TypingEnv::fully_monomorphized(),
        EarlyBinder::bind(body.local_decls[ty::CAPTURE_STRUCT_LOCAL].ty),
    );
    match pointer.pinned_ty().unwrap_or(pointer).builtin_deref(true) {
        Some(ty) if ty.is_coroutine() => check(tcx, ty, Lowered::ResumeFunction),
        _ => span_bug!(body.span, "a resume function gets {pointer}, no coroutine"),
    }
}

/// What of a coroutine is lowered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lowered {
    ResumeFunction,
    /// Functions that rustc makes: they go by the layout alone.
    Shim,
}

/// Checks a coroutine, if Snug laid it out.
fn check<'tcx>(tcx: TyCtxt<'tcx>, ty: Ty<'tcx>, lowered: Lowered) {
    let ty::Coroutine(def_id, args) = *ty.kind() else { bug!("{ty} is no coroutine") };
    if !layout::is_relocated(tcx, def_id, args) {
        return;
    }
    let _timer = tcx.prof.generic_activity("snug_verify_coroutine");
    if let Some(seen) = Seen::new(tcx, def_id, args)
        && let Err(Violation { span, message }) = verify(&seen, lowered)
    {
        span_bug!(span, "{message}");
    }
}

fn verify(seen: &Seen<'_>, lowered: Lowered) -> Result<(), Violation> {
    verify::layout(seen)?;
    if lowered == Lowered::ResumeFunction {
        let overlaps = verify::overlaps(seen);
        flow::check(seen, &overlaps)?;
        verify::conflicts(seen, &overlaps)?;
    }
    Ok(())
}
