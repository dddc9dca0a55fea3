//! `y build`: what a user names on rustc's command line, in `dist/lib`.
//!
//! ```text
//! dist/lib/librustc_codegen_snug.so        the loader: says what is wrong in a wrong compiler
//! dist/lib/librustc_codegen_snug_llvm.so   the same loader, for the other backend
//! dist/lib/snug/snug.so                    the backend that drives Cranelift
//! dist/lib/snug/snug_llvm.so               the backend that drives LLVM
//! dist/lib/snug/snug.build -> builds/KEY   says which build that is ...
//! dist/lib/snug/builds/KEY/KEY             ... by the path of a file: snug.build/KEY
//! dist/lib/snug/cranelift/rustc, rustdoc   what `cargo snug` makes cargo call, for one backend ...
//! dist/lib/snug/llvm/rustc, rustdoc        ... and for the other
//! dist/lib/snug/snug-rustc                 the compiler that these become
//! dist/lib/snug/libsnug_clippy.so          makes the toolchain's clippy see what Snug builds ...
//! dist/lib/snug/*/clippy-driver            ... when cargo calls it as this
//! dist/lib/snug/clippy/cargo-clippy        makes cargo call it so
//! dist/bin/cargo-snug                      `cargo snug`
//! dist/bin/snug-rustc                      the same compiler, for use by hand
//! dist/lib/snug/COMPILER                   which compiler all this is for
//! dist/lib/snug/ID/..                      the same files for another compiler (`y --toolchain`)
//! ```
//!
//! Crates depend on the path with the key of the build that compiled them, and cargo compiles them again
//! when it leads nowhere. The files' times alone would not do: whoever unpacks or copies another
//! version over this one may give it a time before the crates'.
//!
//! With `--dev`, the backend is compiled without link-time optimisation, in a target folder of the clone's own, and
//! nothing of it is kept in the cache: an edit of `src/` is compiled in seconds, and clones do not wait for
//! each other.
//!
//! A finished dylib is kept in the cache under a key of all its inputs, so building twice, or in a
//! second clone with the same content, takes no cargo at all. Cargo's target folder is in the cache
//! as well: after an edit, Cranelift is not compiled again.

mod artefacts;
mod entry;
mod room;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

pub use artefacts::WITH_FAULTS_FILE;
use artefacts::{
    Artefact, BACKEND, CRANELIFT, CRANELIFT_WITH_FAULTS, ENTRIES, OTHERS, WITH_FAULTS,
    WITHOUT_UNWINDING,
};
use entry::run_compiler;

use crate::cache::{Cache, Key, copy_atomically, link_atomically, remove};
use crate::cargo::{Run, clean_command, encode_flags};
use crate::config::Config;
use crate::disk;
use crate::prepare::Prepared;
use crate::ui::{Progress, Ui};

const RECIPE: &str = "build-3";
/// What cargo's target folder takes on disk.
const MEGABYTES: u64 = 700;
/// The crates that use rustc's private crates. Only these see an unstable compiler: dependencies
/// and their build scripts are compiled as always.
const UNSTABLE_CRATES: &str =
    "snug,rustc_codegen_cranelift,snug_rustc,snug_clippy,snug_debuginfo,snug_slots";

/// Makes what is not made yet.
pub fn build(config: &Config, cache: &Cache, ui: &Ui, prepared: &Prepared) -> Result<()> {
    build_beside(config, cache, ui, prepared, || Ok(()))
}

/// Makes what is not made yet, and does something else meanwhile. Link-time optimisation of Cranelift keeps one core
/// busy for minutes, so all the rest is made beside it.
pub fn build_beside(
    config: &Config,
    cache: &Cache,
    ui: &Ui,
    prepared: &Prepared,
    meanwhile: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let install = |artefact: &Artefact| artefact.install(config, cache, ui, prepared);
    std::thread::scope(|scope| {
        let cranelift = scope.spawn(|| install(&CRANELIFT));
        let others = OTHERS.iter().try_for_each(install).and_then(|()| meanwhile());
        let cranelift = cranelift.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        cranelift.and(others)
    })?;
    name_compiler(config, prepared)?;
    ENTRIES.iter().try_for_each(install)
}

