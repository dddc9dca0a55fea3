//! `y test`: runs all suites, one after the other, and says how each came out.
//!
//! A suite is a function that returns how many tests passed and failed. All suites run, also after
//! one has failed; what failed is said once more at the end, where whoever reads a log looks first.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::build;
use crate::cargo::clean_command;
use crate::config::Config;
use crate::prepare::Prepared;
use crate::ui::Ui;

/// Options of `y test`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Also run the tests that take long
    #[arg(long)]
    pub long: bool,
    /// Run only the tests whose name contains this
    pub filter: Option<String>,
}

/// Lines of what one test says of its failure that are said once more.
const REPEATED: usize = 40;

/// How a suite came out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Tests that passed.
    pub passed: usize,
    /// Tests that failed.
    pub failed: usize,
    /// What each of them said, below a line with its name.
    pub failures: Vec<String>,
}

/// Runs a suite.
type Suite = fn(&Config, &Prepared, &Options) -> Result<Outcome>;

/// All suites: name and function.
const SUITES: [(&str, Suite); 7] = [
    ("unit tests of the build tool", build_system),
    ("tests of packing", packing),
    ("tests of slots", slots),
    ("unit tests of cargo snug", driver),
    ("unit tests of cargo snug sizes", sizes),
    ("tests of cargo snug stack", stack),
    ("rustc and Snug side by side", backend),
];

/// Runs all suites.
pub fn run(config: &Config, ui: &Ui, prepared: &Prepared, options: &Options) -> Result<()> {
    let mut total = Outcome::default();
    for (name, suite) in SUITES {
        let outcome = ui.step(name, |_| suite(config, prepared, options))?;
        println!("{name}: {} passed, {} failed", outcome.passed, outcome.failed);
        total.passed += outcome.passed;
        total.failed += outcome.failed;
        total.failures.extend(outcome.failures);
    }
    for failure in &total.failures {
        println!("\n{}", shortened(failure));
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed > 0 {
        bail!("{} tests failed: see above", total.failed);
    }
    Ok(())
}

/// The beginning of a text, and how much there is of it.
fn shortened(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let left = lines.len().saturating_sub(REPEATED);
    lines.truncate(REPEATED);
    let rest = if left > 0 { format!("\n[{left} lines more: see above]") } else { String::new() };
    lines.join("\n") + &rest
}

fn build_system(config: &Config, prepared: &Prepared, options: &Options) -> Result<Outcome> {
    cargo_test(config, prepared, &config.in_root("build_system"), "build/y", &[], options)
}

fn packing(config: &Config, prepared: &Prepared, options: &Options) -> Result<Outcome> {
    cargo_test(config, prepared, &config.in_root("packing"), "build/tests", &[], options)
}

fn slots(config: &Config, prepared: &Prepared, options: &Options) -> Result<Outcome> {
    cargo_test(config, prepared, &config.in_root("slots"), "build/tests", &[], options)
}

fn stack(config: &Config, prepared: &Prepared, options: &Options) -> Result<Outcome> {
    cargo_test(config, prepared, &config.in_root("stack"), "build/tests", &[], options)
}

fn sizes(config: &Config, prepared: &Prepared, options: &Options) -> Result<Outcome> {
    cargo_test(config, prepared, &config.in_root("sizes"), "build/tests", &[], options)
}

fn backend(config: &Config, prepared: &Prepared, options: &Options) -> Result<Outcome> {
    cargo_test(config, prepared, &config.in_root("tests"), "build/tests", &[], options)
}

fn driver(config: &Config, prepared: &Prepared, options: &Options) -> Result<Outcome> {
    // All but the executable that is linked with rustc itself.
    let targets = ["--lib", "--bin", "cargo-snug"];
    cargo_test(config, prepared, &config.in_root("driver"), "build/tests", &targets, options)
}

/// Runs `cargo test` in a crate that needs nothing but stable Rust, and shows what it prints as it
/// prints it.
fn cargo_test(
    config: &Config,
    prepared: &Prepared,
    crate_folder: &Path,
    target: &str,
    targets: &[&str],
    options: &Options,
) -> Result<Outcome> {
    let mut command: Command = clean_command(&prepared.toolchain.cargo);
    command
        .args(["test", "--locked", "--no-fail-fast"])
        .args(targets)
        .args(&options.filter)
        .current_dir(crate_folder)
        .env("RUSTC", &prepared.toolchain.rustc)
        .envs(build::driver_variables(prepared))
        .env("CARGO_TARGET_DIR", config.in_root(target))
        .env_remove("CARGO_BUILD_BUILD_DIR")
        .envs(options.long.then_some(("SNUG_LONG", "1")))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit());
    let mut child = command.spawn().context("cargo could not be started")?;
    let mut text = String::new();
    for line in BufReader::new(child.stdout.take().expect("stdout is piped")).lines() {
        let line = line.context("what the tests print is not text")?;
        println!("{line}");
        text.push_str(&line);
        text.push('\n');
    }
    let status = child.wait()?;
    let outcome = Outcome { failures: failures(&text), ..totals(&text) };
    if !status.success() && outcome.failed == 0 {
        bail!(
            "`cargo test` failed in {} before it ran all tests: see above",
            crate_folder.display()
        );
    }
    Ok(outcome)
}

