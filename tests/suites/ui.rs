//! rustc's own tests of coroutines, async and drop: Snug does what stock rustc does.
//!
//! | programs | compared | with |
//! |---|---|---|
//! | run-pass, run-fail, build-pass, build-fail | compiler's and program's output and status | both generators |
//! | check-pass, check-fail, and UI tests that say nothing | compiler's output and status, byte for byte | the LLVM twin: no code is generated |
//! | `print_type_sizes` | the printed layouts | our own blessed files |
//!
//! Stock runs on the same machine with the same arguments, so what a test's author expects is
//! checked too: a program that stock itself treats otherwise is run in a wrong way by this suite.
//!
//! A difference that is right is listed in `ui/expected-differences.txt` with its reason. A listed
//! test that does not differ fails: the list is never longer than the truth.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::compare;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::corpus;
use snug_tests::directives::Goal;
use snug_tests::harness::{self, Shared, Tools};
use snug_tests::program::{Extra, Outcome, Program};
use snug_tests::toolchain::package;

fn main() -> ExitCode {
    harness::main(|tools| {
        let mut tests = comparisons(tools)?;
        tests.extend(printed_sizes(tools)?);
        Ok(tests)
    })
}

/// A test per program and generator.
fn comparisons(tools: Tools) -> Result<Vec<Trial>> {
    let root = tools.sources.join("tests/ui");
    let mut expected = expected_differences()?;
    let mut tests = Vec::new();
    for folder in ["coroutine", "async-await", "drop"] {
        for program in corpus::programs(&root.join(folder))? {
            let stock = Shared::default();
            for &generator in generators(&program) {
                let name = format!("{} {generator}", corpus::name(&program, &root));
                let reason = expected.remove(&name);
                let (program, stock) = (program.clone(), Shared::clone(&stock));
                tests.push(harness::test(name, move || {
                    let result = compare_with_stock(tools, &program, generator, &stock);
                    check_difference(result, reason)
                }));
            }
        }
    }
    match expected.keys().next() {
        None => Ok(tests),
        Some(name) => Err(format!(
            "ui/expected-differences.txt names `{name}`: there is no such test"
        )),
    }
}

fn generators(program: &Program) -> &'static [Generator] {
    match program.expectation.goal {
        Goal::Check => &[Generator::Llvm],
        _ => &Generator::ALL,
    }
}

/// The inner error says how Snug differs from stock; the outer one that the test itself is wrong.
fn compare_with_stock(
    tools: Tools,
    program: &Program,
    generator: Generator,
    stock: &Shared<Outcome>,
) -> Result<Result<()>> {
    let extra = Extra::default();
    let stock = stock.get(|| program.outcome(tools, Compiler::Stock, &extra))?;
    if !program.directives.known_bug {
        program.check_expectation(stock)?;
    }
    let snug = program.outcome(tools, Compiler::Snug(generator, Layout::Packed), &extra)?;
    Ok(compare::same_outcome(stock, &snug))
}

fn check_difference(result: Result<Result<()>>, expected: Option<String>) -> Result<()> {
    match (result?, expected) {
        (result, None) => result,
        (Err(_), Some(_)) => Ok(()),
        (Ok(()), Some(reason)) => Err(format!(
            "this test does not differ from stock, but ui/expected-differences.txt says it does \
             ({reason}): take it off the list"
        )),
    }
}

/// The tests that differ, by name, with their reasons: lines of `name: reason`.
fn expected_differences() -> Result<BTreeMap<String, String>> {
    let path = package().join("ui/expected-differences.txt");
    let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| match line.split_once(": ") {
            Some((name, reason)) => Ok((name.to_owned(), reason.to_owned())),
            None => Err(format!("{}: `{line}` gives no reason", path.display())),
        })
        .collect()
}

/// `-Zprint-type-sizes` prints what is blessed: for the tests of the folder of that name, and for
/// those elsewhere whose output is printed layouts of coroutines.
fn printed_sizes(tools: Tools) -> Result<Vec<Trial>> {
    let root = tools.sources.join("tests/ui");
    let mut tests = Vec::new();
    for folder in ["print_type_sizes", "async-await/future-sizes"] {
        for program in corpus::programs(&root.join(folder))? {
            if program.expectation.goal == Goal::Run {
                continue;
            }
            for layout in Layout::ALL {
                for generator in Generator::ALL {
                    let name = corpus::name(&program, &root);
                    let compiler = Compiler::Snug(generator, layout);
                    let name = format!("printed sizes: {name} {compiler}");
                    let program = program.clone();
                    tests.push(harness::test(name, move || match layout {
                        Layout::Classic => prints_what_stock_prints(tools, &program, compiler),
                        _ => prints_what_is_blessed(tools, &program, generator, layout),
                    }));
                }
            }
        }
    }
    Ok(tests)
}

fn prints_what_stock_prints(tools: Tools, program: &Program, compiler: Compiler) -> Result<()> {
    let stock = program.outcome(tools, Compiler::Stock, &Extra::default())?;
    program.check_expectation(&stock)?;
    compare::same_outcome(
        &stock,
        &program.outcome(tools, compiler, &Extra::default())?,
    )
}

fn prints_what_is_blessed(
    tools: Tools,
    program: &Program,
    generator: Generator,
    layout: Layout,
) -> Result<()> {
    let outcome = program.outcome(tools, Compiler::Snug(generator, layout), &Extra::default())?;
    program.check_expectation(&outcome)?;
    let stem = program
        .path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy();
    let path = package().join(format!("ui/print_type_sizes/{stem}.{layout}.stdout"));
    // The twins lay out alike: they share the blessed files, and one of them writes them.
    if generator == Generator::Llvm && std::env::var_os("SNUG_BLESS").is_some_and(|v| v == "1") {
        return bless(&path, &outcome.compilation.stdout);
    }
    let blessed = std::fs::read_to_string(&path).map_err(|error| {
        format!(
            "{}: {error}: bless it with SNUG_BLESS=1 and review it",
            path.display()
        )
    })?;
    match compare::text_difference(&blessed, &outcome.compilation.stdout) {
        None => Ok(()),
        Some(difference) => Err(format!(
            "not as blessed in {}: {difference}",
            path.display()
        )),
    }
}

fn bless(path: &Path, text: &str) -> Result<()> {
    let written = std::fs::create_dir_all(path.parent().unwrap_or(path))
        .and_then(|()| std::fs::write(path, text));
    written.map_err(|error| format!("{}: {error}", path.display()))
}
