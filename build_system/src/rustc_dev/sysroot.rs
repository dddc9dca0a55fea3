//! A folder for `rustc --sysroot`: links to everything in the toolchain, and to the reconstructed
//! crates.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cache::{Cache, Key};
use crate::toolchain::Toolchain;

const RECIPE: &str = "sysroot-1";

/// Assembles the sysroot in the cache. Its links name the toolchain, so each place of a toolchain
/// has its own.
pub fn assemble(cache: &Cache, toolchain: &Toolchain, crates: &Path) -> Result<PathBuf> {
    let name = |path: &Path| path.as_os_str().as_encoded_bytes().to_vec();
    let key = Key::default().with(RECIPE).with(name(&toolchain.sysroot)).with(name(crates));
    let place = cache.place("sysroot", &key.name());
    cache.once(&place, |temporary| {
        let official = &toolchain.sysroot;
        let libraries = toolchain.libraries(temporary);
        fs::create_dir_all(&libraries)?;
        link_all(&official.join("lib"), &temporary.join("lib"), |name| name != "rustlib")?;
        link_all(&official.join("lib/rustlib"), &temporary.join("lib/rustlib"), |name| {
            name != toolchain.host
        })?;
        let for_host = |sysroot: &Path| sysroot.join("lib/rustlib").join(&toolchain.host);
        link_all(&for_host(official), &for_host(temporary), |name| name != "lib")?;
        link_all(&toolchain.libraries(official), &libraries, |_| true)?;
        link_all(crates, &libraries, |name| name != "proof.txt")
    })?;
    Ok(place)
}

fn link_all(from: &Path, to: &Path, wanted: impl Fn(&str) -> bool) -> Result<()> {
    for entry in fs::read_dir(from).with_context(|| format!("{} cannot be read", from.display()))? {
        let entry = entry?;
        if wanted(&entry.file_name().to_string_lossy()) {
            symlink(entry.path(), to.join(entry.file_name()))
                .with_context(|| format!("{} cannot be linked", entry.path().display()))?;
        }
    }
    Ok(())
}
