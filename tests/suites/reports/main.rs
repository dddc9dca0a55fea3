//! What users of Snug have reported, or what they would report: each as a test.
//!
//! `reports/run/` has programs that Snug must compile to what stock compiles them to ([`run`]). What takes
//! more than one compilation, or a linker, is in a module for each theme, with its inputs in a folder of the same name.
//! [`registry`] is about crates of the registry.

mod lines;
mod no_std;
mod options;
mod registry;
mod run;
mod sides;
mod stack;
mod statics;
mod symbols;

use std::process::ExitCode;

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::harness::{self, Tools};

type Check = fn(Tools) -> Result<()>;

/// The tests of a theme, by name.
type Tests = &'static [(&'static str, Check)];

/// All themes; the second ones are part of the long run alone.
const THEMES: &[(&str, Tests, Tests)] = &[
    ("lines", lines::SHORT, &[]),
    ("no_std", no_std::SHORT, &[]),
    ("options", options::SHORT, &[]),
    ("stack", stack::SHORT, &[]),
    ("statics", statics::SHORT, &[]),
    ("symbols", symbols::SHORT, &[]),
];

fn main() -> ExitCode {
    harness::main(|tools| {
        let mut tests = run::tests(tools)?;
        tests.push(lines::with_gdb(tools));
        if harness::long() {
            tests.extend(registry::tests(tools)?);
        }
        for &(theme, short, long) in THEMES {
            let long = if harness::long() { long } else { &[] };
            tests.extend(short.iter().chain(long).map(|&(name, check)| -> Trial {
                harness::test(format!("reports: {theme}: {name}"), move || check(tools))
            }));
        }
        Ok(tests)
    })
}
