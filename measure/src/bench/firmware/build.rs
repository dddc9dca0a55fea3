//! Builds the firmware, as stock does and as Snug does.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use y::cargo::clean_command;
use y::config::Config;
use y::prepare::Prepared;

/// Both programs.
pub(super) struct Built {
    /// What `cargo snug ram` says of both.
    pub(super) answer: Value,
    pub(super) stock: PathBuf,
    pub(super) snug: PathBuf,
}

/// Builds both.
pub(super) fn both(
    config: &Config,
    prepared: &Prepared,
    target_folder: &Path,
    target: &str,
    level: &str,
) -> Result<Built> {
    let output = command(config, prepared, target_folder, target, level)?
        .output()
        .context("cargo could not be started")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        anyhow::bail!("`cargo snug ram` failed for {target}:\n{said}");
    }
    let answer: Value = serde_json::from_slice(&output.stdout).context("`cargo snug ram`")?;
    let answer = answer["programs"][0].clone();
    let snug =
        PathBuf::from(answer["program"].as_str().context("`cargo snug ram` names no program")?);
    let below = snug.strip_prefix(target_folder.join("snug/ram"));
    let stock = target_folder.join("snug/ram-stock").join(below.context("another target folder")?);
    // The next optimisation level takes the same places.
    let keep = |path: &Path, by: &str| {
        let kept = target_folder.join(format!("{target}-{level}-{by}"));
        fs::copy(path, &kept).with_context(|| format!("there is no {}", path.display()))?;
        anyhow::Ok(kept)
    };
    Ok(Built { stock: keep(&stock, "stock")?, snug: keep(&snug, "snug")?, answer })
}

fn command(
    config: &Config,
    prepared: &Prepared,
    target_folder: &Path,
    target: &str,
    level: &str,
) -> Result<Command> {
    let toolchain = &prepared.toolchain;
    let mut command = clean_command(&toolchain.cargo);
    let own = [config.in_root("dist/bin"), toolchain.sysroot.join("bin")];
    let old = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(own.into_iter().chain(env::split_paths(&old)))?;
    command
        .args(["snug", "ram", "--stock", "--format", "json", "--locked", "--features", "stack"])
        .args(["--target", target])
        .arg(format!("--config=target.{target}.rustflags=['-Zemit-stack-sizes']"))
        .current_dir(config.in_root("examples/firmware"))
        .env("PATH", path)
        .env("CARGO_TARGET_DIR", target_folder)
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", level)
        .env("RUSTC_BOOTSTRAP", "1");
    if !toolchain.sysroot.join("lib/rustlib").join(target).exists() {
        let library = prepared.sources.join("library");
        command.arg("-Zbuild-std=core").env("__CARGO_TESTS_ONLY_SRC_ROOT", library);
    }
    Ok(command)
}
