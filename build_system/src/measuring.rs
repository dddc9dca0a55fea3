//! `y demo`, `y bench` and `y figures`: the crate `measure/` does them.
//!
//! ```text
//! ./y.sh bench ──► y: knows the names ──► measure: knows the options, prepares, builds, measures
//! ```
//!
//! It is longer than the rest of `y`, and most uses of `y` measure nothing. So it is compiled when it is asked for, as `y.sh`
//! compiles `y`: by the same cargo and into the same folder, where what both depend on lies compiled. It gets the
//! command line as it is, before anything is prepared: whoever asks for help, or mistypes an option, waits for no build.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};

use crate::cargo::{Run, clean_command};
use crate::config::Config;
use crate::ui::Ui;

/// The crate, in the clone.
const FOLDER: &str = "measure";
/// Where `y.sh` has compiled `y`.
const TARGET: &str = "build/y";
/// The program, there.
const PROGRAM: &str = "debug/snug-measure";

/// The commands, for `y` and for `measure`, which have other types for their options.
#[derive(Debug, Subcommand)]
pub enum Measuring<Demo: Args, Bench: Args, Figures: Args> {
    /// Show on a real program how much smaller its futures get (builds first)
    Demo(Demo),
    /// Measure (builds first)
    Bench(Bench),
    /// Write docs/figures.md and its pictures from what benchmarks have written with --json
    Figures(Figures),
}

/// The commands as `y` knows them.
pub type HandedOver = Measuring<Unread, Unread, Unread>;

/// Options that `measure` reads.
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
pub struct Unread {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Whether a command line that asks for help does so with `help` and one of the commands, as in `y help bench`.
pub fn is_helped_by_name(arguments: &[OsString]) -> bool {
    let is_known = |name: &OsString| name.to_str().is_some_and(HandedOver::has_subcommand);
    arguments.windows(2).any(|words| words[0] == "help" && is_known(&words[1]))
}

/// Compiles `measure` and becomes it.
pub fn hand_over(config: &Config, arguments: &[OsString]) -> Result<()> {
    let program = compile(config)?;
    Err(Command::new(&program).args(arguments).exec())
        .with_context(|| format!("{} could not be started", program.display()))
}

fn compile(config: &Config) -> Result<PathBuf> {
    let target = config.in_root(TARGET);
    let program = target.join(PROGRAM);
    let mut cargo = clean_command(Path::new("cargo"));
    cargo
        .args(["build", "--locked"])
        .current_dir(config.in_root(FOLDER))
        .env("CARGO_TARGET_DIR", &target);
    let run = Run { purpose: "compile measure/", command: cargo, log: target.join("measure.log") };
    // After the first time there is nothing to do, or little.
    let ui = if program.exists() { Ui::quiet() } else { Ui::new() };
    ui.step("compile what measures (measure/)", |progress| run.with(progress))?;
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_on_what_is_measured_is_noticed() {
        let asks = |line: &str| {
            is_helped_by_name(&line.split(' ').map(OsString::from).collect::<Vec<_>>())
        };
        assert!(asks("help bench") && asks("--dev help demo") && asks("help figures"));
        assert!(!asks("help") && !asks("help test") && !asks("test --help"));
    }
}
