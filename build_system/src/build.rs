//! `y build`: the dylibs of the backend, in `dist/lib`.
//!
//! A finished dylib is kept in the cache under a key of all its inputs, so building twice, or in a second clone with the
//! same content, takes no cargo at all. Cargo's target folder is in the cache as well: after an edit, Cranelift is not compiled again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::cache::{Cache, Key, copy_atomically};
use crate::cargo::{Run, clean_command, encode_flags};
use crate::config::Config;
use crate::disk;
use crate::prepare::Prepared;
use crate::ui::{Progress, Ui};

const RECIPE: &str = "build-1";
/// What cargo's target folder takes on disk.
const MEGABYTES: u64 = 700;

/// Something that `build` makes out of the root package.
struct Artefact {
    /// What the user is told.
    name: &'static str,
    /// The cargo feature that selects it.
    feature: &'static str,
    /// Its name in `dist/lib`.
    file: &'static str,
}

/// All artefacts. Cargo gives each the same name, that of the package's library, so they are built one after the other.
const ARTEFACTS: [Artefact; 2] = [
    Artefact { name: "the Cranelift backend", feature: "cranelift", file: "librustc_codegen_snug.so" },
    Artefact { name: "the LLVM backend", feature: "llvm", file: "librustc_codegen_snug_llvm.so" },
];
/// Cargo's target folder, in the cache.
const TARGET: &str = "backend";
/// What cargo calls the library of the root package.
const LIBRARY: &str = "libsnug.so";
/// The crates that use rustc's private crates. Only these see an unstable compiler: dependencies and their build scripts are compiled as always.
const UNSTABLE_CRATES: &str = "snug,rustc_codegen_cranelift";
/// Everything in the clone that goes into the dylibs (patches go in by way of cg_clif).
const INPUTS: [&str; 5] = ["Cargo.toml", "Cargo.lock", "src", "packing/Cargo.toml", "packing/src"];

/// Makes what is not made yet.
pub fn build(config: &Config, cache: &Cache, ui: &Ui, prepared: &Prepared) -> Result<()> {
    let key = key(config, prepared)?;
    for artefact in &ARTEFACTS {
        let place = cache.place("artefacts", &format!("{key}-{}", artefact.file));
        if place.exists() {
            ui.skipped(artefact.name);
        } else {
            disk::require(config, MEGABYTES, "compile the backend")?;
            ui.step(&format!("compile {}", artefact.name), |progress| {
                let made = compile(config, cache, prepared, artefact, progress)?;
                cache.once(&place, |temporary| {
                    fs::copy(&made, temporary).with_context(|| format!("cargo made no {}", made.display()))?;
                    Ok(())
                })
            })?;
        }
        install(&place, &config.in_root("dist/lib").join(artefact.file))?;
    }
    Ok(())
}

/// A name for all inputs.
fn key(config: &Config, prepared: &Prepared) -> Result<String> {
    let made_of = [&prepared.sysroot, &prepared.cg_clif];
    let mut key = Key::default().add(RECIPE).add(&prepared.toolchain.commit);
    for path in made_of {
        key = key.add(path.as_os_str().as_encoded_bytes());
    }
    for input in INPUTS {
        key = key.add(input).add_files(&config.in_root(input))?;
    }
    Ok(key.name())
}

fn compile(config: &Config, cache: &Cache, prepared: &Prepared, artefact: &Artefact, progress: &Progress) -> Result<PathBuf> {
    let target = cache.place("target", TARGET);
    let mut command = cargo_command(config, prepared);
    command.args(["build", "--release", "--locked", "--lib", "--no-default-features", "--features", artefact.feature]);
    let log = cache.place("target", "backend.log");
    Run { purpose: &format!("compile {}", artefact.name), command, log }.with(progress)?;
    Ok(target.join("release").join(LIBRARY))
}

/// A cargo call on the root package, without its arguments.
pub fn cargo_command(config: &Config, prepared: &Prepared) -> Command {
    let mut command = clean_command(&prepared.toolchain.cargo);
    command
        .current_dir(&config.root)
        .env("CARGO_TARGET_DIR", config.cache.join("target").join(TARGET))
        .env("RUSTC", &prepared.toolchain.rustc)
        .env("CARGO_ENCODED_RUSTFLAGS", encode_flags(&["--sysroot", &prepared.sysroot.to_string_lossy()]))
        .env("RUSTC_BOOTSTRAP", UNSTABLE_CRATES);
    command
}

/// Copies a finished dylib into `dist/lib`, unless that very file is there.
fn install(from: &Path, to: &Path) -> Result<()> {
    if fs::read(to).ok().as_deref() == Some(&fs::read(from)?) { Ok(()) } else { copy_atomically(from, to) }
}
