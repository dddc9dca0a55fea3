//! The switch: `SNUG_INLINE`.

use std::ffi::OsStr;

/// The environment variable that chooses.
pub(crate) const VARIABLE: &str = "SNUG_INLINE";

pub(super) fn parse(value: Option<&OsStr>) -> Result<bool, String> {
    // `SNUG_INLINE= cargo build` is how shells unset a variable for one command.
    match value.map(OsStr::as_encoded_bytes) {
        None | Some(b"" | b"on") => Ok(true),
        Some(b"off") => Ok(false),
        Some(other) => Err(format!(
            "unknown value `{}` of the environment variable `{VARIABLE}`: use `on` or `off`, or unset it for `on`",
            String::from_utf8_lossy(other)
        )),
    }
}

/// Checks the variable outside of any query.
pub(crate) fn check_environment() -> Result<(), String> {
    parse(std::env::var_os(VARIABLE).as_deref()).map(drop)
}
