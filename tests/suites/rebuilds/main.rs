//! Whatever changes a layout makes Cargo and incremental compilation build anew; nothing else does.
//!
//! So no user mixes layouts by accident: the errors that `cli` and `mixing` test are for those who call
//! rustc themselves, or replace files behind Cargo's back.

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
use snug_tests::compiler::Generator;
use snug_tests::harness;

use self::fleet::Suite;

/// A function for every generator.
type Check = fn(&Suite, Generator) -> Result<()>;

const CHECKS: &[(&str, Check)] = &[
    ("sizes tell layouts", variables::sizes_tell_layouts),
    ("another layout: build and run", variables::build_and_run),
    ("another layout: test", variables::test),
    ("another layout: check", variables::check),
    ("another layout: in Cargo's configuration", variables::configured),
    ("another report", variables::a_report),
    ("stock and Snug", backends::stock),
    ("stock and Snug for a target", backends::stock_for_a_target),
    ("host crates without --target", hosts::for_the_host),
    ("host crates with --target", hosts::for_a_target),
    ("two workspaces, one target folder", shared::target_folder),
    ("incremental: edits in a workspace", incremental::edits),
    ("incremental: one crate", |suite, generator| incremental::one_crate(suite.tools, generator)),
    ("incremental: upstream", |suite, generator| incremental::downstream(suite.tools, generator)),
    ("incremental: inlining", |suite, generator| incremental::inlining(suite.tools, generator)),
    ("refused: another layout", refusals::other_layout),
    ("refused: stock in between", refusals::stock_in_between),
    ("refused: stock on top", refusals::stock_on_top),
    ("refused: doc tests of stock", refusals::doc_tests_of_stock),
];

/// What there is to test once.
type Once = fn(&Suite) -> Result<()>;

const ONCE: &[(&str, Once)] = &[
    ("the twins", backends::twins),
    ("another version: newer file", versions::newer_file),
    ("another version: older files", versions::older_files),
    ("another version: older file alone", versions::older_file_alone),
];

fn main() -> ExitCode {
    harness::main(|tools| {
        let suite: &Suite = Box::leak(Box::new(Suite::new(tools)));
        let mut tests = Vec::new();
        for (name, check) in ONCE {
            tests.push(harness::test(format!("rebuilds: {name}"), move || check(suite)));
        }
        for generator in Generator::ALL {
            for (name, check) in CHECKS {
                let name = format!("rebuilds: {name} ({generator})");
                tests.push(harness::test(name, move || check(suite, generator)));
            }
        }
        Ok(tests)
    })
}
