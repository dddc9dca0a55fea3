//! Compiles programs with stock and Snug, runs them, and finds out which of them diverges.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use super::compare::{self, Divergence, Observed};
use super::generate;
use super::model::Program;
use super::variants::{self, Flags, PER_FILE, Variant};
use super::writer::{self, Detail, LIBRARY};
use crate::Result;
use crate::command::{self, Finished};
use crate::compiler::clean_environment;
use crate::toolchain::Toolchain;

/// What every compilation gets: the same arithmetic at all optimisation levels, and sizes.
const ARGUMENTS: [&str; 4] =
    ["--edition=2024", "-Coverflow-checks=off", "-Cdebuginfo=0", "-Zprint-type-sizes"];

/// A hundred programs take 15 seconds of an idle core, optimised, and the machine may be very busy.
const COMPILATION_LIMIT: Duration = Duration::from_secs(600);
/// A second and a half.
const FILE_LIMIT: Duration = Duration::from_secs(200);

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

/// What became of several programs.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// Those that diverge.
    pub found: Vec<Found>,
    /// How many coroutines' sizes were compared with stock's.
    pub coroutines: usize,
}

/// The programs and variants that belong to the seeds of one file.
pub fn file(number: u64) -> (Vec<Program>, Vec<Variant>) {
    let (allowed, variants) = variants::of_file(number);
    let seeds = number * PER_FILE..(number + 1) * PER_FILE;
    (seeds.map(|seed| generate::program(seed, allowed)).collect(), variants)
}

/// The program of one seed, and the variants of its file.
pub fn single(seed: u64) -> (Program, Vec<Variant>) {
    let (allowed, variants) = variants::of_file(seed / PER_FILE);
    (generate::program(seed, allowed), variants)
}

/// Compiles these programs together under each variant, all of them with as many crates, and says which of them diverge.
pub fn check(tools: &Toolchain, programs: &[Program], variants: &[Variant]) -> Result<Checked> {
    let all: Vec<&Program> = programs.iter().collect();
    let stock = variants[0].stock();
    let expected = observe(tools, &stock, &all, Detail::Hashes)?;
    if !expected.is_success() {
        return Err(refused(tools, &stock, &all));
    }
    let mut checked = Checked::default();
    for variant in variants {
        let observed = observe(tools, variant, &all, Detail::Hashes)?;
        checked.coroutines += compare::compared(&expected, &observed);
        let Some(together) = compare::divergence(&expected, &observed, variant.layout()) else {
            continue;
        };
        let differs = |program: &&Program| {
            let module = writer::module(program);
            expected.lines_of(&module) != observed.lines_of(&module)
        };
        // Whose coroutine has grown, and who crashed the compiler, is not easily told from outside.
        let suspects = match together.kind {
            compare::Kind::Trace => all.iter().copied().filter(differs).collect(),
            _ => all.clone(),
        };
        let mut found = Vec::new();
        narrow(tools, variant, &suspects, &mut found)?;
        if found.is_empty() {
            let seeds = programs.iter().map(|program| program.seed);
            let (first, last) = (seeds.clone().min(), seeds.max());
            return Err(format!(
                "the programs {first:?} to {last:?} diverge under `{variant}`, but only together: {together}"
            ));
        }
        checked.found.append(&mut found);
    }
    Ok(checked)
}

/// Finds those that diverge among several of which some do: halves that do not are left alone.
fn narrow(
    tools: &Toolchain,
    variant: &Variant,
    programs: &[&Program],
    found: &mut Vec<Found>,
) -> Result<()> {
    // Few are faster asked one by one.
    if programs.len() <= 2 {
        for &program in programs {
            if let Some(divergence) = check_one(tools, program, variant)? {
                let (program, variant) = (program.clone(), variant.clone());
                found.push(Found { program, variant, divergence });
            }
        }
        return Ok(());
    }
    let (left, right) = programs.split_at(programs.len() / 2);
    for half in [left, right] {
        let expected = observe(tools, &variant.stock(), half, Detail::Hashes)?;
        let observed = observe(tools, variant, half, Detail::Hashes)?;
        if compare::divergence(&expected, &observed, variant.layout()).is_some() {
            narrow(tools, variant, half, found)?;
        }
    }
    Ok(())
}

