//! sccache, which shares what `cargo snug` compiles between machines (`docs/teams.md`): from the registry, for tests
//! alone.
//!
//! Without the storages that need a network, and hardly optimised: tests wait longer for its compilation than
//! for what it does.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::build::install;
use crate::cache::{Cache, Key, remove};
use crate::cargo::{Run, clean_command};
use crate::config::Config;
use crate::disk;
use crate::prepare::Prepared;
use crate::ui::{Progress, Ui};

/// The one that has been read: its keys are its own affair, and another version may make them differently.
const VERSION: &str = "0.19.0";
/// Where it is, in the clone. It must be called so, or it takes itself for a compiler.
const FILE: &str = "build/sccache/sccache";
/// What its compilation takes on disk.
const MEGABYTES: u64 = 500;

/// Makes it, if it is not made yet.
pub fn for_tests(config: &Config, cache: &Cache, ui: &Ui, prepared: &Prepared) -> Result<()> {
    let key = Key::default().with("sccache-1").with(VERSION).with(&prepared.toolchain.commit);
    let place = cache.place("artefacts", &key.name());
    if place.exists() {
        ui.skipped("sccache");
    } else {
        disk::require(config, MEGABYTES, "compile sccache")?;
        ui.step("compile sccache", |progress| {
            cache.once(&place, |temporary| compile(cache, prepared, progress, temporary))
        })?;
    }
    install(&place, &config.in_root(FILE))
}

fn compile(cache: &Cache, prepared: &Prepared, progress: &Progress, place: &Path) -> Result<()> {
    let target = cache.place("target", "sccache");
    let mut command = clean_command(&prepared.toolchain.cargo);
    command
        .args(["install", "sccache", "--version", VERSION, "--locked", "--no-default-features"])
        .args(["--debug", "--force", "--no-track", "--root"])
        .arg(&target)
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("RUSTC", &prepared.toolchain.rustc);
    let log = cache.place("target", "sccache.log");
    Run { purpose: "compile sccache, which tests use", command, log }.with(progress)?;
    let made = target.join("bin/sccache");
    fs::copy(&made, place).with_context(|| format!("cargo made no {}", made.display()))?;
    // Nothing will be compiled in it again.
    remove(&target)
}
