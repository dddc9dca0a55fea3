//! The main function of every suite: Cargo's usual options, totals and exit status.

use std::fs::OpenOptions;
use std::io::Write;
use std::process::{Command, ExitCode};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use libtest_mimic::{Arguments, Failed, Trial};

use crate::Result;
use crate::command;
use crate::toolchain::Toolchain;

/// What the tests of a suite get to use.
pub type Tools = &'static Toolchain;

/// Runs a suite: `make` lists its tests.
pub fn main(make: impl FnOnce(Tools) -> Result<Vec<Trial>>) -> ExitCode {
    command::heed_signals();
    let own = std::env::current_exe().unwrap_or_default();
    let _ = SUITE.set(suite(&own.file_stem().unwrap_or_default().to_string_lossy()));
    let arguments = Arguments::from_args();
    match Toolchain::find().and_then(|toolchain| make(Box::leak(Box::new(toolchain)))) {
        Ok(tests) => libtest_mimic::run(&arguments, tests).exit_code(),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The suite that runs: all its tests' names begin with it.
static SUITE: OnceLock<String> = OnceLock::new();

/// The suite in an executable: cargo calls it SUITE-HASH.
fn suite(executable: &str) -> String {
    executable.rsplit_once('-').map_or(executable, |(suite, _)| suite).to_owned()
}

/// A name that begins with that of its suite.
fn full_name(suite: &str, name: String) -> String {
    if name.starts_with(&format!("{suite}: ")) { name } else { format!("{suite}: {name}") }
}

/// Whether only the names of the tests are asked for: nothing needs to be there then that tests use.
pub(crate) fn listing() -> bool {
    std::env::args().any(|argument| argument == "--list")
}

/// Names a file to which every test adds how long it took: seconds, and its name.
const TIMES: &str = "SNUG_TEST_TIMES";

/// A test that fails with a sentence.
pub fn test(name: impl Into<String>, run: impl FnOnce() -> Result<()> + Send + 'static) -> Trial {
    let name = full_name(SUITE.get().map_or("test", String::as_str), name.into());
    let copy = name.clone();
    Trial::test(name, move || {
        let start = Instant::now();
        let result = run();
        note_time(&copy, start);
        result.map_err(Failed::from)
    })
}

/// A test that needs a program which machines may not have: without it the test is ignored, and what to install is said.
pub fn needs(tool: &str, package: &str, test: Trial) -> Trial {
    let is_missing = Command::new(tool).arg("--version").output().is_err();
    if is_missing {
        let name = test.name();
        eprintln!("{tool} is missing: `{name}` is ignored. Install the package `{package}`");
    }
    test.with_ignored_flag(is_missing)
}

/// Notes it, where somebody wants to know.
fn note_time(name: &str, start: Instant) {
    let Some(path) = std::env::var_os(TIMES) else { return };
    let line = format!("{:8.2} {name}\n", start.elapsed().as_secs_f32());
    let file = OpenOptions::new().create(true).append(true).open(&path);
    if let Err(error) = file.and_then(|mut file| file.write_all(line.as_bytes())) {
        eprintln!("{}: {error}", path.display());
    }
}

/// Whether the long variants were asked for (`SNUG_LONG=1`).
pub fn long() -> bool {
    std::env::var_os("SNUG_LONG").is_some_and(|value| value == "1")
}

/// A result that several tests need and the first of them computes.
pub struct Shared<T> {
    cell: Arc<OnceLock<Result<T>>>,
}

impl<T> Shared<T> {
    /// The result, computed now if nobody has done so before.
    pub fn get(&self, compute: impl FnOnce() -> Result<T>) -> Result<&T> {
        self.cell.get_or_init(compute).as_ref().map_err(Clone::clone)
    }
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Shared { cell: Arc::default() }
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Shared { cell: Arc::clone(&self.cell) }
    }
}

/// Whether a line ends with a message in which `*` stands for anything.
pub fn is_message(line: &str, message: &str) -> bool {
    let mut parts = message.split('*');
    let first = parts.next().unwrap_or_default();
    let Some((_, mut rest)) = line.split_once(&format!(": {first}")) else { return false };
    for part in parts {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.is_empty() || message.ends_with('*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_begin_with_their_suite_once() {
        assert_eq!(suite("sizes_command-0f3a"), "sizes_command");
        assert_eq!(full_name("run", "moves.rs llvm".to_owned()), "run: moves.rs llvm");
        assert_eq!(full_name("mir", "mir: a.rs".to_owned()), "mir: a.rs");
        assert_eq!(full_name("run", "runs: a.rs".to_owned()), "run: runs: a.rs");
    }
}
