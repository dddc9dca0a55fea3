//! Builds in turn, and takes the times.
//!
//! In each round, every compiler builds from nothing; then the edit is made and every compiler builds again, and
//! once more when it is undone. Who begins changes from round to round, so that a machine that becomes
//! slower does so for all three.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::compilers::{ALL, Compiler, Compilers};
use super::edit::Edited;
use super::figures::{Figures, Sample};
use super::packages::Workspace;
use super::trials::{self, Difference};
use crate::bench::time::{self, Spent};
use y::cache::remove;
use y::cargo::Run;
use y::ui::Ui;

/// A workspace at work.
pub(super) struct Bench<'a> {
    pub(super) compilers: &'a Compilers,
    pub(super) workspace: &'a Workspace,
    /// Its folder.
    pub(super) folder: &'a Path,
    pub(super) ui: &'a Ui,
}

impl Bench<'_> {
    /// Measures everything. Whether the programs do the same is looked at, too.
    pub(super) fn run(&self, rounds: usize) -> Result<Figures> {
        let edit = Edited::new(&self.workspace.edit, self.folder)?;
        let mut figures = Figures::default();
        for round in 0..rounds {
            let name = |what: &str| {
                format!("{}, round {} of {rounds}, {what}", self.workspace.root.name, round + 1)
            };
            let clean = in_turn(round, |compiler| {
                remove(&self.root().join(compiler.results()))?;
                self.build(compiler, &name("clean build"), self.workspace.root.name)
            })?;
            figures.clean.push(clean);
            figures.bytes = self.bytes()?;
            figures.differences.extend(self.differences(&name("try the programs out"))?);
            for with in [true, false] {
                edit.write(with)?;
                let title = name(if with { "after an edit" } else { "edit undone" });
                let package = self.workspace.edit.package;
                figures
                    .edited
                    .push(in_turn(round, |compiler| self.build(compiler, &title, package))?);
            }
        }
        Ok(figures)
    }

    /// Builds. Fails unless cargo has compiled `package`.
    fn build(&self, compiler: Compiler, title: &str, package: &str) -> Result<Spent> {
        let root = self.root();
        let command = self.compilers.command(compiler, self.workspace.command, &root);
        let log = root.join("target").join(format!("{}.log", compiler.title()));
        let purpose = format!("build {package} with {}", compiler.title());
        let spent = self.ui.step(&format!("{title}, {}", compiler.title()), |progress| {
            time::of(|| Run { purpose: &purpose, command, log: log.clone() }.with(progress))
        })?;
        let printed = fs::read_to_string(&log)
            .with_context(|| format!("{} cannot be read", log.display()))?;
        if !compiled(&printed, package) {
            bail!("Cargo has not compiled {package}: see {}.", log.display());
        }
        Ok(spent)
    }

    /// Sizes of the programs.
    fn bytes(&self) -> Result<Option<[u64; 3]>> {
        let Some(program) = self.workspace.program else {
            return Ok(None);
        };
        let mut bytes = [0; 3];
        for (compiler, bytes) in ALL.into_iter().zip(&mut bytes) {
            let file = self.root().join(compiler.results()).join(program);
            let found = fs::metadata(&file);
            *bytes = found.with_context(|| format!("cargo made no {}", file.display()))?.len();
        }
        Ok(Some(bytes))
    }

    /// What the programs do that stock's does not.
    fn differences(&self, title: &str) -> Result<Vec<Difference>> {
        let Some(program) = self.workspace.program else {
            return Ok(Vec::new());
        };
        let folder = self.folder.join("trials");
        self.ui.step(title, |_| {
            trials::differences(self.workspace.trials, &folder, |compiler| {
                self.root().join(compiler.results()).join(program)
            })
        })
    }

    fn root(&self) -> PathBuf {
        self.folder.join(self.workspace.root.full_name())
    }
}

/// Measures all compilers. The result is in their own order.
fn in_turn(round: usize, mut measure: impl FnMut(Compiler) -> Result<Spent>) -> Result<Sample> {
    let mut taken = [None; 3];
    for index in (0..3).map(|index| (index + round) % 3) {
        taken[index] = Some(measure(ALL[index])?);
    }
    Ok(taken.map(|spent| spent.expect("all were measured")))
}

/// Whether cargo says that it has compiled a package.
fn compiled(printed: &str, package: &str) -> bool {
    let mut words = printed.lines().map(str::split_whitespace);
    words.any(|mut line| {
        matches!(line.next(), Some("Compiling" | "Checking")) && line.next() == Some(package)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyone_begins_once() {
        let order = |round| {
            let mut order = Vec::new();
            let sample = in_turn(round, |compiler| {
                order.push(compiler);
                Ok(Spent { clock: compiler as usize as f64, processor: 0.0 })
            });
            assert_eq!(sample.unwrap().map(|spent| spent.clock), [0.0, 1.0, 2.0]);
            order
        };
        let [stock, upstream, snug] = ALL;
        assert_eq!(order(0), [stock, upstream, snug]);
        assert_eq!(order(1), [upstream, snug, stock]);
        assert_eq!(order(2), [snug, stock, upstream]);
    }

    #[test]
    fn reads_what_cargo_has_compiled() {
        let printed = "   Compiling just-lib v1.0.0\n    Finished `dev` profile\n";
        assert!(compiled(printed, "just-lib"));
        assert!(!compiled(printed, "just"));
        assert!(compiled("    Checking just v1.59.0 (/folder)\n", "just"));
        assert!(!compiled("   Finished just\n", "just"));
    }
}
