//! How one process becomes the next, and what it gives to it, without leaving a trace for those that
//! rustc starts.

use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::installation::broken;

/// Where the dynamic linker looks for `librustc_driver`.
const LIBRARY_PATH: &str = "LD_LIBRARY_PATH";
/// What that variable was before.
const LIBRARY_PATH_BEFORE: &str = "SNUG_RUSTC_LIBRARY_PATH_BEFORE";
/// The backend to load.
const BACKEND: &str = "SNUG_RUSTC_BACKEND";

/// Becomes another program; returns only after telling the user why it cannot.
pub fn become_program(next: Result<Command, String>) -> ExitCode {
    let message = match next {
        Ok(mut next) => {
            let error = next.exec();
            broken(next.get_program(), &error.to_string())
        }
        Err(message) => message,
    };
    eprintln!("{message}");
    ExitCode::FAILURE
}

/// Prepares the compiler's environment.
pub fn give(compiler: &mut Command, libraries: &Path, backend: &Path) {
    let before = std::env::var_os(LIBRARY_PATH);
    let mut path = OsString::from(libraries);
    if let Some(before) = before.as_deref().filter(|before| !before.is_empty()) {
        path.push(":");
        path.push(before);
    }
    compiler.env(LIBRARY_PATH, path).env(BACKEND, backend).env_remove(LIBRARY_PATH_BEFORE);
    if let Some(before) = before {
        compiler.env(LIBRARY_PATH_BEFORE, before);
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
