//! How much stack it takes to poll a future.
//!
//! The programs in `frames/` make futures with parts of 1 MiB on the heap and poll them on a stack
//! of 384 KiB, each case in a process of its own, because one that needs more dies. They are debug
//! builds: that is where values travel through the stack. Each `//@ case: NAME WHAT` says what is
//! demanded of both twins:
//!
//! * `across`: the large value lives across an await, so polling needs no room for it, even where
//!   stock needs it;
//! * `as-stock`: polling survives at least where it does with stock;
//! * `overflows`: nothing survives this. It shows that the stack is as small as it is meant to be.
//!
//! Dropping the future after its first poll (`.. cancelled`) survives where it does with stock. Whatever
//! survives prints what stock prints when it has room.

use std::process::{Command, ExitCode};
use std::sync::Arc;

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::command::{self, Finished};
use snug_tests::compiler::{Compiler, Generator, Layout, clean_environment};
use snug_tests::corpus;
use snug_tests::harness::{self, Shared, Tools};
use snug_tests::program::Program;
use snug_tests::toolchain::package;
use snug_tests::workshop::Workshop;

fn main() -> ExitCode {
    harness::main(|tools| {
        let root = package().join("frames");
        let mut tests = Vec::new();
        for program in corpus::programs(&root)? {
            let name = corpus::name(&program, &root);
            let cases = cases(&program)?;
            let builds = Arc::new(Builds { tools, program, folders: Default::default() });
            for case in cases {
                tests.extend(tests_of(&name, &builds, &case));
            }
        }
        Ok(tests)
    })
}

/// What is demanded of a case.
#[derive(Clone, Copy, PartialEq)]
enum Demand {
    Across,
    AsStock,
    Overflows,
}

#[derive(Clone)]
struct Case {
    name: String,
    demand: Demand,
}

fn cases(program: &Program) -> Result<Vec<Case>> {
    let cases = program.directives.own("case").map(|line| {
        let (name, demand) = line.split_once(' ').unwrap_or((line, ""));
        let demand = match demand {
            "across" => Demand::Across,
            "as-stock" => Demand::AsStock,
            "overflows" => Demand::Overflows,
            _ => return Err(format!("`case: {line}` is not `NAME across|as-stock|overflows`")),
        };
        Ok(Case { name: name.to_owned(), demand })
    });
    let cases: Result<Vec<Case>> = cases.collect();
    match cases {
        Ok(cases) if cases.is_empty() => {
            Err(format!("{} has no `//@ case:` lines", program.path.display()))
        }
        cases => cases,
    }
}

/// A test per twin and end.
fn tests_of(program: &str, builds: &Arc<Builds>, case: &Case) -> Vec<Trial> {
    // Stock's runs are the same for both twins.
    let stock: [Shared<Stock>; 2] = Default::default();
    let mut tests = Vec::new();
    for generator in Generator::ALL {
        for (end, stock) in [End::Finished, End::Cancelled].into_iter().zip(&stock) {
            // Where its frame is too large, the first poll does not come to an end.
            if case.demand == Demand::Overflows && end == End::Cancelled {
                continue;
            }
            let name = match end {
                End::Finished => format!("frames: {program} {} {generator}", case.name),
                End::Cancelled => format!("frames: {program} {} {generator} cancelled", case.name),
            };
            let (builds, case, stock) = (builds.clone(), case.clone(), stock.clone());
            tests.push(harness::test(name, move || {
                let stock = stock.get(|| Stock::run(&builds, &case.name, end))?;
                let twin = Compiler::Snug(generator, Layout::Packed);
                check(&case, end, stock, &builds.run(twin, &case.name, Stack::Small, end)?)
            }));
        }
    }
    tests
}

/// What becomes of a future.
#[derive(Clone, Copy, PartialEq)]
enum End {
    /// It is polled until it is ready.
    Finished,
    /// It is dropped after its first poll.
    Cancelled,
}

/// The stack on which a future is polled.
#[derive(Clone, Copy)]
enum Stack {
    Small,
    Roomy,
}

/// What stock does with a case.
struct Stock {
    /// With enough stack.
    roomy: Finished,
    small: Finished,
}

impl Stock {
    fn run(builds: &Builds, case: &str, end: End) -> Result<Stock> {
        let roomy = builds.run(Compiler::Stock, case, Stack::Roomy, end)?;
        let roomy = roomy.expect_success("stock, on a large stack,")?;
        let small = builds.run(Compiler::Stock, case, Stack::Small, end)?;
        Ok(Stock { roomy, small })
    }
}

fn check(case: &Case, end: End, stock: &Stock, snug: &Finished) -> Result<()> {
    let stock_survives = survives(&stock.small, stock)?;
    let snug_survives = survives(snug, stock)?;
    if case.demand == Demand::Overflows {
        return match (stock_survives, snug_survives) {
            (false, false) => Ok(()),
            _ => Err("survived on a stack that should have been too small".to_owned()),
        };
    }
    let demanded = stock_survives || (case.demand == Demand::Across && end == End::Finished);
    if demanded && !snug_survives {
        let stock = if stock_survives { "survives" } else { "overflows too" };
        return Err(format!("the stack overflowed; stock {stock}: {}", snug.describe()));
    }
    Ok(())
}

/// Whether a process had enough stack; an error if it did something else than stock with enough.
fn survives(run: &Finished, stock: &Stock) -> Result<bool> {
    // Rust's handler for the guard page says so and aborts.
    if !run.success && run.stderr.contains("has overflowed its stack") {
        return Ok(false);
    }
    if run.success && run.stdout == stock.roomy.stdout {
        return Ok(true);
    }
    let (run, stock) = (run.describe(), stock.roomy.describe());
    Err(format!(
        "neither an overflow nor what stock does:\n{run}\nstock, with enough stack:\n{stock}"
    ))
}

/// A program, compiled once by every compiler that is asked for.
struct Builds {
    tools: Tools,
    program: Program,
    folders: [Shared<Workshop>; 3],
}

impl Builds {
    fn run(&self, compiler: Compiler, case: &str, stack: Stack, end: End) -> Result<Finished> {
        let at = match compiler {
            Compiler::Stock => 0,
            Compiler::Snug(Generator::Cranelift, _) => 1,
            Compiler::Snug(Generator::Llvm, _) => 2,
        };
        let folder = self.folders[at].get(|| self.build(compiler))?;
        let mut command = Command::new(folder.path("program"));
        clean_environment(&mut command);
        let stack = match stack {
            Stack::Small => "small",
            Stack::Roomy => "roomy",
        };
        let end = match end {
            End::Finished => "finished",
            End::Cancelled => "cancelled",
        };
        command.current_dir(folder.path(".")).args([case, stack, end]);
        command::run_within(&mut command, command::PROGRAM_LIMIT)
    }

    /// The settings of Cargo's profile `dev`.
    fn build(&self, compiler: Compiler) -> Result<Workshop> {
        let folder = Workshop::new(self.tools, &[])?;
        let mut command = folder.rustc(compiler, "-Copt-level=0 -Cdebuginfo=2 -o program");
        command.arg(&self.program.path);
        command::run(&mut command)?.expect_success(&format!("the compilation ({compiler})"))?;
        Ok(folder)
    }
}