/// Adds up the lines `test result: ok. 12 passed; 0 failed; ..`.
fn totals(output: &str) -> Outcome {
    let mut total = Outcome::default();
    for line in output.lines().filter_map(|line| line.strip_prefix("test result: ")) {
        let count = |what: &str| {
            let words: Vec<&str> = line.split([' ', ';']).collect();
            words
                .iter()
                .position(|word| *word == what)
                .and_then(|at| words.get(at - 1)?.parse::<usize>().ok())
                .unwrap_or(0)
        };
        total.passed += count("passed");
        total.failed += count("failed");
    }
    total
}

/// What failed tests say: `cargo test` prints it below `---- name ----` or `---- name stdout ----`, up to the names
/// of all that failed.
fn failures(output: &str) -> Vec<String> {
    let is_name = |line: &str| line.starts_with("---- ") && line.ends_with(" ----");
    let mut failures: Vec<String> = Vec::new();
    let mut is_said = false;
    for line in output.lines() {
        if is_name(line) {
            failures.push(line.to_owned());
            is_said = true;
        } else if line == "failures:" || line.starts_with("test result: ") {
            is_said = false;
        } else if let (true, Some(failure)) = (is_said, failures.last_mut()) {
            failure.push('\n');
            failure.push_str(line);
        }
    }
    failures.iter().map(|failure| failure.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_up_what_cargo_test_prints() {
        let output = "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured\n\ntest result: \
                      FAILED. 3 passed; 2 failed; 1 ignored\n";
        assert_eq!(totals(output), Outcome { passed: 15, failed: 2, ..Outcome::default() });
    }

    #[test]
    fn repeats_what_failed_tests_say() {
        let output = "test a ... ok\ntest b ... FAILED\n\nfailures:\n\n---- b stdout ----\nleft: 1\n\nright: 2\n\n\n\
                      failures:\n    b\n\ntest result: FAILED. 1 passed; 1 failed\n\nrunning 1 test\n\n\
                      failures:\n\n---- c: d ----\nlong\n\nfailures:\n    c: d\n\ntest result: FAILED.\n";
        assert_eq!(
            failures(output),
            ["---- b stdout ----\nleft: 1\n\nright: 2", "---- c: d ----\nlong"]
        );
        assert!(failures("test a ... ok\n\ntest result: ok. 1 passed\n").is_empty());
    }

    #[test]
    fn long_texts_are_shortened() {
        assert_eq!(shortened("a\nb"), "a\nb");
        let long = "line\n".repeat(REPEATED + 2);
        assert!(shortened(&long).ends_with("line\n[2 lines more: see above]"));
    }
}
