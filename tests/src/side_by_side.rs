//! The usual test: stock and Snug compile and run a program, and must agree.
//!
//! What a program does depends on flags in few cases: so Snug's outcome, with whatever flags and watched by whatever
//! checker, is compared with stock's plain one, which all tests of a program share. Only where it is another is
//! stock asked in just the same way, and that outcome counts.

use crate::Result;
use crate::checker::Findings;
use crate::compare;
use crate::compiler::Compiler;
use crate::harness::{Shared, Tools};
use crate::kept;
use crate::program::{Extra, Outcome, Program};

/// How a program is compiled and run, by both.
#[derive(Clone, Copy, Debug)]
pub struct SideBySide<'a> {
    /// What is called.
    pub tools: Tools,
    /// Snug's side.
    pub compiler: Compiler,
    /// Arguments, a checker.
    pub extra: &'a Extra<'a>,
    /// Whether what the program's author expects holds for programs that are compiled so. Where a panic
    /// ends the process, it need not.
    pub as_expected: bool,
}

impl SideBySide<'_> {
    /// Compares one program. `stock` is stock's plain outcome, shared by all tests of the program.
    ///
    /// Where stock is wrong (`//@ own-output`), Snug's output must be as blessed.
    pub fn compare(&self, program: &Program, stock: &Shared<Outcome>) -> Result<()> {
        if program.directives.own("own-output").next().is_some() {
            let snug = self.outcome(program, self.compiler)?;
            let stdout = snug.run.as_ref().map_or("", |run| &run.stdout);
            return compare::as_blessed(&program.path.with_extension("stdout"), stdout, true);
        }
        let plain = stock.get(|| {
            let plain = kept::by_stock(self.tools, program)?;
            program.check_expectation(&plain)?;
            Ok(plain)
        })?;
        let snug = self.outcome(program, self.compiler)?;
        self.agree(program, plain, &snug).or_else(|_| {
            let exact = self.outcome(program, Compiler::Stock)?;
            self.agree(program, &exact, &snug)
        })
    }

    fn agree(&self, program: &Program, stock: &Outcome, snug: &Outcome) -> Result<()> {
        compare::same_outcome(stock, snug)?;
        if self.optimises(program) { Ok(()) } else { same_leaks(stock, snug) }
    }

    /// Whether LLVM takes out allocations that nobody frees.
    fn optimises(&self, program: &Program) -> bool {
        let own = program.directives.compile_flags.iter().map(String::as_str);
        let mut flags = own.chain(self.extra.arguments.iter().copied());
        flags.any(|flag| flag == "-O" || flag.starts_with("-Copt-level"))
    }

    /// What comes out of one compiler, if a checker has nothing to say against it.
    fn outcome(&self, program: &Program, compiler: Compiler) -> Result<Outcome> {
        let outcome = program.outcome(self.tools, compiler, self.extra)?;
        if !outcome.findings.errors.is_empty() {
            return Err(format!(
                "{compiler}: the checker has found errors: {}",
                outcome.describe()
            ));
        }
        // Snug's outcome is compared with stock's, unless stock is wrong.
        let alone = program.directives.own("own-output").next().is_some();
        if self.as_expected && (alone || compiler == Compiler::Stock) {
            program.check_expectation(&outcome)?;
        }
        Ok(outcome)
    }
}

/// Some programs leak on purpose: then as many blocks as with stock.
fn same_leaks(stock: &Outcome, snug: &Outcome) -> Result<()> {
    let [stock, leaked] =
        [stock, snug].map(|Outcome { findings: Findings { leaked, .. }, .. }| leaked);
    if stock == leaked {
        return Ok(());
    }
    Err(format!("stock's program leaks {stock} blocks, Snug's {leaked}: {}", snug.describe()))
}
