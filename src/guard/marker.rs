//! The marker: what a crate says about the layout of its coroutines.
//!
//! It is the name of a native library that does not exist, so it is part of the crate's metadata,
//! and every linker that is asked for it prints it:
//!
//! ```text
//! snug-coroutine-layout-packed-v6--crate-store-was-compiled-by-the-codegen-backend-Snug--...
//! └────────── for Snug ─────────┘  └───────────── for readers of the linker's error ───────...
//! ```
//!
//! What comes first never changes its form, so that every version of Snug can read every other's.

use rustc_hir::attrs::NativeLibKind;
use rustc_hir::def_id::CrateNum;
use rustc_middle::ty::TyCtxt;
use rustc_session::cstore::NativeLib;
use rustc_span::Symbol;

use crate::mode::Mode;

/// Rises with every change that another crate could see: of the place of any coroutine's field
/// (`./y.sh test layouts` notices one that forgot to), of niches, or of what the MIR of a coroutine expects of its
/// layout. It rises with nothing else.
pub(crate) const LAYOUT_VERSION: u32 = 6;

const PREFIX: &str = "snug-coroutine-layout-";
const END: &str = "--";

/// How the coroutines of a crate are laid out, by any version of Snug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Marker {
    /// The name of the layout mode, perhaps one that this version does not have.
    pub(crate) layout: String,
    /// The layout version, in decimal digits.
    pub(crate) version: String,
}

impl Marker {
    /// What this version of Snug writes for a mode.
    pub(crate) fn of_mode(mode: Mode) -> Marker {
        Marker { layout: mode.to_string(), version: layout_version() }
    }

    /// The marker of another crate; `None` if Snug did not compile it. It comes last: before it may be
    /// libraries that the crate itself asks for, whatever they are called.
    pub(crate) fn of_crate(tcx: TyCtxt<'_>, cnum: CrateNum) -> Option<Marker> {
        tcx.native_libraries(cnum)
            .iter()
            .rev()
            .find_map(|library| Marker::read(library.name.as_str()))
    }

    /// The mode that this version of Snug can reproduce.
    pub(crate) fn mode(&self) -> Option<Mode> {
        let mode = Mode::from_name(&self.layout)?;
        (self.version == layout_version()).then_some(mode)
    }

    /// What the name of a native library says; `None` if it is a real library's.
    pub(crate) fn read(library: &str) -> Option<Marker> {
        let (start, _) = library.strip_prefix(PREFIX)?.split_once(END)?;
        let (layout, version) = start.rsplit_once("-v")?;
        Some(Marker { layout: layout.to_string(), version: version.to_string() })
    }

    /// The library that a crate of this name asks for. Linkers get it as one argument, and people
    /// may paste it into a shell: no spaces, no special characters.
    pub(crate) fn library(&self, name: Symbol) -> NativeLib {
        let Marker { layout, version } = self;
        let library = format!(
            "{PREFIX}{layout}-v{version}{END}crate-{name}-was-compiled-by-the-codegen-backend-Snug{END}\
             compile-the-whole-program-with-Snug-or-{name}-without-it"
        );
        NativeLib {
            kind: NativeLibKind::Dylib { as_needed: None },
            name: Symbol::intern(&library),
            filename: None,
            cfg: None,
            foreign_module: None,
            verbatim: None,
            dll_imports: Vec::new(),
        }
    }
}

/// Whether the native library of this name is a marker.
pub(crate) fn is_marker(library: Symbol) -> bool {
    Marker::read(library.as_str()).is_some()
}

/// The version of the layouts, as markers have it.
///
/// The build for the tests can pretend to be another version.
fn layout_version() -> String {
    #[cfg(feature = "faults")]
    if let Some(version) = crate::testing::marker::layout_version() {
        return version;
    }
    LAYOUT_VERSION.to_string()
}
