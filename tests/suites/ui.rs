//! rustc's own tests of coroutines, async and drop: Snug does what stock rustc does.
//!
//! | programs | compared | with |
//! |---|---|---|
//! | run-pass, run-fail, build-pass, build-fail | compiler's and program's output and status | Cranelift; in the long run, LLVM as well |
//! | check-pass, check-fail, and UI tests that say nothing | compiler's output and status, byte for byte | the LLVM twin: no code is generated |
//! | those that print layouts | the printed layouts | our own blessed files |
//!
//! Stock runs on the same machine with the same arguments, so what a test's author expects is
//! checked too: a program that stock itself treats otherwise is run in a wrong way by this suite.
//!
//! A difference that is right is listed in `ui/expected-differences.txt` with its reason. A listed
//! test that does not differ fails, and so does one that differs in another way: the list is never
//! longer than the truth.

use std::path::PathBuf;
use std::process::ExitCode;

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::compare;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::corpus;
use snug_tests::directives::Goal;
use snug_tests::expected::{self, Differences};
use snug_tests::harness::{self, Shared, Tools};
use snug_tests::kept;
use snug_tests::program::{Extra, Outcome, Program};
use snug_tests::toolchain::package;

fn main() -> ExitCode {
    harness::main(|tools| {
        let mut tests = comparisons(tools)?;
        tests.extend(printed_sizes(tools)?);
        Ok(tests)
    })
}

/// A test per program; the long run adds the second generator and the second layout.
fn comparisons(tools: Tools) -> Result<Vec<Trial>> {
    let root = tools.sources.join("tests/ui");
    let mut expected = Differences::read(&package().join("ui/expected-differences.txt"))?;
    let mut tests = Vec::new();
    for folder in ["coroutine", "async-await", "drop"] {
        for program in corpus::programs(&root.join(folder))? {
            if prints_layouts(&program) {
                continue;
            }
            let stock = Shared::default();
            for compiler in compilers(&program) {
                let name = format!("{} {compiler}", corpus::name(&program, &root));
                let expected = expected.take(&name);
                if !is_now(&program, compiler) {
                    continue;
                }
                let (program, stock) = (program.clone(), Shared::clone(&stock));
                tests.push(harness::test(name, move || {
                    let result = compare_with_stock(tools, &program, compiler, &stock)?;
                    expected::judge(result, expected.as_ref())
                }));
            }
        }
    }
    expected.all_taken()?;
    Ok(tests)
}

/// All that a program is compiled with, in the long run.
fn compilers(program: &Program) -> Vec<Compiler> {
    let generators: &[Generator] = match program.expectation.goal {
        Goal::Check => &[Generator::Llvm],
        _ => &Generator::ALL,
    };
    let of_generator = |&generator| {
        [Layout::Packed, Layout::CapturesOnly].map(|layout| Compiler::Snug(generator, layout))
    };
    generators.iter().flat_map(of_generator).collect()
}

/// Whether this run has it. LLVM's code is stock's but for layouts, and the twins have the same.
fn is_now(program: &Program, compiler: Compiler) -> bool {
    let only_checks = program.expectation.goal == Goal::Check;
    match compiler {
        _ if harness::long() => true,
        Compiler::Snug(Generator::Cranelift, Layout::Packed) => true,
        Compiler::Snug(Generator::Llvm, Layout::Packed) => only_checks,
        _ => false,
    }
}

/// The inner error says how Snug differs from stock; the outer one that the test itself is wrong.
fn compare_with_stock(
    tools: Tools,
    program: &Program,
    compiler: Compiler,
    stock: &Shared<Outcome>,
) -> Result<Result<()>> {
    let stock = stock.get(|| kept::by_stock(tools, program))?;
    if !program.directives.known_bug {
        program.check_expectation(stock)?;
    }
    let snug = program.outcome(tools, compiler, &Extra::default())?;
    Ok(compare::same_outcome(stock, &snug))
}

fn prints_layouts(program: &Program) -> bool {
    let flags = program.directives.compile_flags.join(" ");
    flags.contains("print-type-sizes")
}

/// A test per program that prints layouts, layout and generator.
fn printed_sizes(tools: Tools) -> Result<Vec<Trial>> {
    let root = tools.sources.join("tests/ui");
    let mut tests = Vec::new();
    for folder in ["print_type_sizes", "async-await"] {
        for program in corpus::programs(&root.join(folder))?.into_iter().filter(prints_layouts) {
            let stock = Shared::default();
            for compiler in Compiler::all_of_snug() {
                let name = corpus::name(&program, &root);
                let name = format!("printed sizes: {name} {compiler}");
                let (program, stock) = (program.clone(), Shared::clone(&stock));
                tests.push(harness::test(name, move || {
                    prints_as_expected(tools, &program, compiler, &stock)
                }));
            }
        }
    }
    Ok(tests)
}

/// A compiler prints what is blessed or, where there is no blessed file, what stock prints: of
/// programs without coroutines, and in layout `classic`.
fn prints_as_expected(
    tools: Tools,
    program: &Program,
    compiler: Compiler,
    stock: &Shared<Outcome>,
) -> Result<()> {
    let stock = stock.get(|| kept::by_stock(tools, program))?;
    program.check_expectation(stock)?;
    let snug = program.outcome(tools, compiler, &Extra::default())?;
    let blessed = blessed_path(program, compiler);
    // The twins lay out alike: they share the blessed files, and one of them writes them.
    let may_bless = matches!(compiler, Compiler::Snug(Generator::Llvm, _));
    let as_stock = snug.compilation.stdout == stock.compilation.stdout;
    if compare::blessing() && may_bless && as_stock {
        // There may have been no file, and the test fails below if one stays.
        let _ = std::fs::remove_file(&blessed);
    }
    if !blessed.exists() && (as_stock || !compare::blessing()) {
        return compare::same_outcome(stock, &snug);
    }
    program.check_expectation(&snug)?;
    // Coroutines are named after the place of their source.
    let sources = tools.sources.display().to_string();
    let printed = snug.compilation.stdout.replace(&sources, "$RUSTC");
    compare::as_blessed(&blessed, &printed, may_bless)
}

fn blessed_path(program: &Program, compiler: Compiler) -> PathBuf {
    let layout = match compiler {
        Compiler::Stock => Layout::Classic,
        Compiler::Snug(_, layout) => layout,
    };
    let stem = program.path.file_stem().unwrap_or_default().to_string_lossy();
    package().join(format!("ui/print_type_sizes/{stem}.{layout}.stdout"))
}
