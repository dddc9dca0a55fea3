//! The layouts that there are, and which of them the crate being compiled gets: what `SNUG_LAYOUT` says.
//!
//! For every other crate, its marker says it: [`crate::guard::mode_of_crate`].

use std::fmt;

use rustc_middle::ty::TyCtxt;

use crate::build_id;

/// The environment variable that chooses the layout.
pub(crate) const VARIABLE: &str = "SNUG_LAYOUT";

/// How the coroutines of one crate are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Stock rustc's layout; the relocation pass is off.
    Classic,
    /// The layout of rust-lang/rust #135527: no upvar prefix, otherwise stock's scheme.
    CapturesOnly,
    /// Everything that is never live at the same time may overlap.
    Packed,
}

impl Mode {
    const ALL: [Mode; 3] = [Mode::Classic, Mode::CapturesOnly, Mode::Packed];

    /// The name that users write and that markers and reports carry.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Mode::Classic => "classic",
            Mode::CapturesOnly => "captures-only",
            Mode::Packed => "packed",
        }
    }

    /// The mode of that name.
    pub(crate) fn from_name(name: &str) -> Option<Mode> {
        Mode::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn parse(value: Option<&std::ffi::OsStr>) -> Result<Mode, String> {
    // `SNUG_LAYOUT= cargo build` is how shells unset a variable for one command.
    let Some(value) = value.filter(|value| !value.is_empty()) else { return Ok(Mode::Packed) };
    value.to_str().and_then(Mode::from_name).ok_or_else(|| {
        let names = Mode::ALL.map(|mode| format!("`{mode}`")).join(", ");
        format!(
            "unknown coroutine layout `{}` in the environment variable `{VARIABLE}`: \
             use one of {names}, or unset it for `{}`",
            value.to_string_lossy(),
            Mode::Packed,
        )
    })
}

/// Reads `SNUG_LAYOUT` outside of any query: to check it, not to decide by it.
pub(crate) fn from_environment() -> Result<Mode, String> {
    parse(std::env::var_os(VARIABLE).as_deref())
}

/// The mode of the crate being compiled, read through a query, so that incremental compilation
/// notices a change.
pub(crate) fn of_local_crate(tcx: TyCtxt<'_>) -> Mode {
    build_id::depend_on_build(tcx);
    let value = tcx.env_var_os(VARIABLE.as_ref());
    parse(value).expect("`init` refuses unknown layouts")
}
