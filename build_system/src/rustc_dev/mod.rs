//! The `rustc-dev` component: used where it is installed, else reconstructed from the sources, and
//! then proven.
//!
//! `rustc-dev` is metadata of the compiler's own crates; their code is in `librustc_driver`, which
//! every toolchain has. Crate ids (the `Cs..` part of symbols) depend only on crate name, cargo's
//! `-Cmetadata` and the compiler's version string, and cargo computes `-Cmetadata` from package,
//! features, profile, target and `rustc -vV`. Given the same inputs as the release build, it comes
//! out the same. So builds that stop after the front end (`-Zno-codegen`, 2 to 3 minutes on 2
//! cores) give metadata whose symbols resolve in the official `librustc_driver`. [`proof`] makes
//! sure of it.
//!
//! * [`recipe`]: the cargo call with all its inputs;
//! * [`vendored`]: crates of the registry that the compiler's builder has patched;
//! * [`wrapper`]: what stands between cargo and rustc, and between rustc and the linker;
//! * [`elf`]: reading symbols, replacing a section;
//! * [`sysroot`]: the result, as a folder for `rustc --sysroot`.

pub mod elf;
pub mod proof;
pub mod recipe;
pub mod sysroot;
pub mod vendored;
pub mod wrapper;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::cache::{Cache, Key, remove};
use crate::config::Config;
use crate::disk;
use crate::toolchain::Toolchain;
use crate::ui::Ui;

/// Raise this when the recipe changes.
const RECIPE: &str = "rustc-dev-1";
/// What the reconstruction needs on disk while it runs; about 450 of it stay.
const MEGABYTES: u64 = 2200;

/// A sysroot that has rustc's crates: the toolchain's own, or one in the cache.
pub fn prepare(
    config: &Config,
    cache: &Cache,
    ui: &Ui,
    toolchain: &Toolchain,
    sources: &Path,
) -> Result<PathBuf> {
    if has_component(toolchain)? {
        ui.skipped("rustc-dev (the installed component)");
        return Ok(toolchain.sysroot.clone());
    }
    let Some(inputs) = &config.pins.recipe else {
        bail!(
            "rustc {} has no component rustc-dev, and how to reconstruct it is not known. To have it: {}",
            toolchain.version,
            config.pins.get
        )
    };
    let key = key(toolchain)?;
    let crates = cache.place("rustc-dev", &key);
    if crates.exists() {
        ui.skipped("rustc-dev (reconstructed and proven)");
    } else {
        disk::require(config, MEGABYTES, "reconstruct rustc-dev")?;
        // What another recipe has begun is not gone on with: its crates would be taken for ours.
        let attempt = Key::default().with(&key).with(format!("{inputs:?}")).name();
        let work = cache.place("work", &attempt);
        let recipe = recipe::Recipe { toolchain, inputs, sources, work: &work };
        reconstruct(cache, ui, &recipe, &crates)?;
    }
    sysroot::assemble(cache, toolchain, &crates)
}

/// Where a compiler's `rustc-dev` is, or would come from.
pub fn state(config: &Config, toolchain: &Toolchain) -> Result<&'static str> {
    if has_component(toolchain)? {
        return Ok("the installed component");
    }
    let reconstructed = config.cache.join("rustc-dev").join(key(toolchain)?).exists();
    Ok(match (&config.pins.recipe, reconstructed) {
        (Some(_), true) => "reconstructed and proven",
        (Some(_), false) => "not there, and `prepare` reconstructs it",
        (None, _) => "missing",
    })
}

/// Whether rustup's `rustc-dev` is installed.
fn has_component(toolchain: &Toolchain) -> Result<bool> {
    let folder = toolchain.libraries(&toolchain.sysroot);
    let entries = fs::read_dir(&folder)
        .with_context(|| format!("The toolchain has no {}.", folder.display()))?;
    Ok(entries.flatten().any(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.starts_with("librustc_middle-") && name.ends_with(".rmeta")
    }))
}

/// Names the compiler exactly: its commit, and the very file that the crates must match.
fn key(toolchain: &Toolchain) -> Result<String> {
    let driver = toolchain.driver.file_name().context("the driver has a name")?;
    let size = fs::metadata(&toolchain.driver)?.len();
    Ok(Key::default()
        .with(RECIPE)
        .with(&toolchain.commit)
        .with(driver.as_encoded_bytes())
        .with(size.to_le_bytes())
        .name())
}

fn reconstruct(cache: &Cache, ui: &Ui, recipe: &recipe::Recipe<'_>, crates: &Path) -> Result<()> {
    ui.step("reconstruct rustc-dev (front ends of rustc's crates)", |progress| {
        recipe.run(progress)
    })?;
    ui.step("prove it by the exported symbols of librustc_driver", |_| {
        let proof = proof::compare(&recipe.toolchain.driver, &recipe.exports(), recipe.inputs)?;
        cache.once(crates, |temporary| {
            recipe.collect(temporary)?;
            Ok(fs::write(temporary.join("proof.txt"), format!("{proof}\n"))?)
        })?;
        ui.note("", &proof.to_string());
        Ok(())
    })?;
    remove(recipe.work)
}
