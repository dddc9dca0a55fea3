//! Whether what has been moved away needs no bytes: `SNUG_LIVENESS` for the crate being compiled.
//!
//! Other crates need not know. What it changes is in the bodies and in the `CoroutineLayout`s of the crate's
//! metadata, and layouts are a function of these: crates compiled with either go into one program.

use std::ffi::OsStr;

use rustc_middle::ty::TyCtxt;

use crate::build_id;
use crate::mode::{self, Mode};

/// The environment variable that chooses.
pub(crate) const VARIABLE: &str = "SNUG_LIVENESS";

/// When a value needs bytes of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Liveness {
    /// Until it has been moved away.
    Moves,
    /// As stock has it: what was ever borrowed, until its scope ends.
    Stock,
}

fn parse(value: Option<&OsStr>) -> Result<Liveness, String> {
    // `SNUG_LIVENESS= cargo build` is how shells unset a variable for one command.
    match value.map(OsStr::as_encoded_bytes) {
        None | Some(b"" | b"moves") => Ok(Liveness::Moves),
        Some(b"stock") => Ok(Liveness::Stock),
        Some(other) => Err(format!(
            "unknown value `{}` of the environment variable `{VARIABLE}`: use `moves` or `stock`, or unset it for `moves`",
            String::from_utf8_lossy(other)
        )),
    }
}

/// Checks the variable outside of any query.
pub(crate) fn check_environment() -> Result<(), String> {
    parse(std::env::var_os(VARIABLE).as_deref()).map(drop)
}

impl Liveness {
    /// The one of the crate being compiled, read through a query, so that incremental compilation notices a change. Only the
    /// layout `packed` has another than stock's.
    pub(crate) fn of_local_crate(tcx: TyCtxt<'_>) -> Liveness {
        if mode::of_local_crate(tcx) != Mode::Packed {
            return Liveness::Stock;
        }
        build_id::depend_on_build(tcx);
        parse(tcx.env_var_os(VARIABLE.as_ref())).expect("`init` refuses unknown values")
    }

    /// As users write it, and reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Liveness::Moves => "moves",
            Liveness::Stock => "stock",
        }
    }
}