/// Compiles the backends for editing, which needs no cache: other clones need not wait.
pub fn for_editing(config: &Config, ui: &Ui, prepared: &Prepared) -> Result<()> {
    let backends =
        [&CRANELIFT].into_iter().chain(&OTHERS).filter(|artefact| artefact.package.compiles);
    backends
        .map(|artefact| artefact.make_for_editing(config, ui, prepared))
        .try_for_each(|made| made.map(drop))
}

/// Makes one backend, and what loads it: enough for rustc with `-Zcodegen-backend`.
pub fn one_backend(
    config: &Config,
    cache: &Cache,
    ui: &Ui,
    prepared: &Prepared,
    is_llvm: bool,
) -> Result<()> {
    let [llvm, ..] = &OTHERS;
    let backend = if is_llvm { llvm } else { &CRANELIFT };
    let [loader, ..] = &ENTRIES;
    backend.install(config, cache, ui, prepared)?;
    loader.install(config, cache, ui, prepared)
}

/// Makes the backend that only tests and benchmarks need.
pub fn with_faults(config: &Config, cache: &Cache, ui: &Ui, prepared: &Prepared) -> Result<()> {
    WITH_FAULTS.install(config, cache, ui, prepared)
}

/// Makes the backend that only the long run of the tests needs.
pub fn cranelift_with_faults(
    config: &Config,
    cache: &Cache,
    ui: &Ui,
    prepared: &Prepared,
) -> Result<()> {
    CRANELIFT_WITH_FAULTS.install(config, cache, ui, prepared)
}

/// Makes the Cranelift backend without unwinding. Returns its place.
pub fn without_unwinding(
    config: &Config,
    cache: &Cache,
    ui: &Ui,
    prepared: &Prepared,
) -> Result<PathBuf> {
    WITHOUT_UNWINDING.make(config, cache, ui, prepared)
}

impl Artefact {
    /// Makes it, if it is not made yet, and puts it in its places.
    fn install(&self, config: &Config, cache: &Cache, ui: &Ui, prepared: &Prepared) -> Result<()> {
        let place = if config.dev && self.package.compiles {
            self.make_for_editing(config, ui, prepared)?
        } else {
            self.make(config, cache, ui, prepared)?
        };
        for file in self.files {
            let file = place_in_clone(config, prepared, file);
            install(&place, &file)?;
            if self.package.compiles {
                name_build(&file, &self.key(config, prepared)?)?;
            }
        }
        Ok(())
    }

    /// Makes it, if it is not made yet. Returns its place in the cache.
    fn make(
        &self,
        config: &Config,
        cache: &Cache,
        ui: &Ui,
        prepared: &Prepared,
    ) -> Result<PathBuf> {
        let place = cache.place("artefacts", &self.key(config, prepared)?);
        if place.exists() {
            ui.skipped(self.name);
            return Ok(place);
        }
        disk::require(config, MEGABYTES, "compile the backend")?;
        ui.step(&format!("compile {}", self.name), |progress| {
            let targets = cache.place("target", "");
            let made = self.compile(config, &targets, "release", prepared, progress)?;
            cache.once(&place, |temporary| {
                fs::copy(&made, temporary)
                    .with_context(|| format!("cargo made no {}", made.display()))?;
                Ok(())
            })
        })?;
        Ok(place)
    }

    /// Makes it in the clone, as fast as can be. Returns its place.
    fn make_for_editing(&self, config: &Config, ui: &Ui, prepared: &Prepared) -> Result<PathBuf> {
        let folder = config.in_build("editing");
        let kind = folder.join(self.arguments.concat());
        let place = kind.join(self.key(config, prepared)?);
        if place.exists() {
            ui.skipped(self.name);
            return Ok(place);
        }
        disk::require(config, MEGABYTES, "compile the backend")?;
        ui.step(&format!("compile {} for editing", self.name), |progress| {
            let made = self.compile(config, &folder, "editing", prepared, progress)?;
            remove(&kind)?;
            fs::create_dir_all(&kind)?;
            copy_atomically(&made, &place)
        })?;
        Ok(place)
    }

