//! Programs that say what they do, above all what they drop and when: compiled by Snug they must
//! say the same as compiled by stock rustc.
//!
//! Each program in `run/` is compiled with both generators, with the layouts `captures-only` and
//! `packed`, and by LLVM also optimised; `SNUG_LONG=1` adds the layout `classic`, more
//! optimisation levels and the programs' MIR unoptimised. The compilers' output is compared too,
//! so programs that do not compile, or not without a warning, belong here as well.
//!
//! Where stock itself is wrong, a program says so (`//@ own-output: reason`), and its output is
//! blessed in a file beside it (`SNUG_BLESS=1`).
//!
//! The MIR of every program is validated and linted (`-Zvalidate-mir -Zlint-mir`).

use std::collections::BTreeMap;
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

/// One way to compile all programs.
#[derive(Clone, Copy)]
struct Variant {
    name: &'static str,
    generator: Generator,
    layout: Layout,
    arguments: &'static [&'static str],
}

impl Variant {
    /// Whether a program can be compared under this variant.
    fn suits(&self, program: &Program) -> bool {
        // In layout `classic`, Snug is as wrong as stock.
        let as_wrong_as_stock =
            self.layout == Layout::Classic && program.directives.own("own-output").next().is_some();
        // With several threads, stock too gives its diagnostics in another order each time.
        let random_order = self.arguments == ["-Zthreads=8"]
            && (program.expectation.goal != Goal::Run || !program.expectation.success);
        !as_wrong_as_stock && !random_order
    }
}

const fn variant(
    name: &'static str,
    generator: Generator,
    layout: Layout,
    arguments: &'static [&'static str],
) -> Variant {
    Variant { name, generator, layout, arguments }
}

const VARIANTS: &[Variant] = &[
    variant("packed cranelift", Generator::Cranelift, Layout::Packed, &[]),
    variant("packed llvm", Generator::Llvm, Layout::Packed, &[]),
    variant("packed llvm optimised", Generator::Llvm, Layout::Packed, &["-Copt-level=3"]),
    variant("captures-only cranelift", Generator::Cranelift, Layout::CapturesOnly, &[]),
    variant("captures-only llvm", Generator::Llvm, Layout::CapturesOnly, &[]),
];

const LONG_VARIANTS: &[Variant] = &[
    variant("classic cranelift", Generator::Cranelift, Layout::Classic, &[]),
    variant("classic llvm", Generator::Llvm, Layout::Classic, &[]),
    variant(
        "captures-only llvm optimised",
        Generator::Llvm,
        Layout::CapturesOnly,
        &["-Copt-level=3"],
    ),
    variant(
        "packed llvm inlined",
        Generator::Llvm,
        Layout::Packed,
        &["-Zmir-opt-level=4", "-Zinline-mir"],
    ),
    variant("packed llvm plain MIR", Generator::Llvm, Layout::Packed, &["-Zmir-opt-level=0"]),
    variant("packed cranelift threads", Generator::Cranelift, Layout::Packed, &["-Zthreads=8"]),
];

fn main() -> ExitCode {
    harness::main(|tools| {
        let long = if harness::long() { LONG_VARIANTS } else { &[] };
        let root = package().join("run");
        let mut tests = Vec::new();
        for program in corpus::programs(&root)? {
            // One run of stock for each set of arguments.
            let mut stock: BTreeMap<_, Shared<Outcome>> = BTreeMap::new();
            for &variant in VARIANTS.iter().chain(long).filter(|variant| variant.suits(&program)) {
                let name = format!("{} {}", corpus::name(&program, &root), variant.name);
                let stock = stock.entry(variant.arguments).or_default().clone();
                tests.push(test(tools, name, program.clone(), variant, stock));
            }
        }
        Ok(tests)
    })
}

fn test(
    tools: Tools,
    name: String,
    program: Program,
    variant: Variant,
    stock: Shared<Outcome>,
) -> Trial {
    harness::test(name, move || {
        let compiler = Compiler::Snug(variant.generator, variant.layout);
        let snug = outcome(tools, &program, compiler, variant.arguments)?;
        if program.directives.own("own-output").next().is_some() {
            return as_blessed(&program, &snug);
        }
        let stock = stock.get(|| stock_outcome(tools, &program, variant.arguments))?;
        compare::same_outcome(stock, &snug)
    })
}

/// Compares a program's output with the blessed one.
fn as_blessed(program: &Program, snug: &Outcome) -> Result<()> {
    program.check_expectation(snug)?;
    let stdout = snug.run.as_ref().map_or("", |run| &run.stdout);
    compare::as_blessed(&program.path.with_extension("stdout"), stdout, true)
}

/// What stock does, if it is what the program's author expects.
fn stock_outcome(tools: Tools, program: &Program, arguments: &[&str]) -> Result<Outcome> {
    let stock = outcome(tools, program, Compiler::Stock, arguments)?;
    program.check_expectation(&stock)?;
    Ok(stock)
}

fn outcome(
    tools: Tools,
    program: &Program,
    compiler: Compiler,
    arguments: &[&str],
) -> Result<Outcome> {
    let arguments: Vec<&str> =
        ["-Zvalidate-mir", "-Zlint-mir"].into_iter().chain(arguments.iter().copied()).collect();
    program.outcome(tools, compiler, &Extra { arguments: &arguments, report: None })
}
