//! The corpus under checkers: the same programs with other flags, and watched while they run.
//!
//! | checks | what they would find | of |
//! |---|---|---|
//! | flags (`checks.rs`) | MIR that other passes cannot live with; code that is right by luck | all programs |
//! | sanitizers, memcheck (`checks.rs`) | accesses to what is dead, leaks, races, decisions by garbage | programs that run |
//! | poison (`poisoned.rs`) | places that the layout believes to be dead, and the code does not | programs that run |
//! | edits (`edits.rs`) | incremental sessions that keep too much | programs that run |
//!
//! Programs: `run/`, and with `SNUG_LONG=1` also those of `sizes/` and `codegen/` and rustc's own
//! (`tests/ui`: coroutines, async, drop). A short selection of checks is made in every run, all of them with
//! `SNUG_LONG=1`: see docs/testing.md.
//!
//! What a checker finds, or what is not as with stock, is asked of stock in just the same way: else it is the program's
//! fault (`side_by_side.rs`).

mod checks;
mod edits;
mod instrumented;
mod poisoned;
mod programs;

use std::process::ExitCode;

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::checker::{self, Checker};
use snug_tests::compiler::{Compiler, Layout};
use snug_tests::harness::{self, Shared, Tools};
use snug_tests::program::{Extra, Outcome};
use snug_tests::side_by_side::SideBySide;

use checks::{CHECKS, Check};
use instrumented::Instrumented;
use programs::Listed;

fn main() -> ExitCode {
    harness::main(|tools| {
        let programs = programs::list(tools)?;
        let mut tests = Vec::new();
        for listed in &programs {
            tests.extend(checks_of(tools, listed));
        }
        tests.extend(edits::tests(tools, &programs)?);
        tests.push(harness::test("checkers: poison is seen", move || poisoned::is_seen(tools)));
        if harness::long() {
            let is_seen = move || poisoned::is_seen_in_slots(tools);
            tests.push(harness::test("checkers: poison is seen in stack slots", is_seen));
        }
        Ok(tests)
    })
}

/// The standard libraries that saw a sanitizer, shared by all tests.
static INSTRUMENTED: Instrumented = Instrumented::new();

fn checks_of(tools: Tools, listed: &Listed) -> Vec<Trial> {
    let stock: Shared<Outcome> = Shared::default();
    let checks = CHECKS.iter().filter(|check| check.is_now(listed) && check.suits(listed));
    checks
        .map(|check| {
            let stock = stock.clone();
            let ignored = check.checker == Checker::Memcheck && !has_valgrind();
            let program = listed.program.clone();
            harness::test(format!("checkers: {} {}", listed.name, check.name), move || {
                run(tools, check, &program, &stock)
            })
            .with_ignored_flag(ignored)
        })
        .collect()
}

fn run(
    tools: Tools,
    check: &Check,
    program: &snug_tests::program::Program,
    stock: &Shared<Outcome>,
) -> Result<()> {
    let mut arguments = vec!["-Zvalidate-mir", "-Zlint-mir"];
    arguments.extend(check.checker.arguments().iter().chain(check.arguments));
    let sysroot = INSTRUMENTED.argument(tools, check.checker)?;
    arguments.extend(sysroot.as_deref());
    let (tools, environment) = match check.poisons {
        false => (tools, &[][..]),
        true => (poisoned::tools(tools)?, poisoned::ENVIRONMENT),
    };
    let checker = check.checker;
    let extra = Extra { arguments: &arguments, environment, checker, ..Extra::default() };
    let compiler = Compiler::Snug(check.generator, Layout::Packed);
    let as_expected = !check.aborts();
    SideBySide { tools, compiler, extra: &extra, as_expected }.compare(program, stock)
}

/// Whether memcheck can run; says once what to do if not.
fn has_valgrind() -> bool {
    static FOUND: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    *FOUND.get_or_init(|| {
        let found = checker::has_valgrind();
        if !found {
            eprintln!("valgrind is missing: its tests are ignored. Install the package `valgrind`");
        }
        found
    })
}
