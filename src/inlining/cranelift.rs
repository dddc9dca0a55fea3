//! Turns inlining on, and keeps the user's closures out of it.

use rustc_hir::attrs::InlineAttr;
use rustc_hir::def::DefKind;
use rustc_hir::def_id::LocalDefId;
use rustc_middle::middle::codegen_fn_attrs::CodegenFnAttrs;
use rustc_middle::ty::TyCtxt;
use rustc_session::config::{InliningThreshold, InstrumentCoverage, OptLevel, Options};

use super::variable::VARIABLE;
use crate::{stock, switch};

/// The most that a function with `#[inline]` may cost, in the terms of rustc's inliner. Measured: docs/inlining.md.
const MOST: usize = 10;

/// Turns inlining on for a crate that is compiled without optimisation, and whose user has not said anything about it. `init` refuses
/// unknown values later.
pub(crate) fn turn_on(options: &mut Options) {
    let is_wanted = switch::of_environment(VARIABLE).unwrap_or(false);
    let unstable = &options.unstable_opts;
    let is_undecided = unstable.inline_mir.is_none()
        && unstable.mir_opt_level.is_none()
        && unstable.inline_mir_threshold.is_none()
        && unstable.inline_mir_hint_threshold.is_none();
    let is_plain = options.optimize == OptLevel::No
        && options.cg.instrument_coverage == InstrumentCoverage::No;
    if is_wanted && is_undecided && is_plain {
        options.unstable_opts.inline_mir = Some(true);
        options.unstable_opts.inline_mir_threshold = Some(0);
        options.unstable_opts.inline_mir_hint_threshold = Some(MOST);
        options.unstable_opts.inline_mir_forwarder_threshold = Some(MOST);
        if is_users_own(options) {
            // Small functions would count as if they had `#[inline]`.
            options.unstable_opts.cross_crate_inline_threshold = InliningThreshold::Never;
        }
    }
}

/// The provider of `codegen_fn_attrs`: the user's closures are not inlined where nothing is optimised.
pub(crate) fn codegen_fn_attrs(tcx: TyCtxt<'_>, function: LocalDefId) -> CodegenFnAttrs {
    let mut attributes = (stock::providers().codegen_fn_attrs)(tcx, function);
    let is_closure = tcx.def_kind(function) == DefKind::Closure;
    if is_closure && attributes.inline == InlineAttr::None && keeps_functions(tcx) {
        attributes.inline = InlineAttr::Never;
    }
    attributes
}

/// Whether the user's own functions stay as they are, and this crate has some.
fn keeps_functions(tcx: TyCtxt<'_>) -> bool {
    let options = &tcx.sess.opts;
    options.optimize == OptLevel::No
        && options.unstable_opts.inline_mir == Some(true)
        && is_users_own(options)
}

/// Whether a crate is the user's own: cargo caps the lints of all others.
fn is_users_own(options: &Options) -> bool {
    options.lint_cap.is_none()
}
