//! Programs that say what they do, above all what they drop and when: compiled by Snug they must
//! say the same as compiled by stock rustc.
//!
//! Each program in `run/` is compiled with both generators, with the layout `packed`, and by LLVM also optimised;
//! `SNUG_LONG=1` adds the layouts `classic` and `captures-only` (which `sizes` and `fuzz` have in every run). The compilers' output is
//! compared too, so programs that do not compile, or not without a warning, belong here as well. The
//! suite `checkers` compiles the same programs with more flags and watches them while they run.
//!
//! Where stock itself is wrong, a program says so (`//@ own-output: reason`), and its output is
//! blessed in a file beside it (`SNUG_BLESS=1`).
//!
//! The MIR of every program is validated and linted (`-Zvalidate-mir -Zlint-mir`).

use std::process::ExitCode;

use libtest_mimic::Trial;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::corpus;
use snug_tests::harness::{self, Shared, Tools};
use snug_tests::program::{Extra, Outcome, Program};
use snug_tests::side_by_side::SideBySide;
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
        self.layout != Layout::Classic || program.directives.own("own-output").next().is_none()
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

/// One codegen unit takes three quarters of the time of several, and is optimised as a whole.
const OPTIMISED: &[&str] = &["-Copt-level=3", "-Ccodegen-units=1"];

const VARIANTS: &[Variant] = &[
    variant("packed cranelift", Generator::Cranelift, Layout::Packed, &[]),
    variant("packed llvm", Generator::Llvm, Layout::Packed, &[]),
    variant("packed llvm optimised", Generator::Llvm, Layout::Packed, OPTIMISED),
];

const LONG_VARIANTS: &[Variant] = &[
    variant("captures-only llvm", Generator::Llvm, Layout::CapturesOnly, &[]),
    variant("classic cranelift", Generator::Cranelift, Layout::Classic, &[]),
    variant("classic llvm", Generator::Llvm, Layout::Classic, &[]),
    variant("captures-only cranelift", Generator::Cranelift, Layout::CapturesOnly, &[]),
    variant("captures-only llvm optimised", Generator::Llvm, Layout::CapturesOnly, OPTIMISED),
];

fn main() -> ExitCode {
    harness::main(|tools| {
        let long = if harness::long() { LONG_VARIANTS } else { &[] };
        let root = package().join("run");
        let mut tests = Vec::new();
        for program in corpus::programs(&root)? {
            let stock: Shared<Outcome> = Shared::default();
            for &variant in VARIANTS.iter().chain(long).filter(|variant| variant.suits(&program)) {
                let name = format!("{} {}", corpus::name(&program, &root), variant.name);
                tests.push(test(tools, name, program.clone(), variant, stock.clone()));
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
        let arguments = [&["-Zvalidate-mir", "-Zlint-mir"], variant.arguments].concat();
        let extra = Extra { arguments: &arguments, ..Extra::default() };
        SideBySide { tools, compiler, extra: &extra, as_expected: true }.compare(&program, &stock)
    })
}
