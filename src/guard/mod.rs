//! Crates whose coroutine layouts differ must not be linked into one program.
//!
//! Every crate that is compiled with a layout other than stock's says so in its metadata: it asks
//! for a native library whose name is the message. Nobody has that library, so a final link by
//! any other backend stops with a sentence that names it; Snug's own link takes the entry out.
//! Downstream, the same entry tells Snug how the crate's coroutines are laid out.
//!
//! No object file is touched, so both code generators share the scheme (DESIGN.md, section 7).

use rustc_codegen_ssa::CrateInfo;
use rustc_hir::attrs::NativeLibKind;
use rustc_hir::def_id::CrateNum;
use rustc_middle::query::LocalCrate;
use rustc_middle::ty::TyCtxt;
use rustc_session::cstore::NativeLib;
use rustc_span::Symbol;

use crate::layout::mode::{self, Mode};
use crate::queries;

/// Rises with every change that moves a field of any coroutine.
pub(crate) const LAYOUT_VERSION: u32 = 2;

const PREFIX: &str = "snug-coroutine-layout-";
const ADVICE: &str = "--link-with-the-backend-that-built-this-crate";

fn marker(mode: Mode) -> Symbol {
    Symbol::intern(&format!("{PREFIX}{mode}-v{LAYOUT_VERSION}{ADVICE}"))
}

fn is_marker(name: Symbol) -> bool {
    name.as_str().starts_with(PREFIX)
}

/// The provider of `native_libraries` for the crate being compiled: stock's and the marker.
pub(crate) fn native_libraries(tcx: TyCtxt<'_>, key: LocalCrate) -> Vec<NativeLib> {
    let mut libraries = (queries::stock().native_libraries)(tcx, key);
    let mode = mode::of_local_crate(tcx);
    if mode != Mode::Classic {
        libraries.push(NativeLib {
            kind: NativeLibKind::Dylib { as_needed: None },
            name: marker(mode),
            filename: None,
            cfg: None,
            foreign_module: None,
            verbatim: None,
            dll_imports: Vec::new(),
        });
    }
    libraries
}

/// The layout mode that another crate's marker names; `None` where there is no marker.
///
/// Layouts of another version cannot be reproduced: that is an error that ends the compilation.
pub(crate) fn mode_of_marker(tcx: TyCtxt<'_>, cnum: CrateNum) -> Option<Mode> {
    let name = tcx.native_libraries(cnum).iter().map(|lib| lib.name).find(|&n| is_marker(n))?;
    let known = [Mode::CapturesOnly, Mode::Packed].into_iter().find(|&m| marker(m) == name);
    if known.is_none() {
        let found = name.as_str().trim_start_matches(PREFIX).trim_end_matches(ADVICE);
        tcx.dcx().fatal(format!(
            "crate `{}` was compiled by another version of Snug (coroutine layout `{found}`, this \
             is `v{LAYOUT_VERSION}`): rebuild it with this version",
            tcx.crate_name(cnum),
        ));
    }
    known
}

/// Takes the markers out of what the linker gets to see.
pub(crate) fn remove_markers(info: &mut CrateInfo) {
    info.used_libraries.retain(|lib| !is_marker(lib.name));
    for libraries in info.native_libraries.values_mut() {
        libraries.retain(|lib| !is_marker(lib.name));
    }
}
