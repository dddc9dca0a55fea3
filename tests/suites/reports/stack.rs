//! How much stack functions take: locals that never have storage together share it in the Cranelift twin (docs/stack-slots.md).

use std::collections::BTreeMap;

use snug_tests::Result;
use snug_tests::command;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::harness::Tools;
use snug_tests::workshop::{Workshop, contains_all, same};

use crate::Tests;
use crate::sides::workshop;

pub(crate) const SHORT: Tests = &[("frames", frames), ("switch", switch)];

const CRANELIFT: Compiler = Compiler::Snug(Generator::Cranelift, Layout::Packed);

/// What a frame has beside locals: registers, and what calls need.
const REST: u64 = 512;

/// No frame is larger than stock's, with and without debug information; where locals can share, each is about as large as what is
/// there at the same time.
fn frames(tools: Tools) -> Result<()> {
    let folder = workshop(tools, "stack")?;
    let stock = of(&folder, Compiler::Stock, "-Cdebuginfo=2", &[])?;
    for debuginfo in ["-Cdebuginfo=2", "-Cdebuginfo=0"] {
        let snug = of(&folder, CRANELIFT, debuginfo, &[])?;
        same("functions", snug.keys().collect::<Vec<_>>(), stock.keys().collect())?;
        let pages = |name: &str| match name {
            "a_hundred_arms" | "blocks" => 2,
            "handed_on" | "together" => 3,
            "destructors" => 4,
            _ => 6,
        };
        for (name, &bytes) in &snug {
            let most = stock[name].min(pages(name) * 4096 + REST);
            if bytes > most {
                return Err(format!(
                    "the frame of `{name}` has {bytes} bytes ({debuginfo}), and should have {most} at most; stock's has {}",
                    stock[name]
                ));
            }
        }
    }
    Ok(())
}

/// It can be turned off, the incremental cache notices it, and what is neither on nor off is refused.
fn switch(tools: Tools) -> Result<()> {
    let folder = workshop(tools, "stack")?;
    let with = |value| {
        let environment = [("SNUG_SHARE_STACK", value)];
        let frames = of(&folder, CRANELIFT, "-Cincremental=cache", &environment)?;
        Ok::<_, String>(frames["a_hundred_arms"] > 100 * 4096)
    };
    for (value, is_large) in [("on", false), ("off", true), ("on", false), ("", false)] {
        same(value, with(value)?, is_large)?;
    }
    let mut rustc = folder.rustc(CRANELIFT, "frames.rs");
    let refused = command::run(rustc.env("SNUG_SHARE_STACK", "share"))?.expect_failure("rustc")?;
    contains_all(
        &refused.stderr,
        &["unknown value `share`", "`SNUG_SHARE_STACK`: use `on` or `off`"],
    )
}

/// The frames of the functions in `frames.rs`, in bytes.
fn of(
    folder: &Workshop,
    compiler: Compiler,
    flag: &str,
    environment: &[(&str, &str)],
) -> Result<BTreeMap<String, u64>> {
    let mut rustc = folder.rustc(compiler, &format!("{flag} frames.rs"));
    command::run(rustc.envs(environment.iter().copied()))?.expect_success("rustc")?;
    let printed = folder.run("frames")?;
    let frames = printed.lines().filter_map(|line| {
        let (name, bytes) = line.split_once(' ')?;
        Some((name.to_owned(), bytes.parse().ok()?))
    });
    Ok(frames.collect())
}
