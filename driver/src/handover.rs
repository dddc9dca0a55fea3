//! How one process becomes the next, and what it gives to it, without leaving a trace for those that
//! rustc starts.

use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::error::Result;
use crate::installation::broken;

/// Where the dynamic linker looks for `librustc_driver`.
const LIBRARY_PATH: &str = "LD_LIBRARY_PATH";
/// What that variable was before.
const LIBRARY_PATH_BEFORE: &str = "SNUG_RUSTC_LIBRARY_PATH_BEFORE";
/// What the dynamic linker loads first.
const PRELOAD: &str = "LD_PRELOAD";
/// What that variable was before.
const PRELOAD_BEFORE: &str = "SNUG_RUSTC_PRELOAD_BEFORE";
/// The backend to load.
const BACKEND: &str = "SNUG_RUSTC_BACKEND";

/// Becomes another program; returns only after telling the user why it cannot.
pub fn become_program(next: Result<Command>) -> ExitCode {
    let error = match next {
        Ok(mut next) => {
            let error = next.exec();
            broken(next.get_program(), &error.to_string())
        }
        Err(error) => error,
    };
    eprintln!("error: {error}");
    ExitCode::FAILURE
}

/// Prepares the compiler's environment. `take` makes it what it was.
pub fn give(compiler: &mut Command, libraries: &Path, backend: &Path) {
    compiler.env(BACKEND, backend);
    put_first(compiler, LIBRARY_PATH, LIBRARY_PATH_BEFORE, libraries.as_os_str());
}

/// The same for clippy-driver, with a library of that folder that it is to load first, and that makes the environment what
/// it was (`clippy/`). Its name alone stands in the variable: the dynamic linker takes a space in there for the
/// end of a path.
pub fn give_to_clippy(clippy: &mut Command, folder: &Path, library: &str, backend: &Path) {
    give(clippy, folder, backend);
    put_first(clippy, PRELOAD, PRELOAD_BEFORE, library.as_ref());
}

/// Sets a variable that holds a list, and another one to what it was.
fn put_first(command: &mut Command, variable: &str, variable_before: &str, first: &OsStr) {
    let before = std::env::var_os(variable);
    let mut list = OsString::from(first);
    if let Some(before) = before.as_deref().filter(|before| !before.is_empty()) {
        list.push(":");
        list.push(before);
    }
    command.env(variable, list).env_remove(variable_before);
    if let Some(before) = before {
        command.env(variable_before, before);
    }
}

/// The backend to load. Makes the environment what it was.
///
/// # Safety
///
/// There must be no other thread yet.
pub unsafe fn take() -> Option<PathBuf> {
    let backend = std::env::var_os(BACKEND)?;
    // SAFETY: the caller says that nobody else reads the environment now.
    unsafe {
        set(LIBRARY_PATH, std::env::var_os(LIBRARY_PATH_BEFORE).as_deref());
        set(LIBRARY_PATH_BEFORE, None);
        set(BACKEND, None);
    }
    Some(PathBuf::from(backend))
}

/// # Safety
///
/// As for [`std::env::set_var`].
unsafe fn set(name: &str, value: Option<&OsStr>) {
    // SAFETY: the caller's.
    unsafe {
        match value {
            Some(value) => std::env::set_var(name, value),
            None => std::env::remove_var(name),
        }
    }
}
