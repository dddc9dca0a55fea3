//! What is compiled with and without markers, and how.
//!
//! Paths become part of what is compiled. So both sides are compiled at one place, and whichever is not
//! at work waits beside it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::bench::time;
use y::build;
use y::cache::remove;
use y::cargo::{Run, clean_command, encode_flags};
use y::config::Config;
use y::prepare::Prepared;
use y::ui::Progress;

/// A workspace.
pub(super) struct Program {
    /// What the user is told.
    pub(super) title: &'static str,
    /// Where it is.
    pub(super) source: PathBuf,
    /// How cargo finds its dependencies.
    pub(super) lock: &'static str,
    /// What is linked in the end.
    pub(super) finals: &'static [Final],
}

/// A program or library that nothing in the workspace depends on.
pub(super) struct Final {
    /// What the user is told.
    pub(super) title: &'static str,
    /// Its package.
    pub(super) package: &'static str,
    /// The arguments for cargo that select it in its package.
    pub(super) target: &'static [&'static str],
    /// What it is called when it is finished.
    pub(super) file: &'static str,
}

/// With or without markers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Without,
    With,
}

/// Both, in the order of all tables.
pub(super) const SIDES: [Side; 2] = [Side::Without, Side::With];

impl Side {
    /// What the user is told.
    pub(super) fn title(self) -> &'static str {
        match self {
            Side::Without => "without markers",
            Side::With => "with markers",
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Side::Without => "without",
            Side::With => "with",
        }
    }
}

/// Where a program is compiled.
pub(super) struct Workshop<'a> {
    pub(super) config: &'a Config,
    pub(super) prepared: &'a Prepared,
    pub(super) program: &'a Program,
    /// The folder for both sides.
    pub(super) folder: PathBuf,
}

impl Workshop<'_> {
    /// Compiles everything anew.
    pub(super) fn compile(&self, side: Side, progress: &Progress) -> Result<Duration> {
        remove(&self.folder.join(side.folder()))?;
        self.at_work(side, |target| {
            time::of_children(|| self.cargo(side, target, &["build"], &[], progress))
        })
    }

    /// Compiles a final crate anew, and links it.
    pub(super) fn compile_final(
        &self,
        side: Side,
        made: &Final,
        progress: &Progress,
    ) -> Result<Duration> {
        let package = ["--package", made.package];
        self.at_work(side, |target| {
            self.cargo(side, target, &[&["clean"], &package[..]].concat(), &[], progress)?;
            time::of_children(|| {
                self.cargo(side, target, &[&["build"], &package[..]].concat(), &[], progress)
            })
        })
    }

    /// Compiles all final crates, up to where they would be linked.
    pub(super) fn stop_before_link(&self, side: Side, progress: &Progress) -> Result<()> {
        self.at_work(side, |target| {
            self.program.finals.iter().try_for_each(|made| {
                let arguments = [&["rustc", "--package", made.package], made.target].concat();
                self.cargo(side, target, &arguments, &["--", "-Zno-link"], progress)
            })
        })
    }

    /// Does what is left after [`Workshop::stop_before_link`].
    pub(super) fn link(&self, side: Side, made: &Final) -> Result<Duration> {
        self.at_work(side, |target| {
            let parts = self.parts_to_link(target, made)?;
            let mut rustc = clean_command(&self.prepared.toolchain.rustc);
            rustc
                .arg("-Zlink-only")
                // What is linked stays where it is, for the next time.
                .arg("-Csave-temps")
                .arg(self.backend())
                .arg(parts);
            self.choose(side, &mut rustc);
            time::of_children(|| {
                let output = rustc.output().context("rustc could not be started")?;
                if !output.status.success() {
                    bail!("rustc cannot link:\n{}", String::from_utf8_lossy(&output.stderr));
                }
                Ok(())
            })
        })
    }

    /// Where a side's finished things are.
    pub(super) fn finished(&self, side: Side) -> PathBuf {
        self.made(&self.folder.join(side.folder()))
    }

    /// Where cargo puts what runs on the target, that is, what Snug compiles: build scripts and procedural
    /// macros are stock rustc's.
    fn made(&self, target: &Path) -> PathBuf {
        target.join(&self.prepared.toolchain.host).join("debug")
    }

    fn parts_to_link(&self, target: &Path, made: &Final) -> Result<PathBuf> {
        let folder = self.made(target).join("deps");
        let stem = made.file.split('.').next().unwrap_or(made.file).trim_start_matches("lib");
        let entries = fs::read_dir(&folder)
            .with_context(|| format!("{} cannot be read", folder.display()))?;
        let found = entries.flatten().map(|entry| entry.path()).find(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.trim_start_matches("lib").starts_with(stem) && name.ends_with(".rlink")
        });
        found.with_context(|| format!("rustc made no {stem}*.rlink in {}", folder.display()))
    }

    /// Runs `work` while a side is at the place for compiling.
    fn at_work<T>(&self, side: Side, work: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
        let (waits, works) = (self.folder.join(side.folder()), self.folder.join("target"));
        let swap = |from: &Path, to: &Path| {
            fs::rename(from, to).with_context(|| format!("{} cannot be renamed", from.display()))
        };
        if waits.exists() {
            swap(&waits, &works)?;
        }
        let result = work(&works)?;
        swap(&works, &waits)?;
        Ok(result)
    }

    fn cargo(
        &self,
        side: Side,
        target: &Path,
        arguments: &[&str],
        for_rustc: &[&str],
        progress: &Progress,
    ) -> Result<()> {
        let toolchain = &self.prepared.toolchain;
        let mut command = clean_command(&toolchain.cargo);
        command
            .args(arguments)
            .args([self.program.lock, "--target", &toolchain.host])
            .args(for_rustc)
            .current_dir(&self.program.source)
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_ENCODED_RUSTFLAGS", encode_flags(&[&self.backend()]))
            .env("RUSTC", &toolchain.rustc);
        self.choose(side, &mut command);
        let log = self.folder.join("cargo.log");
        Run { purpose: "compile with and without markers", command, log }.with(progress)
    }

    /// What differs between the sides, and what must not.
    fn choose(&self, side: Side, command: &mut Command) {
        command
            .env_remove("SNUG_MARKER")
            .env_remove("SNUG_REPORT")
            // Without a marker, any other layout would not be the same in all crates.
            .env("SNUG_LAYOUT", "classic")
            // The flags are unstable.
            .env("RUSTC_BOOTSTRAP", "1");
        if side == Side::Without {
            command.env("SNUG_MARKER", "off");
        }
    }

    fn backend(&self) -> String {
        format!("-Zcodegen-backend={}", self.config.in_root(build::WITH_FAULTS_FILE).display())
    }
}
