//! rustc's own cg_clif, to compare with: from the same sources as Snug's, without a patch, with its
//! own `Cargo.lock`.
//!
//! It gets its feature `unwinding`, which Snug's has as well and which upstream leaves off. Otherwise what
//! both make would differ for a reason that has nothing to do with coroutines: functions that can
//! unwind keep up to two registers more, which is 16 bytes of a frame, and take time to compile
//! (`y bench unwinding`).

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use y::cache::{Cache, Key, remove};
use y::cargo::Run;
use y::config::Config;
use y::prepare::Prepared;
use y::ui::Ui;
use y::{build, cg_clif, disk};

const RECIPE: &str = "stock-cg_clif-2";
/// What cargo's target folder takes on disk, until the library is made.
const MEGABYTES: u64 = 500;

/// Makes it, if it is not made yet. Returns its place in the cache.
pub(super) fn cg_clif(
    config: &Config,
    cache: &Cache,
    ui: &Ui,
    prepared: &Prepared,
) -> Result<PathBuf> {
    let source = cg_clif::unpatched(cache, ui, &prepared.sources)?;
    let key = Key::default()
        .with(RECIPE)
        .with(&prepared.toolchain.commit)
        .with(prepared.sysroot.as_os_str().as_encoded_bytes())
        .with(source.as_os_str().as_encoded_bytes());
    let place = cache.place("artefacts", &format!("{}-stock-cg_clif.so", key.name()));
    if place.exists() {
        ui.skipped("stock cg_clif");
        return Ok(place);
    }
    disk::require(config, MEGABYTES, "compile stock cg_clif")?;
    let target = cache.place("target", "stock-cg_clif");
    ui.step("compile stock cg_clif", |progress| {
        let mut command = build::cargo_command(config, prepared)?;
        command
            .args(["build", "--release", "--locked", "--lib", "--features", "unwinding"])
            .current_dir(&source)
            .env("CARGO_TARGET_DIR", &target);
        let log = target.with_extension("log");
        Run { purpose: "compile stock cg_clif", command, log }.with(progress)?;
        let made = target.join("release/librustc_codegen_cranelift.so");
        cache.once(&place, |temporary| {
            fs::copy(&made, temporary)
                .with_context(|| format!("cargo made no {}", made.display()))?;
            Ok(())
        })
    })?;
    // Its sources never change: nothing will be compiled there again.
    remove(&target)?;
    Ok(place)
}
