//! The program of the demo: builds it and runs it.
//!
//! A finished build (the program and its report) is kept in the cache under a key of all that went into it, so a
//! second demo runs no cargo at all. All builds share one target folder: build scripts, procedural macros and what they
//! depend on run on the host and are compiled by plain rustc (`--target` makes cargo tell them apart), and so are shared
//! by both layouts, as is the C code of SQLite. Cargo knows that every other crate depends on `SNUG_LAYOUT` and
//! `SNUG_REPORT` and compiles it again when one of them has changed.
//!
//! The report folder of a build is named by its key. So a build that was interrupted goes on with the report that it
//! began, and no report ever holds crates of another build.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use y::cache::{Cache, Key, remove};
use y::cargo::{Run, clean_command, encode_flags};
use y::config::Config;
use y::disk;
use y::prepare::Prepared;
use y::ui::{Progress, Ui};

const RECIPE: &str = "demo-1";
/// What cargo's target folder and the finished builds take on disk.
const MEGABYTES: u64 = 1500;
/// The program's folder in the clone.
const FOLDER: &str = "examples/tickets";
/// What in that folder goes into the program.
const INPUTS: [&str; 3] = ["Cargo.toml", "Cargo.lock", "src"];
/// What cargo calls the program, and what a finished build does.
const NAME: &str = "tickets";
/// The report's folder in a finished build.
pub(super) const REPORT: &str = "report";

/// A backend, and the profile in which it is shown.
#[derive(Debug)]
pub(super) struct Backend {
    /// What the user is told.
    pub(super) title: &'static str,
    /// A short name for files.
    name: &'static str,
    /// What the user would name on rustc's command line, in `dist/lib`.
    loader: &'static str,
    /// What the loader loads, in `dist/lib`.
    dylib: &'static str,
    /// The arguments for cargo that choose the profile.
    profile: &'static [&'static str],
    /// Where cargo puts the profile's programs.
    profile_folder: &'static str,
}

/// The Cranelift twin: for fast debug builds.
pub(super) const CRANELIFT: Backend = Backend {
    title: "Cranelift, dev profile",
    name: "cranelift",
    loader: "librustc_codegen_snug.so",
    dylib: "snug/snug.so",
    profile: &[],
    profile_folder: "debug",
};

/// The LLVM twin: for release builds.
pub(super) const LLVM: Backend = Backend {
    title: "LLVM, release profile",
    name: "llvm",
    loader: "librustc_codegen_snug_llvm.so",
    dylib: "snug/snug_llvm.so",
    profile: &["--release"],
    profile_folder: "release",
};

/// Whose layouts the futures get.
#[derive(Clone, Copy, Debug)]
pub(super) enum Layout {
    /// Exactly stock's.
    Classic,
    /// Snug's.
    Packed,
}

impl Layout {
    /// As `SNUG_LAYOUT` and reports name it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Layout::Classic => "classic",
            Layout::Packed => "packed",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Layout::Classic => "stock's layouts",
            Layout::Packed => "Snug's layouts",
        }
    }
}

/// One of the ways to build the program.
pub(super) struct Program<'a> {
    pub(super) backend: &'a Backend,
    pub(super) layout: Layout,
}

