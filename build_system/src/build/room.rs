//! Where cargo works for a version of rustc that needs another lock file than the default one.
//!
//! cg_clif names the versions of Cranelift that it needs, and those differ from version to version of rustc. Cargo takes
//! the lock file beside the manifest. So a version with a lock file of its own gets a folder that has links to the
//! package, to its cg_clif and to its lock file.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cache::link_atomically;
use crate::config::Config;

/// What the package at the root is made of, less the lock file and cg_clif.
const PARTS: [&str; 7] =
    ["Cargo.toml", "build.rs", "matched.rs", "src", "debuginfo", "packing", "slots"];

/// The folder to run cargo in, for a package in a folder of the clone.
pub(super) fn folder(config: &Config, package: &str) -> Result<PathBuf> {
    let lock = config.pins.lock_file().filter(|_| package.is_empty());
    let Some(lock) = lock else { return Ok(config.in_root(package)) };
    let room = config.in_build("package");
    let build = room.join("build");
    fs::create_dir_all(&build).with_context(|| format!("{} cannot be made", build.display()))?;
    for part in PARTS {
        link_atomically(&config.in_root(part), &room.join(part))?;
    }
    link_atomically(&lock, &room.join("Cargo.lock"))?;
    let cg_clif = config.in_build("cg_clif");
    link_atomically(
        &fs::read_link(&cg_clif).unwrap_or(cg_clif),
        &build.join(Path::new("cg_clif")),
    )?;
    Ok(room)
}
