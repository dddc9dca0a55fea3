//! The main function of every suite: Cargo's usual options, totals and exit status.

use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use libtest_mimic::{Arguments, Failed, Trial};

use crate::Result;
use crate::command;
use crate::toolchain::Toolchain;

/// What the tests of a suite get to use.
pub type Tools = &'static Toolchain;

/// Runs a suite: `make` lists its tests.
pub fn main(make: impl FnOnce(Tools) -> Result<Vec<Trial>>) -> ExitCode {
    command::heed_signals();
    let arguments = Arguments::from_args();
    match Toolchain::find().and_then(|toolchain| make(Box::leak(Box::new(toolchain)))) {
        Ok(tests) => libtest_mimic::run(&arguments, tests).exit_code(),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A test that fails with a sentence.
pub fn test(name: impl Into<String>, run: impl FnOnce() -> Result<()> + Send + 'static) -> Trial {
    Trial::test(name, || run().map_err(Failed::from))
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
