//! Programs that must do what stock's do, compiled by both twins.
//!
//! The compilers must say the same as well, except that the Cranelift twin may leave a crate to LLVM: then a program
//! says which words its note has (`//@ note: words`), and without such a line there is no note.

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::compare;
use snug_tests::compiler::{Compiler, Generator};
use snug_tests::corpus;
use snug_tests::harness::{self, Shared, Tools};
use snug_tests::program::{Extra, Outcome, Program};
use snug_tests::toolchain::package;

use crate::sides::{TWINS, without_notes};

/// A test for each program and twin.
pub(crate) fn tests(tools: Tools) -> Result<Vec<Trial>> {
    let root = package().join("reports/run");
    let mut tests = Vec::new();
    for program in corpus::programs(&root)? {
        let stock: Shared<Outcome> = Shared::default();
        for twin in TWINS {
            let name = format!("reports: {} {twin}", corpus::name(&program, &root));
            let (program, stock) = (program.clone(), stock.clone());
            tests.push(harness::test(name, move || check(tools, &program, twin, &stock)));
        }
    }
    Ok(tests)
}

fn check(tools: Tools, program: &Program, twin: Compiler, stock: &Shared<Outcome>) -> Result<()> {
    let stock = stock.get(|| {
        let stock = program.outcome(tools, Compiler::Stock, &Extra::default())?;
        program.check_expectation(&stock)?;
        Ok(stock)
    })?;
    let mut snug = program.outcome(tools, twin, &Extra::default())?;
    let (rest, notes) = without_notes(&snug.compilation.stderr);
    snug.compilation.stderr = rest;
    compare::same_outcome(stock, &snug)?;
    let demanded: Vec<&str> = match twin {
        Compiler::Snug(Generator::Cranelift, _) => program.directives.own("note").collect(),
        _ => Vec::new(),
    };
    match demanded.iter().find(|words| !notes.contains(**words)) {
        Some(missing) => Err(format!("no note says `{missing}`, but: {notes}")),
        None if demanded.is_empty() && !notes.is_empty() => Err(format!("a note: {notes}")),
        None => Ok(()),
    }
}
