//! Line tables of the Cranelift twin: backtraces and breakpoints name the lines that stock's do.
//!
//! `run/backtraces.rs` prints where each of its frames is. Unoptimised, [`crate::run`] compares all of it. Here it is
//! compared optimised by Cranelift, which inlines nothing by itself, so frames stay those of stock's unoptimised program; and debuggers
//! are asked to stop at every line that stock's backtraces name.

use std::collections::{BTreeMap, BTreeSet};

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::compare;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::harness::{self, Tools};
use snug_tests::toolchain::package;
use snug_tests::workshop::{Workshop, same};

use crate::Tests;

pub(crate) const SHORT: Tests = &[
    ("backtraces of optimised code", optimised),
    ("backtraces with limited debug info", limited),
    ("backtraces of inlined code", inlined),
];

/// What needs gdb, ignored where it is missing.
pub(crate) fn with_gdb(tools: Tools) -> Trial {
    let test = harness::test("reports: lines: breakpoints at calls", move || breakpoints(tools));
    harness::needs("gdb", "gdb", test)
}

const CRANELIFT: Compiler = Compiler::Snug(Generator::Cranelift, Layout::Packed);
/// MIR inlining would take away frames, and checks of overflows are frames.
const UNINLINED: &str = "-g -Zmir-opt-level=0 -Coverflow-checks=on -Cdebug-assertions=on";

fn workshop(tools: Tools) -> Result<Workshop> {
    let workshop = Workshop::new(tools, &[])?;
    workshop.copy(&package().join("reports/run/backtraces.rs"), "backtraces.rs")?;
    Ok(workshop)
}

/// What the program prints, compiled so.
fn printed(workshop: &Workshop, compiler: Compiler, flags: &str) -> Result<String> {
    let program = if compiler == Compiler::Stock { "stock.exe" } else { "snug.exe" };
    workshop.compile(compiler, &format!("backtraces.rs --cap-lints=allow {flags} -o {program}"))?;
    workshop.run(program)
}

fn equal(what: &str, stock: &str, snug: &str) -> Result<()> {
    match compare::text_difference(stock, snug) {
        None => Ok(()),
        Some(difference) => Err(format!("{what}: {difference}")),
    }
}

fn optimised(tools: Tools) -> Result<()> {
    let workshop = workshop(tools)?;
    let stock = printed(&workshop, Compiler::Stock, UNINLINED)?;
    for level in ["1", "2", "3"] {
        let flags = format!("{UNINLINED} -Copt-level={level}");
        equal(&flags, &stock, &printed(&workshop, CRANELIFT, &flags)?)?;
    }
    Ok(())
}

fn limited(tools: Tools) -> Result<()> {
    let workshop = workshop(tools)?;
    let flags = "-Cdebuginfo=limited";
    let stock = printed(&workshop, Compiler::Stock, flags)?;
    equal(flags, &stock, &printed(&workshop, CRANELIFT, flags)?)
}

/// What `cargo snug` inlines, and much more of it, changes no frame.
fn inlined(tools: Tools) -> Result<()> {
    let workshop = workshop(tools)?;
    let stock = printed(&workshop, Compiler::Stock, "-g")?;
    for most in ["10", "100"] {
        let flags = format!(
            "-g -Zinline-mir=yes -Zinline-mir-threshold=0 -Zinline-mir-hint-threshold={most} \
             -Zinline-mir-forwarder-threshold={most}"
        );
        equal(&flags, &stock, &printed(&workshop, CRANELIFT, &flags)?)?;
    }
    Ok(())
}

fn breakpoints(tools: Tools) -> Result<()> {
    let workshop = workshop(tools)?;
    let stock = printed(&workshop, Compiler::Stock, "-g")?;
    printed(&workshop, CRANELIFT, "-g")?;
    let lines = lines_of_frames(&stock);
    if lines.len() < 150 {
        return Err(format!("only {} lines in backtraces:\n{stock}", lines.len()));
    }
    let stock = stops(&workshop, "stock.exe", &lines)?;
    let snug = stops(&workshop, "snug.exe", &lines)?;
    // What std's code is inlined for, such as `unwrap`, has no code at its own line in stock's program.
    let exact: Vec<u32> = lines.into_iter().filter(|line| stock.get(line) == Some(line)).collect();
    if exact.len() < 150 {
        return Err(format!("stock's program stops at only {} lines: {stock:?}", exact.len()));
    }
    exact.iter().try_for_each(|line| {
        same(&format!("a breakpoint at line {line}"), snug.get(line), Some(line))
    })
}

/// The lines in lines such as `    backtraces::main 782:5`.
fn lines_of_frames(printed: &str) -> BTreeSet<u32> {
    let positions = printed.lines().filter_map(|line| line.rsplit_once(' ').map(|(_, last)| last));
    let lines = positions.filter_map(|position| position.split_once(':')?.0.parse().ok());
    // Zero is what belongs to no line.
    lines.filter(|&line| line > 0).collect()
}

/// Where gdb stops for a breakpoint at each of these lines.
fn stops(workshop: &Workshop, program: &str, lines: &BTreeSet<u32>) -> Result<BTreeMap<u32, u32>> {
    let mut commands = "set breakpoint pending off\n".to_owned();
    for line in lines {
        commands += &format!("echo at {line}:\nbreak backtraces.rs:{line}\necho \\n\n");
    }
    workshop.write("commands", &commands)?;
    let output = workshop.tool("gdb", &format!("-batch -nx -x commands {program}"))?;
    let output = output.expect_success("gdb")?;
    let stop = |line: &str| {
        let (asked, answer) = line.strip_prefix("at ")?.split_once(':')?;
        // `file backtraces.rs, line 7.`, or `backtraces.rs:7. (2 locations)`.
        let (_, place) = answer.split_once("backtraces.rs")?;
        let digits = place.trim_start_matches(|c: char| !c.is_ascii_digit());
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        Some((asked.parse().ok()?, digits[..end].parse().ok()?))
    };
    Ok(output.stdout.lines().filter_map(stop).collect())
}
