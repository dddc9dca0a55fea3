//! `cargo snug`: what users of plain stable Rust get, without flags.
//!
//! Everything that stock cargo does with a workspace, `cargo snug` does with the same result, in a
//! folder of its own, with smaller futures.

mod choices;
mod clippy;
mod commands;
mod embassy;
mod errors;
mod fallback;
mod firmware;
mod internal_errors;
mod linking;
mod plainness;
mod probes;
mod profiles;
mod programs;
mod ram;
mod rebuilds;
mod sameness;
mod sccache;
mod sccache_server;
mod shells;
mod stack;
mod targets;
mod wrappers;

use std::process::ExitCode;

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::harness::{self, Tools};

type Check = fn(Tools) -> Result<()>;

const TESTS: &[(&str, Check)] = &[
    ("profiles choose backends", choices::by_profile),
    ("mixed: Cranelift for the workspace, LLVM for others", choices::mixed),
    ("bash completes", shells::in_bash),
    ("the manual", shells::manual),
    ("editors", shells::of_editors),
    ("profiles in cargo's configuration", profiles::in_configuration),
    ("profiles of commands", profiles::of_commands),
    ("an option chooses the backend", choices::by_option),
    ("Cargo.toml chooses backends", choices::by_manifest),
    ("one package with LLVM", choices::one_package),
    ("layouts", choices::layouts),
    ("coalescing", choices::coalescing),
    ("inlining", choices::inlining),
    ("stacks as painted", stack::as_painted),
    ("stacks for people", stack::for_people),
    ("RAM as printed", ram::as_printed),
    ("RAM: errors", ram::errors),
    ("a trace", choices::trace),
    ("a report", choices::report),
    ("reports of several builds", choices::reports),
    ("folders of its own", commands::own_folders),
    ("tests of all kinds", commands::tests),
    ("check, doc, clippy", commands::others),
    ("exit statuses", commands::exit_statuses),
    ("linked into everything", linking::crate_types),
    ("RUSTFLAGS and --target", commands::flags),
    ("inline assembly", commands::inline_assembly),
    ("crates that need LLVM", fallback::crates),
    ("edits that need LLVM", fallback::edits),
    ("optimised edits that need LLVM", fallback::optimised),
    ("processors", fallback::processors),
    ("coverage and assembly", fallback::sessions),
    ("targets of LLVM's", fallback::targets),
    ("arguments of programs", programs::arguments),
    ("environment of programs", programs::environment),
    ("signals", programs::signals),
    ("cargo's output", sameness::output),
    ("cargo's output on a terminal", sameness::terminal),
    ("help", sameness::help),
    ("compiled again when needed", rebuilds::back_and_forth),
    ("compiled again by another Snug", rebuilds::another_snug),
    ("wrappers are called", wrappers::called),
    ("clippy as a wrapper", wrappers::clippy),
    ("clippy sees what is built", clippy::sizes),
    ("clippy is stock's otherwise", clippy::plainness),
    ("another rustc in the configuration", wrappers::replaced),
    ("folders that users want", wrappers::folders),
    ("cargo install", wrappers::install),
    ("commands of others", wrappers::subcommands),
    ("features are refused", plainness::features),
    ("build scripts see a stable compiler", plainness::probes),
    ("build scripts of crates find the same", probes::registry),
    ("rustc's answers", plainness::answers),
    ("rustc's version", plainness::verbose_version),
    ("nothing of Snug's in the environment", plainness::environment),
    ("snug-rustc by hand", plainness::by_hand),
    ("another toolchain", errors::other_toolchain),
    ("missing files", errors::missing_files),
    ("wrong options", errors::wrong_options),
    ("crashes of the compiler", errors::crashes),
    ("internal compiler errors", internal_errors::internal_errors),
    ("targets that are missing", targets::missing),
    ("flags that are hidden", targets::hidden_flags),
    ("flags by hand", targets::by_hand),
    ("paths that are no text", errors::odd_paths),
    ("doctor", errors::doctor),
    ("versions", errors::versions),
];

/// Only with `SNUG_LONG=1`: sccache takes minutes to compile.
const LONG_TESTS: &[(&str, Check)] = &[
    ("sccache: the same folder", sccache::same_folder),
    ("sccache: another folder", sccache::other_folder),
    ("sccache: layouts", sccache::layouts),
    ("sccache: backends", sccache::backends),
    ("sccache: another build of Snug", sccache::other_build),
    ("sccache: the same build elsewhere", sccache::same_build_elsewhere),
    ("sccache: stock", sccache::stock),
    ("sccache: a report", sccache::report),
    ("sccache: doctor", sccache::doctor),
];

fn main() -> ExitCode {
    harness::main(|tools| {
        let test = |&(name, check): &(&str, Check)| -> Trial {
            harness::test(format!("stable: {name}"), move || check(tools))
        };
        let long = if harness::long() { LONG_TESTS } else { &[] };
        let mut tests: Vec<Trial> = TESTS.iter().chain(long).map(test).collect();
        let has_target = tools.rustc.with_file_name("../lib/rustlib").join(ram::TARGET).exists();
        let hint = format!("`rustup target add {}`", ram::TARGET);
        let mut ignorable = |name: &str, check: Check, lacks: Option<&str>| {
            let hint = lacks.map(|hint| format!(" ({hint})")).unwrap_or_default();
            let test = harness::test(format!("stable: {name}{hint}"), move || check(tools));
            tests.push(test.with_ignored_flag(lacks.is_some()));
        };
        ignorable("RAM of a firmware", ram::of_firmware, (!has_target).then_some(hint.as_str()));
        ignorable("firmware in QEMU", embassy::as_stock, embassy::lacks(tools)?.as_deref());
        Ok(tests)
    })
}
