//! Crates whose coroutine layouts differ must not become one program.
//!
//! Every crate that Snug compiles carries a [`marker`], a native library that does not exist, in its
//! metadata. The compiler that finishes the program meets it:
//!
//! * Snug, as soon as it compiles a crate on top: [`mixing`] accepts crates with its own marker and
//!   refuses all others with an error that names both crates. When linking, it takes the markers out.
//! * Stock rustc, when it links: it asks its linker for the library, and the linker prints the name, which
//!   says what happened and what to do.
//! * Stock rustc, when it packs a staticlib, which links nothing: [`staticlib`].
//!
//! The crate's machine code is not touched, so both code generators share the scheme, and the finished
//! program does not know of it. `docs/mixing.md` has a picture.

mod dependencies;
mod marker;
mod mixing;
mod staticlib;

use rustc_codegen_ssa::{CompiledModule, CrateInfo};
use rustc_hir::attrs::CfgEntry;
use rustc_hir::def_id::{CrateNum, LOCAL_CRATE};
use rustc_middle::query::LocalCrate;
use rustc_middle::ty::TyCtxt;
use rustc_session::Session;
use rustc_session::config::{CrateType, OutputFilenames};
use rustc_session::cstore::NativeLib;
use rustc_span::DUMMY_SP;
use tempfile::TempDir;

pub(crate) use self::marker::LAYOUT_VERSION;
use self::marker::{Marker, is_marker};
pub(crate) use self::mixing::analysis;
use crate::mode::{self, Mode};
use crate::{build_id, stock};

/// Whether there is a guard at all: the build for tests and benchmarks can do without, to measure it.
pub(crate) fn is_on() -> bool {
    #[cfg(feature = "faults")]
    if crate::testing::marker::is_off() {
        return false;
    }
    true
}

/// The provider of `native_libraries` for the crate being compiled: stock's and the marker.
pub(crate) fn native_libraries(tcx: TyCtxt<'_>, key: LocalCrate) -> Vec<NativeLib> {
    let mut libraries = (stock::providers().native_libraries)(tcx, key);
    let id = tcx.stable_crate_id(LOCAL_CRATE).as_u64();
    let mut marker =
        Marker::of_mode(mode::of_local_crate(tcx)).library(tcx.crate_name(LOCAL_CRATE));
    marker.filename = staticlib::member_name(tcx.sess, id);
    libraries.push(marker);
    libraries
}

/// The mode in which a crate was compiled. It is never guessed: a crate without a marker, which Snug did not
/// compile, has stock's layouts.
pub(crate) fn mode_of_crate(tcx: TyCtxt<'_>, cnum: CrateNum) -> Mode {
    if cnum == LOCAL_CRATE {
        return mode::of_local_crate(tcx);
    }
    build_id::depend_on_build(tcx);
    let Some(marker) = Marker::of_crate(tcx, cnum) else { return Mode::Classic };
    // [`mixing`] refuses it earlier, unless nothing is compiled, as in rustdoc.
    marker.mode().unwrap_or_else(|| mixing::refuse_version(tcx, &[(cnum, &marker)]))
}

/// Whether Snug compiled another crate.
pub(crate) fn is_marked(tcx: TyCtxt<'_>, cnum: CrateNum) -> bool {
    Marker::of_crate(tcx, cnum).is_some()
}

/// Prepares a crate for Snug's own linking: what only stops others is left out, but others will find it
/// in the rlib. The folder has what goes into the rlib.
pub(crate) fn before_link(
    sess: &Session,
    modules: &mut Vec<CompiledModule>,
    info: &mut CrateInfo,
    outputs: &OutputFilenames,
) -> Option<TempDir> {
    let used = &info.used_libraries;
    if !used.iter().any(|library| is_marker(library.name)) {
        // Stock compiled it (`-Zno-link`, then `-Zlink-only`), and compared nothing.
        return None;
    }
    let folder = staticlib::add_member(sess, modules, info, outputs);
    disarm(info);
    folder
}

/// Takes the markers out of what the linker gets to see.
///
/// For a staticlib, those of upstream crates stay, under a condition that is never true: rustc must know
/// which members to leave out. Elsewhere it would unpack these to a temporary folder and never look at
/// them, which takes 2 % of a link.
fn disarm(info: &mut CrateInfo) {
    info.used_libraries.retain(|library| !is_marker(library.name));
    let packs_members = info.crate_types.contains(&CrateType::StaticLib);
    for libraries in info.native_libraries.values_mut() {
        libraries.retain(|library| packs_members || !is_marker(library.name));
        for marker in libraries.iter_mut().filter(|library| is_marker(library.name)) {
            marker.cfg = Some(CfgEntry::Bool(false, DUMMY_SP));
        }
    }
}
