//! What is measured of a compilation.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::bench::time;

/// A measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Meter {
    /// Seconds of processor time, linking included. They differ from round to round
    Time,
    /// Billions of instructions of the compiler alone, counted by valgrind: the same in each round, also on a busy machine,
    /// but they take fifty times as long to count
    Instructions,
}

impl Meter {
    /// What the table calls it.
    pub(super) fn unit(self) -> &'static str {
        match self {
            Meter::Time => "seconds of processor time",
            Meter::Instructions => "billions of instructions",
        }
    }

    /// How often everything is measured, if nothing else is asked for.
    pub(super) fn rounds(self) -> u16 {
        match self {
            Meter::Time => 7,
            Meter::Instructions => 1,
        }
    }

    /// Runs a command, and returns what it took. `log` is a file that may be overwritten.
    pub(super) fn measure(
        self,
        command: Command,
        log: &Path,
        run: impl FnOnce(Command) -> Result<()>,
    ) -> Result<f64> {
        match self {
            Meter::Time => Ok(time::of(|| run(command))?.processor),
            Meter::Instructions => {
                run(under_valgrind(&command, log))?;
                let text = fs::read_to_string(log)
                    .with_context(|| format!("valgrind wrote no {}", log.display()))?;
                let Some(count) = instructions(&text) else {
                    bail!("valgrind counted nothing; {} has what it says", log.display());
                };
                Ok(count as f64 / 1e9)
            }
        }
    }
}

/// The same command, watched by valgrind. What it starts itself, a linker, is not.
fn under_valgrind(command: &Command, log: &Path) -> Command {
    let mut watched = Command::new("valgrind");
    watched
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .arg(format!("--log-file={}", log.display()))
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => watched.env(name, value),
            None => watched.env_remove(name),
        };
    }
    watched
}

/// The number in valgrind's last line: `==1== I   refs:      11,004,868`.
fn instructions(log: &str) -> Option<u64> {
    let line = log.lines().rev().find(|line| line.contains("refs:"))?;
    let (_, number) = line.split_once("refs:")?;
    number.trim().replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_valgrinds_count() {
        let log = "==1== Cachegrind\n==1== \n==1== I   refs:      11,004,868\n";
        assert_eq!(instructions(log), Some(11_004_868));
        assert_eq!(instructions("==1== Cachegrind\n"), None);
    }

    #[test]
    fn a_watched_command_is_the_same_but_for_valgrind() {
        let mut command = Command::new("rustc");
        command.args(["-o", "a b"]).env("ONE", "1").env_remove("TWO");
        let watched = under_valgrind(&command, Path::new("log"));
        let arguments: Vec<_> = watched.get_args().collect();
        assert_eq!(arguments[arguments.len() - 3..], ["rustc", "-o", "a b"]);
        assert_eq!(watched.get_envs().count(), 2);
    }
}
