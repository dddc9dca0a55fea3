//! Environment variables that are `on` or `off`: both spellings, and the sentence for all others.

use std::ffi::OsStr;

/// What a variable says. Those that are not set are on.
pub(crate) fn is_on(variable: &str, value: Option<&OsStr>) -> Result<bool, String> {
    // `SNUG_COALESCE= cargo build` is how shells unset a variable for one command.
    match value.map(OsStr::as_encoded_bytes) {
        None | Some(b"" | b"on") => Ok(true),
        Some(b"off") => Ok(false),
        Some(other) => Err(format!(
            "unknown value `{}` of the environment variable `{variable}`: use `on` or `off`, or unset it for `on`",
            String::from_utf8_lossy(other)
        )),
    }
}

/// What a variable says, outside of any query.
pub(crate) fn of_environment(variable: &str) -> Result<bool, String> {
    is_on(variable, std::env::var_os(variable).as_deref())
}
