//! Builds a program and its tests, as whoever has downloaded it does.
//!
//! ```text
//! cargo build --locked [--release]               cargo snug build --locked [--release]
//! cargo test --no-run --locked [--release]       cargo snug test --no-run --locked [--release]
//! ```
//!
//! The program is that of the first command, or the one that its own tests use: they differ only in features that development dependencies
//! ask for. Two things are not as published: there is no debug information, and in the release profile tests are compiled without LTO, which
//! would be done anew for each test program. The program itself is compiled with it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::Result;
use crate::command::{self, Finished};
use crate::compiler::clean_environment;
use crate::crates::build::{self, Built};
use crate::crates::way::Profile;
use crate::harness::Tools;

use super::sources::Place;
use super::table::Program;
use super::way::Way;

/// Enough for the largest program with all its dependencies on a slow and busy machine.
const LIMIT: Duration = Duration::from_secs(3 * 3600);

/// Builds the program.
pub fn program(tools: Tools, place: &Place, program: &Program, way: Way) -> Result<PathBuf> {
    let mut cargo = cargo(tools, place, program, way)?;
    cargo.args(["build", "--bin", &program.bin]);
    let mut built = run(cargo, program, way)?;
    if let Some((_, error)) = built.broken.pop_first() {
        return Err(format!("{} does not compile:\n{error}", program.full_name()));
    }
    built
        .bins
        .remove(&program.bin)
        .ok_or_else(|| format!("{} has no program `{}`", program.full_name(), program.bin))
}

/// Builds the program's tests.
pub fn tests(tools: Tools, place: &Place, program: &Program, way: Way) -> Result<Built> {
    let mut cargo = cargo(tools, place, program, way)?;
    cargo.args(["test", "--no-run", "--no-fail-fast", "--tests"]);
    cargo.env("CARGO_PROFILE_RELEASE_LTO", "false");
    cargo.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    run(cargo, program, way)
}

fn run(mut cargo: Command, program: &Program, way: Way) -> Result<Built> {
    cargo.args(["--locked", "--message-format=json"]);
    if way.profile == Profile::Release {
        cargo.arg("--release");
    }
    if let Some(target) = &program.target {
        cargo.args(["--target", target]);
    }
    let finished = command::run_within(&mut cargo, LIMIT)?;
    let built = build::read(&finished.stdout, &program.name)?;
    // Otherwise Cargo fails without a diagnostic: no such target, the lock file is out of date...
    if !finished.success && built.broken.is_empty() {
        let Finished { status, command, stderr, .. } = finished;
        return Err(format!("{status}\n$ {command}\n{stderr}"));
    }
    Ok(built)
}

/// Stock cargo or `cargo snug`, in the program's folder.
fn cargo(tools: Tools, place: &Place, program: &Program, way: Way) -> Result<Command> {
    let mut command = match way.with_snug {
        false => Command::new(&tools.cargo),
        true => Command::new(tools.cargo_snug()),
    };
    clean_environment(&mut command);
    if way.with_snug {
        command.arg("snug");
    }
    command
        .current_dir(place.folder(program))
        .env("CARGO_TARGET_DIR", place.root().join("target").join(way.folder()))
        .env("CARGO_NET_OFFLINE", "true")
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_PROFILE_TEST_DEBUG", "0")
        .envs(surroundings(tools, place.root())?);
    Ok(command)
}

/// The variables that cargo sees, and programs that call cargo: the toolchain's own programs come first, as under rustup.
///
/// Build scripts that look for a repository must not find this one.
pub fn surroundings(tools: Tools, root: &Path) -> Result<[(&'static str, PathBuf); 3]> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let own = tools.rustc.parent().map(Path::to_owned);
    let folders = own.into_iter().chain(std::env::split_paths(&path));
    let path = std::env::join_paths(folders).map_err(|error| error.to_string())?;
    Ok([
        ("PATH", path.into()),
        ("CARGO", tools.cargo.clone()),
        ("GIT_CEILING_DIRECTORIES", root.to_owned()),
    ])
}
