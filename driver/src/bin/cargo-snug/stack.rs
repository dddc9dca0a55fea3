//! `cargo snug stack`: builds programs with debug information, and reads their machine code.
//!
//! The build has a folder of its own, so `cargo snug build` does not compile anything again for it. What is read from the programs is
//! `snug-stack`'s affair.

use std::process::ExitCode;

use anyhow::Result;

use crate::arguments::CommandLine;
use crate::cargo;
use crate::config::Config;
use crate::options::Options;
use crate::programs::{self, print};
use crate::workspace::Place;

/// Builds, and answers.
pub(crate) fn run(
    options: &Options,
    asked: &snug_stack::Options,
    config: Config,
    line: &CommandLine,
) -> Result<ExitCode> {
    let place = Place::of(line, config);
    let workspace = cargo::own_workspace(options, &place, line, "stack")?;
    let help = "a library has no stack of its own; `--examples` builds its examples";
    let programs = match programs::built(options, "stack", &place, &workspace, line, help)? {
        Ok(programs) => programs,
        Err(failed) => return Ok(failed),
    };
    let paths: Vec<_> = programs.into_iter().map(|program| program.path).collect();
    let (text, is_within) = snug_stack::answer(asked, &paths)?;
    print(&text);
    Ok(if is_within { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
