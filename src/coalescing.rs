//! Whether values that only move from one local to the next get one place: `SNUG_COALESCE` for the crate being
//! compiled.
//!
//! Other crates need not know. What coalescing changes is in the bodies and in the `CoroutineLayout`s of the crate's
//! metadata, and layouts are a function of these: crates compiled with it and without it go into one program.
//! `docs/assumptions.md` says what it is for.

use rustc_middle::ty::TyCtxt;

use crate::{build_id, switch};

/// The environment variable that turns it off.
pub(crate) const VARIABLE: &str = "SNUG_COALESCE";

/// Checks the variable outside of any query.
pub(crate) fn check_environment() -> Result<(), String> {
    switch::of_environment(VARIABLE).map(drop)
}

/// Whether it is on for the crate being compiled, read through a query, so that incremental compilation notices a
/// change.
pub(crate) fn is_on(tcx: TyCtxt<'_>) -> bool {
    build_id::depend_on_build(tcx);
    switch::is_on(VARIABLE, tcx.env_var_os(VARIABLE.as_ref()))
        .expect("`init` refuses unknown values")
}

/// As users write it, and reports.
pub(crate) fn name(is_on: bool) -> &'static str {
    if is_on { "on" } else { "off" }
}
