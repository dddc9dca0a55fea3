//! Which build of Snug this is, and how queries depend on it.
//!
//! No option of rustc's says it, so the incremental cache does not know of it either. A query that calls
//! [`depend_on_build`] reads it through the query `env_var_os`, which is evaluated anew in every session.

use std::ffi::OsStr;

use rustc_middle::ty::TyCtxt;

use crate::stock;

/// Names this build of Snug: `./y.sh build` passes a hash of everything that goes into it.
pub(crate) const BUILD: &str = match option_env!("SNUG_BUILD") {
    Some(build) => build,
    None => "unnamed",
};

/// The name under which [`env_var_os`] answers with [`BUILD`]. An environment variable's name may have no
/// blank in a shell, so none has this one.
const BUILD_VARIABLE: &str = "snug build";

/// What tells two builds of Snug apart, for people and for cargo.
pub(crate) fn version() -> String {
    format!("{} ({BUILD})", env!("CARGO_PKG_VERSION"))
}

/// The provider of `env_var_os`: stock's, and the build's name.
pub(crate) fn env_var_os<'tcx>(tcx: TyCtxt<'tcx>, key: &'tcx OsStr) -> Option<&'tcx OsStr> {
    if key == BUILD_VARIABLE {
        return Some(OsStr::new(BUILD));
    }
    (stock::providers().env_var_os)(tcx, key)
}

/// Makes the query that calls this depend on the build of Snug.
pub(crate) fn depend_on_build(tcx: TyCtxt<'_>) {
    let _ = tcx.env_var_os(BUILD_VARIABLE.as_ref());
}
