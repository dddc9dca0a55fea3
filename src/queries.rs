//! Every query that Snug overrides, in one place.
//!
//! | query | why |
//! |---|---|
//! | `mir_drops_elaborated_and_const_checked` | runs RelocateUpvars on coroutine bodies |
//! | `layout_of` | lays out relocated coroutines; every other type is stock's; notes layouts for the report |
//! | `check_mono_item` | verifies relocated coroutines before they are lowered; finds what Cranelift lacks |
//! | `codegen_fn_attrs` | the user's closures are not inlined where nothing is optimised |
//! | `mir_shims` | Clone shims of relocated coroutines clone each value once |
//! | `closure_saved_names_of_captured_variables` | debug info lists upvars where they are alive |
//! | `native_libraries` | marks the crate, so that mixing layouts cannot link |
//! | `analysis` | refuses upstream crates with other layouts; writes the report of a build without code |
//! | `crate_hash`, `env_var_os` | incremental caches notice another layout or another Snug |
//!
//! An override is a thin wrapper around the stock provider, which it calls whenever the coroutine
//! is not relocated.

use rustc_middle::util::Providers;

use crate::{build_id, guard, layout, lowering, relocate, report, stock, tracking, upvar_users};
#[cfg(feature = "cranelift")]
use crate::{fallback, inlining};

/// Keeps the stock providers and installs the overrides.
pub(crate) fn provide(providers: &mut Providers) {
    stock::keep(&providers.queries);
    let queries = &mut providers.queries;
    queries.mir_drops_elaborated_and_const_checked = relocate::drops_elaborated;
    queries.layout_of = layout::layout_of;
    if report::is_asked_for() {
        queries.layout_of = report::layout_of;
    }
    queries.check_mono_item = lowering::check_mono_item;
    #[cfg(feature = "cranelift")]
    {
        queries.check_mono_item = fallback::check_mono_item;
        queries.codegen_fn_attrs = inlining::codegen_fn_attrs;
    }
    queries.mir_shims = upvar_users::clone_shim::mir_shims;
    queries.closure_saved_names_of_captured_variables = upvar_users::names::saved_names;
    if guard::is_on() {
        queries.native_libraries = guard::native_libraries;
        queries.analysis = guard::analysis;
    }
    if report::is_asked_for() {
        queries.analysis = report::analysis;
    }
    queries.crate_hash = tracking::crate_hash;
    queries.env_var_os = build_id::env_var_os;
}
