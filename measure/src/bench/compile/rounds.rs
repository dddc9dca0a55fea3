//! Compiles in turn, and takes the times.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::compilers::Compiler;
use super::meter::Meter;
use super::programs::Program;
use y::cargo::clean_command;
use y::prepare::Prepared;
use y::ui::Ui;

/// What one round took: each compiler, for the smaller and the larger program.
pub(super) type Sample = Vec<[f64; 2]>;

/// The compilers at work.
pub(super) struct Bench<'a> {
    pub(super) prepared: &'a Prepared,
    pub(super) compilers: &'a [Compiler],
    pub(super) meter: Meter,
    /// Where texts and programs are.
    pub(super) folder: PathBuf,
}

impl Bench<'_> {
    /// Compiles a program at both sizes, `rounds` times.
    pub(super) fn run(
        &self,
        ui: &Ui,
        program: &Program,
        sizes: [usize; 2],
        texts: [&str; 2],
        rounds: usize,
    ) -> Result<Vec<Sample>> {
        fs::create_dir_all(&self.folder)
            .with_context(|| format!("{} cannot be made", self.folder.display()))?;
        let sources = sizes.map(|size| self.folder.join(format!("{size}.rs")));
        for (source, text) in sources.iter().zip(texts) {
            fs::write(source, text)
                .with_context(|| format!("{} cannot be written", source.display()))?;
        }
        let mut samples = Vec::new();
        for round in 0..rounds {
            let title =
                format!("{} {}, round {} of {rounds}", sizes[1], program.counted, round + 1);
            samples.push(ui.step(&title, |progress| {
                in_turn(round, self.compilers.len(), |index| {
                    let compiler = &self.compilers[index];
                    progress.at(index as u64, self.compilers.len() as u64, compiler.title);
                    let [half, whole] = &sources;
                    Ok([self.compile(compiler, half)?, self.compile(compiler, whole)?])
                })
            })?);
        }
        for source in &sources {
            self.same_answers(source)?;
        }
        Ok(samples)
    }

    /// Compiles, and returns what that took.
    fn compile(&self, compiler: &Compiler, source: &Path) -> Result<f64> {
        let program = self.program(compiler, source);
        let command = compiler.command(self.prepared, source, &program);
        let log = program.with_extension("log");
        self.meter.measure(command, &log, |command| compiler.compile(command, source))
    }

    fn program(&self, compiler: &Compiler, source: &Path) -> PathBuf {
        source.with_extension(compiler.title.replace(' ', "-"))
    }

    /// Fails if two compilers disagree about what a program does.
    fn same_answers(&self, source: &Path) -> Result<()> {
        let mut first: Option<(&Compiler, Vec<u8>)> = None;
        for compiler in self.compilers {
            let program = self.program(compiler, source);
            let output = clean_command(&program)
                .output()
                .with_context(|| format!("{} could not be started", program.display()))?;
            if !output.status.success() || output.stdout.is_empty() {
                bail!(
                    "{} of {} does not run: {}.",
                    program.display(),
                    compiler.title,
                    output.status
                );
            }
            let (by, answer) = first.get_or_insert_with(|| (compiler, output.stdout.clone()));
            if *answer != output.stdout {
                bail!(
                    "What {} and {} make of {} does not do the same, so one of them is wrong.",
                    by.title,
                    compiler.title,
                    source.display()
                );
            }
        }
        Ok(())
    }
}

/// Measures all of `count` compilers; another one begins in each round. The result is in their own order.
fn in_turn(
    round: usize,
    count: usize,
    mut measure: impl FnMut(usize) -> Result<[f64; 2]>,
) -> Result<Sample> {
    let mut taken = vec![[0.0; 2]; count];
    for index in (0..count).map(|index| (index + round) % count) {
        taken[index] = measure(index)?;
    }
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyone_begins_once() {
        for round in 0..3 {
            let mut order = Vec::new();
            let sample = in_turn(round, 3, |index| {
                order.push(index);
                Ok([index as f64, 0.0])
            });
            assert_eq!(sample.unwrap(), [[0.0; 2], [1.0, 0.0], [2.0, 0.0]]);
            assert_eq!(order[0], round);
        }
    }
}
