//! Whatever changes a layout makes Cargo and incremental compilation build anew; nothing else does.
//!
//! So no user of Cargo mixes layouts by accident: Snug's errors are for those who call rustc themselves,
//! or replace files behind Cargo's back.

mod backends;
mod fleet;
mod hosts;
mod incremental;
mod refusals;
mod shared;
mod variables;
mod versions;

use std::process::ExitCode;

use snug_tests::Result;
use snug_tests::compiler::Generator::{self, Cranelift, Llvm};
use snug_tests::harness;

use self::fleet::Suite;

/// A test with a generator.
type Check = fn(&Suite, Generator) -> Result<()>;

/// What code generators have a part in.
const WITH_BOTH: &[(&str, Check)] = &[
    ("sizes tell layouts", variables::sizes_tell_layouts),
    ("another layout: build and run", variables::build_and_run),
    ("another layout: test", variables::test),
    ("incremental: edits in a workspace", incremental::edits),
    ("incremental: one crate", |suite, generator| incremental::one_crate(suite.tools, generator)),
    ("incremental: upstream", |suite, generator| incremental::downstream(suite.tools, generator)),
    ("incremental: inlining", |suite, generator| incremental::inlining(suite.tools, generator)),
    ("refused: another layout", refusals::other_layout),
];

/// What either shows.
const WITH_ONE: &[(&str, Generator, Check)] = &[
    ("the twins", Llvm, |suite, _| backends::twins(suite)),
    ("another version: newer file", Llvm, |suite, _| versions::newer_file(suite)),
    ("another version: older files", Llvm, |suite, _| versions::older_files(suite)),
    ("another version: older file alone", Llvm, |suite, _| versions::older_file_alone(suite)),
    ("another layout: check", Cranelift, variables::check),
    ("another layout: in Cargo's configuration", Llvm, variables::configured),
    ("another report", Cranelift, variables::a_report),
    ("stock and Snug", Llvm, backends::stock),
    ("stock and Snug for a target", Cranelift, backends::stock_for_a_target),
    ("host crates without --target", Llvm, hosts::for_the_host),
    ("host crates with --target", Llvm, hosts::for_a_target),
    ("two workspaces, one target folder", Cranelift, shared::target_folder),
    ("refused: stock in between", Llvm, refusals::stock_in_between),
    ("refused: stock on top", Cranelift, refusals::stock_on_top),
    ("refused: doc tests of stock", Llvm, refusals::doc_tests_of_stock),
];

fn main() -> ExitCode {
    harness::main(|tools| {
        let suite: &Suite = Box::leak(Box::new(Suite::new(tools)));
        let test = |name: &str, generator, check: Check| {
            harness::test(format!("rebuilds: {name} ({generator})"), move || {
                check(suite, generator)
            })
        };
        let mut tests = Vec::new();
        for &(name, generator, check) in WITH_ONE {
            tests.push(test(name, generator, check));
        }
        for &(name, check) in WITH_BOTH {
            tests.extend(Generator::ALL.map(|generator| test(name, generator, check)));
        }
        Ok(tests)
    })
}