    /// A name for all inputs.
    fn key(&self, config: &Config, prepared: &Prepared) -> Result<String> {
        let mut key = Key::default()
            .with(RECIPE)
            .with(self.made)
            .with(self.arguments.concat())
            .with(
                self.settings.iter().flat_map(|(name, value)| [*name, *value]).collect::<String>(),
            )
            .with(&prepared.toolchain.commit)
            .with(prepared.sysroot.as_os_str().as_encoded_bytes())
            .with(prepared.cg_clif.as_os_str().as_encoded_bytes());
        for cfg in &config.pins.cfgs {
            key = key.with(cfg);
        }
        if let Some(lock) = config.pins.lock_file() {
            key = key.with_files(&lock)?;
        }
        for input in self.package.inputs {
            key = key.with(input).with_files(&config.in_root(input))?;
        }
        Ok(key.name())
    }

    /// Runs cargo, with a target folder in `targets`. The result is where cargo puts the library; the next call
    /// may overwrite it.
    fn compile(
        &self,
        config: &Config,
        targets: &Path,
        profile: &str,
        prepared: &Prepared,
        progress: &Progress,
    ) -> Result<PathBuf> {
        let target = targets.join(config.pins.named(self.package.target));
        forget_other_clone(&target, &config.root)?;
        let mut command = cargo_command(config, prepared)?;
        command
            .args(["build", "--profile", profile, "--locked"])
            .args(self.arguments)
            .current_dir(room::folder(config, self.package.folder)?)
            .envs(self.settings.iter().copied())
            .env("CARGO_TARGET_DIR", &target)
            // Crates compiled by another build of Snug are compiled again.
            .env("SNUG_BUILD", self.key(config, prepared)?);
        let purpose = format!("compile {}", self.name);
        let log = targets.join(format!("{}.log", config.pins.named(self.package.target)));
        Run { purpose: &purpose, command, log }.with(progress)?;
        Ok(target.join(profile).join(self.made))
    }
}

/// A cargo call with all that the packages of this repository need, without its arguments.
pub fn cargo_command(config: &Config, prepared: &Prepared) -> Result<Command> {
    let sysroot = prepared.sysroot.to_string_lossy();
    let libraries = prepared.toolchain.driver.parent().context("the driver lies in a folder")?;
    // Where a linker finds what `librustc_driver` itself is linked with: a distribution's LLVM.
    let linked = format!("-Clink-arg=-Wl,-rpath-link,{}", libraries.display());
    let mut flags = vec!["--sysroot", &*sysroot, &*linked];
    for cfg in &config.pins.cfgs {
        flags.extend(["--cfg", cfg]);
    }
    let target = config.pins.named(BACKEND.target);
    let mut command = clean_command(&prepared.toolchain.cargo);
    command
        .current_dir(room::folder(config, "")?)
        .env("CARGO_TARGET_DIR", config.cache.join("target").join(target))
        .env("RUSTC", &prepared.toolchain.rustc)
        .env("CARGO_ENCODED_RUSTFLAGS", encode_flags(&flags))
        .env("RUSTC_BOOTSTRAP", UNSTABLE_CRATES)
        .env("SNUG_RUN_COMPILER", run_compiler(&prepared.toolchain)?);
    Ok(command)
}

/// Where a file of `dist` or `build` is in the clone: what is for a compiler that is not the default one is in a folder
/// of that compiler's.
fn place_in_clone(config: &Config, prepared: &Prepared, file: &str) -> PathBuf {
    let place = |folder: &str| file.strip_prefix(folder);
    match (place("dist/lib/snug/"), place("build/")) {
        (Some(file), _) => folder_for(config, prepared).join(file),
        (_, Some(file)) => config.in_build(file),
        _ => config.in_root(file),
    }
}

/// Where `dist` has what is for a compiler.
fn folder_for(config: &Config, prepared: &Prepared) -> PathBuf {
    let folder = config.in_root("dist/lib/snug");
    if config.pins.is_default { folder } else { folder.join(prepared.toolchain.id()) }
}