/// Whether a program diverges under a variant; also if stock does not compile it, it does not.
pub fn check_one(
    tools: &Toolchain,
    program: &Program,
    variant: &Variant,
) -> Result<Option<Divergence>> {
    let expected = observe(tools, &variant.stock(), &[program], Detail::Traces)?;
    if !expected.is_success() {
        return Ok(None);
    }
    let observed = observe(tools, variant, &[program], Detail::Traces)?;
    Ok(compare::divergence(&expected, &observed, variant.layout()))
}

/// A sentence about programs of which stock does not take one: the generator is wrong.
fn refused(tools: &Toolchain, stock: &Variant, programs: &[&Program]) -> String {
    let observed = match observe(tools, stock, programs, Detail::Hashes) {
        Ok(observed) if observed.is_success() => {
            return "stock refuses these programs only together with others".to_owned();
        }
        Ok(observed) => observed,
        Err(error) => return error,
    };
    if let [program] = programs {
        let last = observed.run.unwrap_or(observed.compilation);
        let text = last.describe();
        return format!("the generator is wrong: stock refuses seed {}: {text}", program.seed);
    }
    let (left, right) = programs.split_at(programs.len() / 2);
    let is_left = observe(tools, stock, left, Detail::Hashes).is_ok_and(|left| !left.is_success());
    refused(tools, stock, if is_left { left } else { right })
}

/// Compiles and runs.
fn observe(
    tools: &Toolchain,
    variant: &Variant,
    programs: &[&Program],
    detail: Detail,
) -> Result<Observed> {
    let folder = TempDir::with_prefix("snug-").map_err(|e| format!("no temporary folder: {e}"))?;
    let compilation = compile(tools, variant, programs, detail, folder.path())?;
    let limit = if programs.len() > 1 { FILE_LIMIT } else { command::PROGRAM_LIMIT };
    let run = compilation.success.then(|| run(folder.path(), limit)).transpose()?;
    Ok(Observed { compilation, run })
}

/// Compiles to `fuzz` in a folder. Of two crates, both have said what is there; or the first, if it could not be compiled.
fn compile(
    tools: &Toolchain,
    variant: &Variant,
    programs: &[&Program],
    detail: Detail,
    folder: &Path,
) -> Result<Finished> {
    let Some(flags) = &variant.library else {
        let text = writer::file(programs, detail);
        return compile_crate(tools, &variant.program, "fuzz.rs", &text, &["-ofuzz"], folder);
    };
    let (library, text) = writer::two_files(programs, detail);
    let file = format!("{LIBRARY}.rs");
    let library = compile_crate(tools, flags, &file, &library, &["--crate-type=lib"], folder)?;
    if !library.success {
        return Ok(library);
    }
    let arguments = ["-ofuzz", "-L.", "--extern", LIBRARY];
    let mut program = compile_crate(tools, &variant.program, "fuzz.rs", &text, &arguments, folder)?;
    program.stdout.insert_str(0, &library.stdout);
    Ok(program)
}

fn compile_crate(
    tools: &Toolchain,
    flags: &Flags,
    file: &str,
    text: &str,
    arguments: &[&str],
    folder: &Path,
) -> Result<Finished> {
    let written = std::fs::write(folder.join(file), text);
    written.map_err(|error| format!("{}: {error}", folder.display()))?;
    // The path is relative: async blocks have it in their names.
    let mut rustc = flags.compiler.command(tools);
    rustc.current_dir(folder).args(ARGUMENTS).args(&flags.arguments).args(arguments).arg(file);
    command::run_within(&mut rustc, COMPILATION_LIMIT)
}

fn run(folder: &Path, limit: Duration) -> Result<Finished> {
    let mut program = Command::new(folder.join("fuzz"));
    clean_environment(&mut program);
    command::run_within(program.current_dir(folder), limit)
}
