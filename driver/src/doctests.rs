//! How doc tests come to be compiled by Snug, on a compiler that has no stable option for it.
//!
//! rustdoc has an unstable option for the compiler that it takes (`--test-builder`). [`ask`] lets rustdoc alone
//! have it, and only for the crate whose tests they are; [`compile`] takes out of what rustdoc passes
//! on whatever came with it, so that doc tests are compiled by the stable compiler that users see.
//!
//! Mirrors `run_test` in `librustdoc/doctest.rs`.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;

use crate::error::{Error, Result};

/// What makes rustc and rustdoc accept unstable options: `1`, or the names of crates.
const BOOTSTRAP: &str = "RUSTC_BOOTSTRAP";
/// The value that [`ask`] gave to it.
const ASKED: &str = "SNUG_RUSTDOC_BOOTSTRAP";
/// The option that every unstable one needs.
const UNSTABLE: &str = "-Zunstable-options";

/// Makes rustdoc compile doc tests with `rustc`.
pub fn ask(rustdoc: &mut Command, arguments: &[OsString], rustc: &Path) {
    rustdoc.args([UNSTABLE, "--test-builder"]).arg(rustc);
    let before = std::env::var_os(BOOTSTRAP).filter(|before| !before.is_empty());
    // Where everything may be unstable, nothing has to be hidden.
    if before.is_none_or(|before| before != "1") {
        let name = crate_name(arguments);
        rustdoc.env(BOOTSTRAP, &name).env(ASKED, &name);
    }
}

/// The crate's name, as cargo passes it.
fn crate_name(arguments: &[OsString]) -> OsString {
    let at = arguments.iter().position(|argument| argument == "--crate-name");
    at.and_then(|at| arguments.get(at + 1)).cloned().unwrap_or_default()
}

/// Makes `rustc`, with arguments that rustdoc may have given, be what users see.
///
/// # Errors
///
/// When a file of arguments cannot be read.
pub fn compile(rustc: &mut Command, arguments: Vec<OsString>) -> Result<()> {
    let Some(asked) = std::env::var_os(ASKED) else {
        rustc.args(arguments);
        return Ok(());
    };
    rustc.env_remove(ASKED);
    // For the runner, which has no user's code in it, rustdoc sets a value of its own.
    if std::env::var_os(BOOTSTRAP) == Some(asked) {
        rustc.env_remove(BOOTSTRAP);
    }
    for argument in arguments {
        match file_of_arguments(&argument) {
            None => rustc.arg(argument),
            Some(file) => {
                let text = std::fs::read_to_string(file)
                    .map_err(|error| Error::new(format!("`{file}` cannot be read: {error}")))?;
                rustc.args(text.lines().filter(|line| *line != UNSTABLE))
            }
        };
    }
    Ok(())
}

fn file_of_arguments(argument: &OsStr) -> Option<&str> {
    argument.to_str()?.strip_prefix('@')
}
