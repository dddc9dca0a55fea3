//! What a program needs at run time, read from the program: `cargo snug stack` and `cargo snug ram`.
//!
//! `cargo snug stack` says how much stack its poll functions need, and the deepest chain of calls below each task. Everything is read from the program, so it is true of any compiler's, optimised or not, and of std's and C's parts of it:
//!
//! * [`program`] knows the functions of an ELF program for x86-64, and where its tables of addresses lead;
//! * [`code`] follows a function's instructions: how far the stack pointer goes down, and what is called from where;
//! * [`graph`] adds frames up: the worst chain of calls below a function;
//! * [`variables`] knows from DWARF which functions are poll functions, and which variables take most of a frame;
//! * [`output`] prints it.
//!
//! What is not counted is named: calls through pointers (trait objects, wakers), functions of shared libraries, recursion. Code that
//! only runs when something panics is left out.
//!
//! `cargo snug ram` says what its statics take of the RAM: [`ram`].
#![forbid(unsafe_code)]

mod code;
mod dwarf;
mod graph;
mod options;
mod output;
mod program;
pub mod ram;
mod text;
mod variables;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

pub use options::{Format, Options, Size};

use graph::Graph;
use program::Program;

/// Reads programs and says what they need, and whether all is within the limit.
///
/// # Errors
///
/// A sentence that says what is wrong with a program or an option.
pub fn answer(options: &Options, programs: &[PathBuf]) -> Result<(String, bool)> {
    let mut all = Vec::new();
    for path in programs {
        let answer = of_program(options, path)
            .with_context(|| format!("`{}` cannot be read", path.display()))?;
        all.push(answer);
    }
    let is_within = all.iter().all(|answer| answer.is_within(options.limit));
    Ok((output::text(options, &all)?, is_within))
}

fn of_program(options: &Options, path: &Path) -> Result<graph::Answer> {
    let data = std::fs::read(path)?;
    let program = Program::read(&data)?;
    let known = variables::read(&data)?;
    let graph = Graph::new(&program)?;
    graph.answer(path, &known, options)
}
