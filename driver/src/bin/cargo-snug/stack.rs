//! `cargo snug stack`: builds programs with debug information, and reads their machine code.
//!
//! The build has a folder of its own, so `cargo snug build` does not compile anything again for it. What is read from the programs is
//! `snug-stack`'s affair.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::arguments::CommandLine;
use crate::cargo::{self, Purpose};
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
    let purpose = Purpose { folder: Some("stack"), ..Purpose::default() };
    let cargo = cargo::prepared(options, &purpose, &place, Some(&workspace), line)?;
    let programs = match programs::build(cargo, line)? {
        Ok(programs) => programs,
        Err(failed) => return Ok(failed),
    };
    if programs.is_empty() {
        bail!(
            "this command builds no program\n\
             help: a library has no stack of its own; `--examples` builds its examples"
        );
    }
    let paths: Vec<_> = programs.into_iter().map(|program| program.path).collect();
    let (text, is_within) = snug_stack::answer(asked, &paths)?;
    print(&text);
    Ok(if is_within { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
