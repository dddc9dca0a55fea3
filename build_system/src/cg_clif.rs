//! rustc's Cranelift backend: copied from the sources, with `patches/*.patch` applied in the order
//! of their names, or (for `y bench` alone) as it is.
//!
//! Where the sources of a version differ where a patch does, `versions/*/patches/` has another patch of the same name for
//! them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

use crate::cache::{Cache, Key};
use crate::config::Config;
use crate::patch;
use crate::ui::Ui;

const RECIPE: &str = "cg_clif-1";
/// Where it is in the sources.
const FOLDER: &str = "compiler/rustc_codegen_cranelift";

/// Makes the patched copy in the cache.
pub fn prepare(config: &Config, cache: &Cache, ui: &Ui, sources: &Path) -> Result<PathBuf> {
    copied(cache, ui, sources, &patches(config)?, "patched cg_clif")
}

/// Makes the copy without patches.
pub fn unpatched(cache: &Cache, ui: &Ui, sources: &Path) -> Result<PathBuf> {
    copied(cache, ui, sources, &[], "sources of stock cg_clif")
}

fn copied(
    cache: &Cache,
    ui: &Ui,
    sources: &Path,
    patches: &[PathBuf],
    name: &str,
) -> Result<PathBuf> {
    let sources_name = sources.file_name().context("the sources lie in the cache")?;
    let mut key = Key::default().with(RECIPE).with(sources_name.as_encoded_bytes());
    for patch in patches {
        key = key.with_files(patch)?;
    }
    let place = cache.place("cg_clif", &key.name());
    if place.exists() {
        ui.skipped(name);
        return Ok(place);
    }
    ui.step(&format!("unpack {name}"), |_| {
        cache.once(&place, |temporary| {
            copy(&sources.join(FOLDER), temporary)?;
            patches.iter().try_for_each(|file| patch::apply(file, temporary))
        })
    })?;
    Ok(place)
}

/// All patches, in order.
fn patches(config: &Config) -> Result<Vec<PathBuf>> {
    let folder = config.in_root("patches");
    if !folder.is_dir() {
        bail!("{} is missing: it has the patches of cg_clif", folder.display());
    }
    let mut patches = BTreeMap::new();
    for folder in [folder, config.pins.folder.join("patches")] {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_owned();
            if path.extension().is_some_and(|extension| extension == "patch") {
                patches.insert(name, path);
            }
        }
    }
    Ok(patches.into_values().collect())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for entry in WalkDir::new(from) {
        let entry = entry.with_context(|| format!("{} cannot be read", from.display()))?;
        let target = to.join(entry.path().strip_prefix(from)?);
        if entry.file_type().is_dir() {
            fs::create_dir_all(&target)?;
        } else {
            fs::copy(entry.path(), &target)
                .with_context(|| format!("{} cannot be written", target.display()))?;
        }
    }
    Ok(())
}
