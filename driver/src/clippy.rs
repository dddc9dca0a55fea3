//! How clippy comes to call Snug's `clippy-driver`.
//!
//! The toolchain's cargo-clippy calls `$CARGO check`, with `RUSTC_WORKSPACE_WRAPPER` naming the clippy-driver beside itself, and
//! takes no other. So `cargo snug` has cargo find an executable of Snug's as cargo-clippy ([`find_ours`]), which becomes
//! the toolchain's, with itself as `$CARGO`; called once more as that, it names Snug's clippy-driver instead, and becomes
//! cargo. Whatever cargo starts then finds the environment that it has under stock.
//!
//! Mirrors `ClippyCmd::into_std_cmd` in clippy's `src/main.rs`, and `search_directories` in cargo's `src/bin/cargo/main.rs`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, Result};
use crate::installation::CLIPPY_DRIVER;
use crate::toolchain;

/// What cargo-clippy calls.
const CARGO: &str = "CARGO";
/// The real one.
const REAL_CARGO: &str = "SNUG_CLIPPY_CARGO";
/// Where cargo looks for subcommands.
const PATH: &str = "PATH";
/// What that was before.
const PATH_BEFORE: &str = "SNUG_CLIPPY_PATH_BEFORE";
/// What compiles the workspace's own packages.
const WRAPPER: &str = "RUSTC_WORKSPACE_WRAPPER";

/// Makes cargo find the `cargo-clippy` in a folder, before any other.
pub fn find_ours(cargo: &mut Command, folder: PathBuf, cargo_home: Option<PathBuf>) {
    let before = std::env::var_os(PATH).unwrap_or_default();
    // Cargo looks into its own folder first, but only if PATH does not have it.
    let own = cargo_home.map(|home| home.join("bin"));
    let folders = [folder].into_iter().chain(std::env::split_paths(&before)).chain(own);
    // A folder with `:` in its name cannot be in there, and cargo finds stock's.
    if let Ok(path) = std::env::join_paths(folders) {
        cargo.env(PATH, path).env(PATH_BEFORE, before);
    }
}

/// What this process is to become: the toolchain's cargo-clippy or, if that has called it, cargo.
///
/// # Errors
///
/// When the toolchain has no clippy.
pub fn next() -> Result<Command> {
    let arguments = std::env::args_os().skip(1);
    if let Some(cargo) = std::env::var_os(REAL_CARGO) {
        let mut command = Command::new(&cargo);
        command.args(arguments).env(CARGO, cargo).env_remove(REAL_CARGO);
        if let Some(rustc) = std::env::var_os("RUSTC") {
            command.env(WRAPPER, Path::new(&rustc).with_file_name(CLIPPY_DRIVER));
        }
        return Ok(command);
    }
    let own = std::env::current_exe()
        .map_err(|error| Error::new(format!("Snug cannot find its own folder: {error}")))?;
    let mut clippy = Command::new(executable("cargo-clippy")?);
    clippy.args(arguments).env(REAL_CARGO, given(CARGO, "cargo")).env(CARGO, own);
    if let Some(path) = std::env::var_os(PATH_BEFORE) {
        clippy.env(PATH, path).env_remove(PATH_BEFORE);
    }
    Ok(clippy)
}

fn given(variable: &str, otherwise: &str) -> OsString {
    std::env::var_os(variable).unwrap_or_else(|| otherwise.into())
}

/// An executable of clippy's in the toolchain.
///
/// # Errors
///
/// When it is missing.
pub fn executable(name: &str) -> Result<PathBuf> {
    let file = toolchain::find()?.executable(name);
    if file.exists() {
        return Ok(file);
    }
    let message = format!("the toolchain has no clippy: `{}` is missing", file.display());
    Err(Error::new(message).help("`rustup component add clippy` installs it"))
}
