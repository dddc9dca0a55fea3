//! Locals of a function share stack in the Cranelift twin: `SNUG_SHARE_STACK`.
//!
//! Which ones is decided by `slots/`, from the markers of where storage begins and ends. Optimised builds have these; in others, rustc's
//! pass `RemoveStorageMarkers` removes them, because LLVM makes nothing of them there. [`keep_markers`] has it leave them.
//!
//! docs/stack-slots.md is for users. With `-Zcodegen-backend` alone there is no place to do so: options are read-only when a backend is made. There, nothing is shared
//! without `-Zmir-enable-passes=-RemoveStorageMarkers`.

#[cfg(feature = "cranelift")]
use rustc_session::config::{OptLevel, Options};

use crate::switch;

/// The environment variable that turns it off.
pub(crate) use snug_slots::VARIABLE;

/// Checks the variable outside of any query.
pub(crate) fn check_environment() -> Result<(), String> {
    switch::of_environment(VARIABLE).map(drop)
}

/// The pass that removes markers.
#[cfg(feature = "cranelift")]
const REMOVES_MARKERS: &str = "RemoveStorageMarkers";

/// Keeps the markers in a crate that is compiled without optimisation, unless its user has said something about the pass. `init` refuses
/// unknown values later.
#[cfg(feature = "cranelift")]
pub(crate) fn keep_markers(options: &mut Options) {
    let is_wanted = switch::of_environment(VARIABLE).unwrap_or(false);
    let is_decided =
        options.unstable_opts.mir_enable_passes.iter().any(|(pass, _)| pass == REMOVES_MARKERS);
    if is_wanted && !is_decided && options.optimize == OptLevel::No {
        options.unstable_opts.mir_enable_passes.push((REMOVES_MARKERS.to_owned(), false));
    }
}
