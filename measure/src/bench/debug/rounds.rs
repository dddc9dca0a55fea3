//! Builds and runs everything, compiler after compiler, as often as asked.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

use super::compilers::{ALL, Compiler, Compilers};
use super::figures::{Answer, Figures, PROGRAMS, Sample};
use super::frames;
use crate::bench::time;
use y::cache::remove;
use y::cargo::Run;
use y::config::Config;
use y::ui::{Progress, Ui};

/// The sources that are edited: of a program, and of what all of them depend on.
const LEAF: &str = "text/src/main.rs";
const ROOT: &str = "common/src/lib.rs";

/// The benchmark.
pub(super) struct Bench<'a> {
    compilers: &'a Compilers,
    folder: &'a Path,
}

impl<'a> Bench<'a> {
    /// Copies the workspace to a folder.
    pub(super) fn new(
        config: &Config,
        compilers: &'a Compilers,
        folder: &'a Path,
    ) -> Result<Bench<'a>> {
        let from = config.in_root("bench/debug");
        for entry in WalkDir::new(&from).into_iter().filter_entry(|it| it.file_name() != "target") {
            let entry = entry?;
            let to = folder.join(entry.path().strip_prefix(&from)?);
            if entry.file_type().is_dir() {
                fs::create_dir_all(&to)?;
            } else {
                fs::copy(entry.path(), &to)
                    .with_context(|| format!("{} cannot be copied", entry.path().display()))?;
            }
        }
        Ok(Bench { compilers, folder })
    }

    /// Measures.
    pub(super) fn run(&self, ui: &Ui, rounds: usize) -> Result<Figures> {
        let mut figures = Figures::default();
        for round in 0..rounds {
            let mut sample: [Sample; 4] = Default::default();
            for turn in 0..ALL.len() {
                // Another one begins each time.
                let index = (turn + round) % ALL.len();
                let compiler = ALL[index];
                let title = format!("{}, round {} of {rounds}", compiler.title(), round + 1);
                sample[index] =
                    ui.step(&title, |progress| self.measure(compiler, round, progress))?;
            }
            figures.add(sample)?;
        }
        for (index, compiler) in ALL.into_iter().enumerate() {
            for name in PROGRAMS {
                let program = self.compilers.program(compiler, self.folder, name)?;
                figures.bytes[index] += fs::metadata(&program)?.len();
                figures.frames[index].extend(frames::of(&program)?);
            }
        }
        Ok(figures)
    }

    fn measure(&self, compiler: Compiler, round: usize, progress: &Progress) -> Result<Sample> {
        remove(&self.compilers.target(compiler, self.folder))?;
        let clean = self.build(compiler, progress)?;
        let mut sample = Sample { clean, ..Sample::default() };
        for name in PROGRAMS {
            let (seconds, answer) = self.try_out(compiler, name)?;
            sample.runs.push(seconds);
            sample.answers.push(answer);
        }
        let note = format!("\n/// {} {round}\npub fn edited() {{}}\n", compiler.title());
        sample.leaf = self.edited(compiler, LEAF, &note, progress)?;
        sample.root = self.edited(compiler, ROOT, &note, progress)?;
        Ok(sample)
    }

    fn edited(
        &self,
        compiler: Compiler,
        file: &str,
        more: &str,
        progress: &Progress,
    ) -> Result<f64> {
        let file = self.folder.join(file);
        let text = fs::read_to_string(&file)?;
        fs::write(&file, format!("{text}{more}"))?;
        let seconds = self.build(compiler, progress);
        fs::write(&file, text)?;
        seconds
    }

    /// Processor time of a build.
    fn build(&self, compiler: Compiler, progress: &Progress) -> Result<f64> {
        let command = self.compilers.build(compiler, self.folder);
        let purpose = format!("build with {}", compiler.title());
        let log: PathBuf = self.folder.join("build.log");
        let spent = time::of(|| Run { purpose: &purpose, command, log }.with(progress))?;
        Ok(spent.processor)
    }

    /// Processor time of a run, and what it prints.
    fn try_out(&self, compiler: Compiler, name: &str) -> Result<(f64, Answer)> {
        let program = self.compilers.program(compiler, self.folder, name)?;
        let mut printed = String::new();
        let spent = time::of(|| {
            let output = Command::new(&program).output();
            let output = output.with_context(|| format!("{} cannot be run", program.display()))?;
            if !output.status.success() {
                let stderr = String::from_utf8_lossy(&output.stderr);
                bail!("`{name}`, by {}: {}\n{stderr}", compiler.title(), output.status);
            }
            printed = String::from_utf8_lossy(&output.stdout).into_owned();
            Ok(())
        })?;
        Ok((spent.processor, Answer::parse(&printed)?))
    }
}
