//! `y prepare`: everything that the backend is built on.
//!
//! The results lie in the cache; the clone gets links to them in `build/`: `rustc` (sources),
//! `cg_clif` (patched) and `sysroot` (the toolchain with rustc's crates).

use std::path::PathBuf;

use anyhow::Result;

use crate::cache::{Cache, link_atomically};
use crate::config::Config;
use crate::toolchain::{self, Toolchain};
use crate::ui::Ui;
use crate::{cg_clif, rustc_dev, sources};

/// What `prepare` made.
pub struct Prepared {
    /// The compiler.
    pub toolchain: Toolchain,
    /// rustc's sources.
    pub sources: PathBuf,
    /// A sysroot with rustc's crates.
    pub sysroot: PathBuf,
    /// The patched cg_clif.
    pub cg_clif: PathBuf,
}

/// Does what is not done yet.
pub fn prepare(config: &Config, cache: &Cache, ui: &Ui) -> Result<Prepared> {
    let toolchain = Toolchain::find(config)?;
    toolchain::check_linker(config)?;
    let sources = sources::prepare(config, cache, ui, &toolchain)?;
    // Before the long step: a patch that does not apply should be known early.
    let cg_clif = cg_clif::prepare(config, cache, ui, &sources)?;
    let sysroot = rustc_dev::prepare(config, cache, ui, &toolchain, &sources)?;
    let prepared = Prepared { toolchain, sources, sysroot, cg_clif };
    link_into_clone(config, &prepared)?;
    Ok(prepared)
}

fn link_into_clone(config: &Config, prepared: &Prepared) -> Result<()> {
    link_atomically(&prepared.sources, &config.in_build("rustc"))?;
    link_atomically(&prepared.cg_clif, &config.in_build("cg_clif"))?;
    link_atomically(&prepared.sysroot, &config.in_build("sysroot"))
}
