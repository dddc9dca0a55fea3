//! Random async programs do under Snug what they do under stock rustc, drop for drop, and none of their futures
//! is bigger (`docs/fuzzing.md`).
//!
//! Always run: the programs with the first seeds, a test each. `SNUG_LONG=1` runs many more
//! (`SNUG_FUZZ_PROGRAMS`, `SNUG_FUZZ_SEED`, `SNUG_FUZZ_MINUTES`), makes what diverges smaller, and keeps it in
//! `run/`. With `SNUG_FUZZ_SEED` and without `SNUG_LONG`, only that program is run.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::compiler::Compiler;
use snug_tests::fuzz::generate::{self, Allowed};
use snug_tests::fuzz::long::{self, Budget};
use snug_tests::fuzz::model::{Block, Node, Program};
use snug_tests::fuzz::regression;
use snug_tests::fuzz::runner::{self, Checked, Found};
use snug_tests::fuzz::variants::{PER_FILE, Variant};
use snug_tests::harness::{self, Shared, Tools};
use snug_tests::toolchain::package;
use snug_tests::workshop::{contains_all, same};

/// So many files are always run: every kind of variant has its turn in them.
const FILES: u64 = 8;
/// And so many programs of each.
const OF_FILE: u64 = 30;
/// Where the long run starts, and how far it goes.
const LONG: (u64, u64) = (1_000_000, 100_000);

fn main() -> ExitCode {
    harness::main(|tools| {
        if harness::long() {
            let budget = Budget::from_environment(LONG.0, LONG.1)?;
            let name = format!("fuzz: {} programs from seed {}", budget.programs, budget.seed);
            return Ok(vec![harness::test(name, move || {
                long::run(tools, budget, &package().join("run"))
            })]);
        }
        match std::env::var_os("SNUG_FUZZ_SEED") {
            Some(_) => {
                let seed = Budget::from_environment(0, 1)?.seed;
                Ok(vec![harness::test(format!("fuzz: seed {seed}"), move || single(tools, seed))])
            }
            None => Ok(quick(tools)),
        }
    })
}

/// A test for each of the first seeds; the first test of a file runs all its programs.
fn quick(tools: Tools) -> Vec<Trial> {
    let files: Vec<Shared<Checked>> = (0..FILES).map(|_| Shared::default()).collect();
    let [whole, library] = artificial_variants();
    let mut tests = vec![
        harness::test("fuzz: an artificial divergence", move || artificial(tools, whole)),
        harness::test("fuzz: one in a library", move || artificial(tools, library)),
    ];
    // Tests that run at the same time should not wait for the same file.
    for position in 0..OF_FILE {
        for (number, file) in (0..).zip(&files) {
            let (file, seed) = (file.clone(), number * PER_FILE + position);
            tests.push(harness::test(format!("fuzz: seed {seed}"), move || {
                let checked = file.get(|| {
                    let (mut programs, variants) = runner::file(number);
                    programs.truncate(OF_FILE as usize);
                    runner::check(tools, &programs, &variants)
                })?;
                verdict(seed, &checked.found)
            }));
        }
    }
    tests
}

fn single(tools: Tools, seed: u64) -> Result<()> {
    let (program, variants) = runner::single(seed);
    verdict(seed, &runner::check(tools, &[program], &variants)?.found)
}

fn verdict(seed: u64, found: &[Found]) -> Result<()> {
    let own = found.iter().filter(|found| found.program.seed == seed);
    let complaints: Vec<String> =
        own.map(|found| format!("`{}`: {}", found.variant, found.divergence)).collect();
    if complaints.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{}\nRun only this program: SNUG_FUZZ_SEED={seed} ./y.sh test fuzz\n\
         Make it smaller and keep it: SNUG_FUZZ_SEED={seed} SNUG_FUZZ_PROGRAMS=1 ./y.sh test --long fuzz",
        complaints.join("\n")
    ))
}

/// Compilers that tell a program to do something else: all of it, or its library.
fn artificial_variants() -> [Variant; 2] {
    let plain = Variant::one_crate(Compiler::Stock, Vec::new());
    let told = Variant::one_crate(Compiler::Stock, vec!["--cfg=artificial".into()]);
    let library = Variant { library: Some(told.program.clone()), ..plain };
    [told, library]
}

/// A program that does something else where it is told to is found among others, made smaller, and kept.
fn artificial(tools: Tools, variant: Variant) -> Result<()> {
    let allowed = Allowed { recursion: true };
    let mut programs: Vec<Program> = (0..4).map(|seed| generate::program(seed, allowed)).collect();
    let inner =
        ["let v3 = Loud::make(3);", "if cfg!(artificial) { change(&mut v1); }", "look(&v3);"];
    let inner =
        Block { statements: inner.map(|text| Node::statement(text, [])).into(), tail: None };
    // The first is what a library has.
    programs[2].functions.truncate(1);
    let odd = &mut programs[2].functions[0];
    odd.parameters.clear();
    odd.body.tail = Some(Box::new(Node::make(&odd.returns, 1)));
    odd.body.statements = vec![
        Node::statement("let mut v1 = Loud::make(1);", []),
        Node::statement("let v2 = Loud::make(2);", []),
        Node::statement("look(&v2);", []),
        Node::statement("if select > 2 $", [inner.into()]),
        Node::statement("look(&v1);", []),
    ];
    let found = runner::check(tools, &programs, &[variant])?.found;
    let [found] = &found[..] else { return Err(format!("one should diverge: {found:?}")) };
    same("the seed", found.program.seed, 2)?;
    let small = regression::minimize(tools, found, Duration::from_secs(300));
    let folder = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
    let path = regression::write(&small, folder.path())?;
    let own = match small.variant.library {
        None => path,
        Some(_) => the_only_file(&folder.path().join("auxiliary"))?,
    };
    let text = std::fs::read_to_string(&own).map_err(|error| error.to_string())?;
    let left = ["let mut v1 = Loud::make(1);", "if cfg!(artificial) { change(&mut v1); }"];
    contains_all(&text, &left)?;
    match ["v2", "v3", "select > 2", "look(&v1)"].iter().find(|word| text.contains(**word)) {
        None => Ok(()),
        Some(word) => Err(format!("`{word}` should not be there any more:\n{text}")),
    }
}

fn the_only_file(folder: &Path) -> Result<PathBuf> {
    let files = std::fs::read_dir(folder).map_err(|error| error.to_string())?;
    let files: Vec<_> = files.map_while(|file| Some(file.ok()?.path())).collect();
    match <[PathBuf; 1]>::try_from(files) {
        Ok([file]) => Ok(file),
        Err(files) => Err(format!("{} should have one file: {files:?}", folder.display())),
    }
}