/// Builds what is not built yet. Returns the places of the finished builds.
pub(super) fn build<const N: usize>(
    config: &Config,
    cache: &Cache,
    ui: &Ui,
    prepared: &Prepared,
    programs: &[Program<'_>; N],
) -> Result<[PathBuf; N]> {
    let mut places = [const { PathBuf::new() }; N];
    for (program, place) in programs.iter().zip(&mut places) {
        let key = program.key(config, prepared)?;
        *place = cache.place("artefacts", &key);
        let step = format!("compile examples/tickets: {}", program.title());
        if place.exists() {
            ui.skipped(&step);
        } else {
            disk::require(config, MEGABYTES, "compile the program of the demo")?;
            ui.step(&step, |progress| {
                program.build(config, cache, prepared, &key, place, progress)
            })?;
        }
    }
    Ok(places)
}

impl Program<'_> {
    /// What the user is told.
    pub(super) fn title(&self) -> String {
        format!("{}, {}", self.backend.title, self.layout.title())
    }

    /// A name for all that goes into a build.
    fn key(&self, config: &Config, prepared: &Prepared) -> Result<String> {
        let dist = config.in_root("dist/lib");
        let mut key = Key::default()
            .with(RECIPE)
            .with(&prepared.toolchain.commit)
            .with(self.backend.name)
            .with(self.layout.name())
            .with_files(&dist.join(self.backend.loader))?
            .with_files(&dist.join(self.backend.dylib))?;
        for input in INPUTS {
            key = key.with_files(&config.in_root(FOLDER).join(input))?;
        }
        let (backend, layout) = (self.backend.name, self.layout.name());
        Ok(format!("{}-demo-{backend}-{layout}", key.name()))
    }

    fn build(
        &self,
        config: &Config,
        cache: &Cache,
        prepared: &Prepared,
        key: &str,
        place: &Path,
        progress: &Progress,
    ) -> Result<()> {
        let target = cache.place("target", "demo");
        let report = self.report_folder(cache, key)?;
        let log = format!("demo-{}-{}.log", self.backend.name, self.layout.name());
        Run {
            purpose: "compile the program of the demo",
            command: self.cargo(config, prepared, &target, &report),
            log: cache.place("target", &log),
        }
        .with(progress)?;
        let host = &prepared.toolchain.host;
        let made = target.join(host).join(self.backend.profile_folder);
        cache.once(place, |temporary| {
            fs::create_dir(temporary)?;
            copy(&made.join(NAME), &temporary.join(NAME))?;
            copy_files(&report, &temporary.join(REPORT))
        })
    }

    /// The folder for the report of the build that is named by `key`, without those of other builds.
    fn report_folder(&self, cache: &Cache, key: &str) -> Result<PathBuf> {
        let (backend, layout) = (self.backend.name, self.layout.name());
        let all = cache.place("target", &format!("demo-reports/{backend}-{layout}"));
        let mine = all.join(key);
        for entry in fs::read_dir(&all).into_iter().flatten().flatten() {
            if entry.path() != mine {
                remove(&entry.path())?;
            }
        }
        fs::create_dir_all(&mine).with_context(|| format!("{} cannot be made", mine.display()))?;
        Ok(mine)
    }

    /// The call of cargo that users would make by hand.
    fn cargo(&self, config: &Config, prepared: &Prepared, target: &Path, report: &Path) -> Command {
        let loader = config.in_root("dist/lib").join(self.backend.loader);
        let flag = format!("-Zcodegen-backend={}", loader.display());
        let mut command = clean_command(&prepared.toolchain.cargo);
        command
            .args(["build", "--locked", "--target", &prepared.toolchain.host])
            .args(self.backend.profile)
            .current_dir(config.in_root(FOLDER))
            .env("CARGO_TARGET_DIR", target)
            // The program is compiled once: what would speed up a second time only takes time.
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_ENCODED_RUSTFLAGS", encode_flags(&[&flag]))
            .env("RUSTC", &prepared.toolchain.rustc)
            // The flag is unstable.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("SNUG_LAYOUT", self.layout.name())
            .env("SNUG_REPORT", report);
        command
    }

    /// Runs a finished build. Returns what it printed.
    pub(super) fn run(&self, place: &Path) -> Result<String> {
        let program = place.join(NAME);
        let output = Command::new(&program)
            .output()
            .with_context(|| format!("{} could not be started", program.display()))?;
        if !output.status.success() {
            bail!(
                "The program of the demo failed ({}), {}:\n{}",
                self.title(),
                output.status,
                beginning(&String::from_utf8_lossy(&output.stderr))
            );
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_string())
    }
}

/// The first lines: a backtrace of a program like this has hundreds.
fn beginning(text: &str) -> String {
    text.lines().take(20).collect::<Vec<_>>().join("\n")
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("{} cannot be copied", from.display()))?;
    Ok(())
}

fn copy_files(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}