/// Says which compiler a folder of `dist` is for; the loader and `cargo snug` (`driver/src/compilers.rs`) read it.
fn name_compiler(config: &Config, prepared: &Prepared) -> Result<()> {
    let folder = folder_for(config, prepared);
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let file = folder.join("COMPILER");
    let text = format!("{}\n{}\n", prepared.toolchain.id(), prepared.toolchain.version);
    if fs::read_to_string(&file).ok().as_deref() == Some(&text) {
        return Ok(());
    }
    fs::write(&file, text).with_context(|| format!("{} cannot be written", file.display()))
}

/// Makes cargo compile this repository's packages again if another clone used the target folder last: to
/// cargo, the packages of two clones are the same, and what is newer than a source file is up to date.
fn forget_other_clone(target: &Path, root: &Path) -> Result<()> {
    let note = target.join("clone");
    if fs::read(&note).is_ok_and(|noted| noted == root.as_os_str().as_encoded_bytes()) {
        return Ok(());
    }
    if let Ok(entries) = fs::read_dir(target.join("release/.fingerprint")) {
        for entry in entries {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with("snug") {
                fs::remove_dir_all(entry.path())?;
            }
        }
    }
    fs::create_dir_all(target)?;
    fs::write(note, root.as_os_str().as_encoded_bytes())?;
    Ok(())
}

/// Copies a finished file to its place, unless that very file is there.
pub(crate) fn install(from: &Path, to: &Path) -> Result<()> {
    let is_there = fs::read(to).ok().as_deref() == Some(&fs::read(from)?);
    if is_there { Ok(()) } else { copy_atomically(from, to) }
}

/// Says beside a backend which build it is; `src/tracking.rs` reads it.
fn name_build(backend: &Path, key: &str) -> Result<()> {
    let link = backend.with_extension("build");
    let builds = link.with_file_name("builds");
    let before = fs::read_link(&link).ok();
    let folder = builds.join(key);
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let file = folder.join(key);
    if !file.exists() {
        fs::write(&file, "crates that this build of Snug compiled depend on this file\n")
            .with_context(|| format!("{} cannot be written", file.display()))?;
    }
    link_atomically(&Path::new("builds").join(key), &link)?;
    match before.as_deref().and_then(Path::file_name) {
        Some(before) if before != key => remove(&builds.join(before)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_build_that_is_there_has_a_path() {
        let folder = std::env::temp_dir().join(format!("snug-y-builds-{}", std::process::id()));
        let (backend, other) = (folder.join("snug.so"), folder.join("snug_llvm.so"));
        fs::create_dir_all(&folder).unwrap();
        let exists = |key: &str| folder.join("snug.build").join(key).exists();

        name_build(&backend, "one").unwrap();
        name_build(&other, "two").unwrap();
        name_build(&backend, "one").unwrap();
        assert!(exists("one") && !exists("two"));
        name_build(&backend, "three").unwrap();
        assert!(exists("three") && !exists("one"));
        let builds = fs::read_dir(folder.join("builds")).unwrap().map(|e| e.unwrap().file_name());
        assert_eq!(
            builds.collect::<std::collections::BTreeSet<_>>(),
            ["three".into(), "two".into()].into()
        );
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn another_clones_packages_are_forgotten_and_the_rest_stays() {
        let target = std::env::temp_dir().join(format!("snug-y-clones-{}", std::process::id()));
        let fingerprint = |name: &str| target.join("release/.fingerprint").join(name);
        let (own, dependency) = (fingerprint("snug-packing-1"), fingerprint("cranelift-1"));
        let compile = || [&own, &dependency].map(|folder| fs::create_dir_all(folder).unwrap());

        compile();
        forget_other_clone(&target, Path::new("one")).unwrap();
        assert!(!own.exists() && dependency.exists());
        compile();
        forget_other_clone(&target, Path::new("one")).unwrap();
        assert!(own.exists());
        forget_other_clone(&target, Path::new("other")).unwrap();
        assert!(!own.exists() && dependency.exists());
        fs::remove_dir_all(target).unwrap();
    }
}
