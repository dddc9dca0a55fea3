//! Compiles programs with stock and Snug, runs them, and finds out which of them diverges.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::compare::{self, Divergence, Observed};
use super::generate;
use super::model::Program;
use super::variants::{self, PER_FILE, Variant};
use super::writer::{self, Detail};
use crate::Result;
use crate::command;
use crate::compiler::clean_environment;
use crate::toolchain::Toolchain;

/// What every compilation gets: the same arithmetic at all optimisation levels, and sizes.
const ARGUMENTS: [&str; 4] =
    ["--edition=2024", "-Coverflow-checks=off", "-Cdebuginfo=0", "-Zprint-type-sizes"];

/// A program that diverges under a variant.
#[derive(Clone, Debug)]
pub struct Found {
    /// The program.
    pub program: Program,
    /// How it was compiled.
    pub variant: Variant,
    /// What is different.
    pub divergence: Divergence,
}

/// The programs and variants that belong to the seeds of one file.
pub fn file(number: u64) -> (Vec<Program>, [Variant; 2]) {
    let (allowed, variants) = variants::of_file(number);
    let seeds = number * PER_FILE..(number + 1) * PER_FILE;
    (seeds.map(|seed| generate::program(seed, allowed)).collect(), variants)
}

/// The program of one seed, and the variants of its file.
pub fn single(seed: u64) -> (Program, [Variant; 2]) {
    let (allowed, variants) = variants::of_file(seed / PER_FILE);
    (generate::program(seed, allowed), variants)
}

/// Compiles these programs as one file under each variant and says which of them diverge.
pub fn check(
    tools: &Toolchain,
    stock: &Variant,
    programs: &[Program],
    variants: &[Variant],
) -> Result<Vec<Found>> {
    let all: Vec<&Program> = programs.iter().collect();
    let expected = observe(tools, stock, &all, Detail::Hashes)?;
    if !expected.is_success() {
        return Err(refused(tools, stock, programs, &expected));
    }
    let mut found = Vec::new();
    for variant in variants {
        let observed = observe(tools, variant, &all, Detail::Hashes)?;
        let Some(together) = compare::divergence(&expected, &observed, variant.layout()) else {
            continue;
        };
        let before = found.len();
        let differs = |program: &Program| {
            let module = writer::module(program);
            expected.lines_of(&module) != observed.lines_of(&module)
        };
        // Whose coroutine has grown, and who crashed the compiler, is not easily told from outside.
        let by_trace = together.kind == compare::Kind::Trace;
        for program in programs.iter().filter(|program| !by_trace || differs(program)) {
            if let Some(divergence) = check_one(tools, stock, program, variant)? {
                let (program, variant) = (program.clone(), variant.clone());
                found.push(Found { program, variant, divergence });
            }
        }
        if found.len() == before {
            let seeds = programs.iter().map(|program| program.seed);
            let (first, last) = (seeds.clone().min(), seeds.max());
            return Err(format!(
                "the programs {first:?} to {last:?} diverge under `{variant}`, but only in one file: {together}"
            ));
        }
    }
    Ok(found)
}

/// Whether a program diverges under a variant; also if stock does not compile it, it does not.
pub fn check_one(
    tools: &Toolchain,
    stock: &Variant,
    program: &Program,
    variant: &Variant,
) -> Result<Option<Divergence>> {
    let expected = observe(tools, stock, &[program], Detail::Traces)?;
    if !expected.is_success() {
        return Ok(None);
    }
    let observed = observe(tools, variant, &[program], Detail::Traces)?;
    Ok(compare::divergence(&expected, &observed, variant.layout()))
}

/// A sentence about programs that stock does not take: the generator is wrong.
fn refused(tools: &Toolchain, stock: &Variant, programs: &[Program], all: &Observed) -> String {
    for program in programs {
        match observe(tools, stock, &[program], Detail::Hashes) {
            Ok(observed) if observed.is_success() => {}
            Ok(observed) => {
                let last = observed.run.unwrap_or(observed.compilation);
                let seed = program.seed;
                return format!(
                    "the generator is wrong: stock refuses seed {seed}: {}",
                    last.describe()
                );
            }
            Err(error) => return error,
        }
    }
    format!("stock refuses these programs together: {}", all.compilation.describe())
}

/// Compiles and runs.
fn observe(
    tools: &Toolchain,
    variant: &Variant,
    programs: &[&Program],
    detail: Detail,
) -> Result<Observed> {
    let folder = TempDir::with_prefix("snug-").map_err(|e| format!("no temporary folder: {e}"))?;
    let written = std::fs::write(folder.path().join("fuzz.rs"), writer::file(programs, detail));
    written.map_err(|error| format!("{}: {error}", folder.path().display()))?;
    // The path is relative: async blocks have it in their names.
    let mut rustc = variant.compiler.command(tools);
    rustc.current_dir(folder.path()).args(ARGUMENTS).args(&variant.arguments);
    let compilation = command::run(rustc.args(["-o", "fuzz", "fuzz.rs"]))?;
    let run = compilation.success.then(|| run(folder.path())).transpose()?;
    Ok(Observed { compilation, run })
}

fn run(folder: &Path) -> Result<command::Finished> {
    let mut program = Command::new(folder.join("fuzz"));
    clean_environment(&mut program);
    command::run_within(program.current_dir(folder), command::PROGRAM_LIMIT)
}
