//! What makes a crate be compiled again: another layout, another report, another Snug.
//!
//! A crate's layouts depend on `SNUG_LAYOUT`, `SNUG_COALESCE`, `SNUG_LIVENESS` and on this dylib, and none of these is an option
//! that rustc knows. Three caches must notice a change:
//!
//! * cargo's, through dep-info. Each part of Snug that reads a variable lists it with [`track_variable`];
//!   [`track_build`] lists the dylib's file, and a path that leads to a file only while the dylib is this
//!   very build (`./y.sh build` makes it): cargo compares times, and another build may well have a file
//!   with an older one;
//! * the incremental cache of the crate itself: see [`crate::build_id`], [`mode::of_local_crate`] and
//!   [`coalescing::is_on`];
//! * the incremental caches of downstream crates: they compare upstream crates by their hash alone,
//!   so [`crate_hash`] makes layout, coalescing, liveness and build part of it.
//!
//! And sccache, which teams share: it asks for dep-info first, and its key has in it the values of the
//! variables and the contents of the files that it finds there, in the order of their paths
//! (`docs/teams.md`).

use std::ffi::{CStr, OsStr};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustc_data_structures::fingerprint::Fingerprint;
use rustc_data_structures::stable_hasher::StableHasher;
use rustc_data_structures::svh::Svh;
use rustc_middle::query::LocalCrate;
use rustc_middle::ty::TyCtxt;
use rustc_session::Session;
use rustc_session::config::OutputType;
use rustc_span::Symbol;

use crate::build_id::BUILD;
use crate::liveness::Liveness;
use crate::{coalescing, compat, mode, stock};

/// Lists in dep-info which build of Snug compiles the crate, and what chose it. This must happen before any query
/// runs: dep-info is written before the queries that read variables.
pub(crate) fn track_build(sess: &Session) {
    if let Ok(package) = std::env::var("CARGO_PKG_NAME") {
        // `snug-rustc` (driver/) lets it choose the backend for this package.
        track_variable(sess, &format!("SNUG_BACKEND_{package}"));
    }
    let Some(file) = own_file() else { return };
    let build = file.with_extension("build").join(BUILD);
    track_file(sess, &file);
    // Builds by hand have none, and what is missing always counts as changed.
    if build.exists() {
        track_file(sess, &build);
    }
}

fn track_file(sess: &Session, file: &Path) {
    let file = Symbol::intern(&before_all_others(file).to_string_lossy());
    compat::dep_info(sess).file_depinfo.borrow_mut().insert(file);
}

/// A path to the same file that comes before every source file's in order of paths, wherever Snug is
/// installed: sccache's key must not depend on that. (Above the root is the root.)
fn before_all_others(file: &Path) -> PathBuf {
    match file.strip_prefix("/") {
        Ok(below_root) => Path::new("/..").join(below_root),
        Err(_) => file.to_owned(),
    }
}

/// Whether the caller only wants to know what the crate depends on. Cargo never asks that alone.
pub(crate) fn is_asked_beforehand(sess: &Session) -> bool {
    sess.opts.output_types.keys().all(|output| *output == OutputType::DepInfo)
}

/// Lists a variable and the value that it has. This must happen before any query runs.
pub(crate) fn track_variable(sess: &Session, name: &str) {
    track_value(sess, name, std::env::var(name).ok().as_deref());
}

/// Lists a variable and the value that it is to have.
pub(crate) fn track_value(sess: &Session, name: &str, value: Option<&str>) {
    let value = value.map(Symbol::intern);
    compat::dep_info(sess).env_depinfo.borrow_mut().insert((Symbol::intern(name), value));
}

/// The file of this dylib, however it came to be loaded.
fn own_file() -> Option<PathBuf> {
    let mut info = std::mem::MaybeUninit::<libc::Dl_info>::zeroed();
    // SAFETY: the address lies in this dylib; where dladdr finds nothing, all of `info` stays zero.
    let info = unsafe {
        libc::dladdr(own_file as *const libc::c_void, info.as_mut_ptr());
        info.assume_init()
    };
    if info.dli_fname.is_null() {
        return None;
    }
    // SAFETY: dladdr gives a C string that lives as long as the dylib.
    let name = unsafe { CStr::from_ptr(info.dli_fname) };
    Some(PathBuf::from(OsStr::from_bytes(name.to_bytes())))
}

/// The provider of `crate_hash` for the crate being compiled.
pub(crate) fn crate_hash(tcx: TyCtxt<'_>, key: LocalCrate) -> Svh {
    let stock = (stock::providers().crate_hash)(tcx, key);
    let mode = mode::of_local_crate(tcx);
    let liveness = Liveness::of_local_crate(tcx);
    let mut hasher = StableHasher::new();
    std::hash::Hash::hash(
        &(stock.as_u128(), mode.name(), coalescing::is_on(tcx), liveness.name(), BUILD),
        &mut hasher,
    );
    Svh::new(hasher.finish::<Fingerprint>())
}
