//! Debug info (hazard 8): in every state of a coroutine, debuggers see what is alive there, once,
//! and nothing else. This reads what the LLVM twin writes; [`crate::sessions`] compares what debuggers show of both.

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::debuginfo;
use snug_tests::harness::{self, Tools};
use snug_tests::workshop::{Workshop, same};

const PROGRAM: &str = "
use std::pin::pin;
use std::task::{Context, Poll, Waker};

async fn wait() {}

fn poll<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

pub fn captures(live: [u64; 4], dead: [u64; 5], never_saved: u32) {
    let future = async move {
        let first = dead[0] + never_saved as u64;
        wait().await;
        let second = live[1] + first;
        wait().await;
        second
    };
    let _ = poll(future);
}

pub async fn parameters(live: [u64; 4], dead: Vec<u8>) -> u64 {
    drop(dead);
    wait().await;
    live[2]
}

pub fn call() {
    captures([1; 4], [2; 5], 3);
    let _ = poll(parameters([1; 4], vec![]));
}
";

pub(crate) fn tests(tools: Tools) -> Vec<Trial> {
    let mut tests = Vec::new();
    for layout in Layout::ALL {
        for (name, check) in CHECKS {
            let name = format!("{name} {layout}");
            tests.push(harness::test(name, move || check(tools, layout)));
        }
    }
    tests
}

/// A function for every layout.
type Check = fn(Tools, Layout) -> Result<()>;

const CHECKS: &[(&str, Check)] =
    &[("captures", captures), ("parameters", parameters), ("offsets", offsets)];

fn ir(workshop: &Workshop, compiler: Compiler) -> Result<String> {
    workshop.compile(compiler, "program.rs --crate-type=lib -g --emit=llvm-ir -Zvalidate-mir")?;
    workshop.read("program.ll")
}

fn workshop(tools: Tools) -> Result<Workshop> {
    Workshop::new(tools, &[("program.rs", PROGRAM)])
}

/// The names that debuggers see in a state, sorted.
fn names(ir: &str, coroutine: &str, state: &str) -> Result<Vec<String>> {
    let states = debuginfo::states(ir, coroutine);
    let members = states.get(state);
    let members = members.ok_or_else(|| format!("no {state} of {coroutine} in {states:#?}"))?;
    let mut names: Vec<_> = members.iter().map(|(name, _)| name.clone()).collect();
    names.sort();
    Ok(names)
}

/// Snug shows these names in each state; in layout `classic`, those that stock shows.
fn check(tools: Tools, layout: Layout, coroutine: &str, wanted: &[(&str, &[&str])]) -> Result<()> {
    let workshop = workshop(tools)?;
    let stock = ir(&workshop, Compiler::Stock)?;
    let snug = ir(&workshop, Compiler::Snug(Generator::Llvm, layout))?;
    for (state, wanted) in wanted {
        let found = names(&snug, coroutine, state)?;
        match layout {
            Layout::Classic => same(state, found, names(&stock, coroutine, state)?)?,
            _ => same(state, found, wanted.iter().map(|name| name.to_string()).collect())?,
        }
    }
    Ok(())
}

fn captures(tools: Tools, layout: Layout) -> Result<()> {
    check(
        tools,
        layout,
        "{async_block_env#0}",
        &[
            ("Unresumed", &["dead", "live", "never_saved"]),
            ("Suspend0", &["first", "live"]),
            ("Suspend1", &["second"]),
            ("Returned", &[]),
            ("Panicked", &[]),
        ],
    )
}

fn parameters(tools: Tools, layout: Layout) -> Result<()> {
    check(
        tools,
        layout,
        "{async_fn_env#0}",
        &[
            ("Unresumed", &["dead", "live"]),
            ("Suspend0", &["live"]),
            ("Returned", &[]),
            ("Panicked", &[]),
        ],
    )
}

/// A capture that stays alive stays where it is.
fn offsets(tools: Tools, layout: Layout) -> Result<()> {
    let ir = ir(&workshop(tools)?, Compiler::Snug(Generator::Llvm, layout))?;
    let states = debuginfo::states(&ir, "{async_block_env#0}");
    let offset = |state: &str, name: &str| {
        let members = states.get(state).ok_or_else(|| format!("there is no {state}"))?;
        let found = members.iter().find(|(member, _)| member == name);
        found.map(|(_, offset)| *offset).ok_or_else(|| format!("no `{name}` in {members:?}"))
    };
    same("live", offset("Unresumed", "live")?, offset("Suspend0", "live")?)?;
    let (live, dead) = (offset("Unresumed", "live")?, offset("Unresumed", "dead")?);
    if live + 32 > dead && dead + 40 > live {
        return Err(format!("`live` at {live} overlaps `dead` at {dead}"));
    }
    Ok(())
}
