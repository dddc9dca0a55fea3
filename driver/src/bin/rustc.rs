//! What cargo starts as `rustc`: finds the toolchain that Snug was built for, and becomes the compiler.
//!
//! The compiler (`snug-rustc.rs`) is linked with the toolchain's `librustc_driver`, whose thread locals
//! must be there from the start, so it cannot be opened later. This executable needs nothing but libc: it
//! says in a sentence what is wrong, or starts the compiler with a library path that this process
//! alone sees, so that nobody needs LD_LIBRARY_PATH.

use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use snug_driver::error::{Error, Result};
use snug_driver::installation::{self, Installation};
use snug_driver::{doctests, handover, toolchain};

fn main() -> ExitCode {
    handover::become_program(compiler())
}

fn compiler() -> Result<Command> {
    let mut arguments = std::env::args_os();
    let own_name = arguments.next().unwrap_or_default();
    let arguments: Vec<_> = arguments.collect();
    if let Some(first) = arguments.first().map(|first| first.to_string_lossy())
        && first.starts_with('+')
    {
        let message = format!("snug-rustc is one compiler, and cannot become `{first}`");
        let help = format!("give the toolchain to cargo: `cargo {first} snug ..`");
        return Err(Error::new(message).help(help));
    }
    let (installation, backend) = Installation::of_rustc(&arguments)?;
    let backend = installation::chosen_for_package()?.unwrap_or(backend);
    let mut compiler = Command::new(installation.compiler()?);
    compiler.arg0(own_name);
    doctests::compile(&mut compiler, arguments)?;
    let toolchain = toolchain::find()?;
    handover::give(&mut compiler, toolchain.libraries(), &installation.dylib(backend)?);
    Ok(compiler)
}
