//! `cargo snug`: what users of plain stable Rust get, without flags.
//!
//! Everything that stock cargo does with a workspace, `cargo snug` does with the same result, in a
//! folder of its own, with smaller futures.

mod choices;
mod commands;
mod errors;
mod fallback;
mod plainness;
mod user;

use std::process::ExitCode;

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::harness::{self, Tools};

type Check = fn(Tools) -> Result<()>;

const TESTS: &[(&str, Check)] = &[
    ("profiles choose backends", choices::by_profile),
    ("an option chooses the backend", choices::by_option),
    ("Cargo.toml chooses backends", choices::by_manifest),
    ("one package with LLVM", choices::one_package),
    ("layouts", choices::layouts),
    ("a report", choices::report),
    ("folders of its own", commands::own_folders),
    ("tests of all kinds", commands::tests),
    ("check, doc, clippy", commands::others),
    ("exit statuses", commands::exit_statuses),
    ("linked into everything", commands::crate_types),
    ("RUSTFLAGS and --target", commands::flags),
    ("inline assembly", commands::inline_assembly),
    ("crates that need LLVM", fallback::crates),
    ("edits that need LLVM", fallback::edits),
    ("optimised edits that need LLVM", fallback::optimised),
    ("processors", fallback::processors),
    ("coverage and assembly", fallback::sessions),
    ("targets of LLVM's", fallback::targets),
    ("features are refused", plainness::features),
    ("build scripts see a stable compiler", plainness::probes),
    ("nothing of Snug's in the environment", plainness::environment),
    ("snug-rustc by hand", plainness::by_hand),
    ("another toolchain", errors::other_toolchain),
    ("missing files", errors::missing_files),
    ("wrong options", errors::wrong_options),
    ("doctor", errors::doctor),
    ("versions", errors::versions),
];

fn main() -> ExitCode {
    harness::main(|tools| {
        let test = |&(name, check): &(&str, Check)| -> Trial {
            harness::test(format!("stable: {name}"), move || check(tools))
        };
        Ok(TESTS.iter().map(test).collect())
    })
}
