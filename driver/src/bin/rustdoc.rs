//! What cargo calls as `rustdoc`: the toolchain's own rustdoc, whose doc tests Snug compiles.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use snug_driver::error::Result;
use snug_driver::installation::Installation;
use snug_driver::{doctests, handover, toolchain};

fn main() -> ExitCode {
    handover::become_program(rustdoc())
}

fn rustdoc() -> Result<Command> {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let (installation, backend) = Installation::of_rustc(&arguments)?;
    let mut rustdoc = Command::new(toolchain::find()?.executable("rustdoc"));
    rustdoc.args(&arguments);
    if arguments.iter().any(|argument| argument == "--test") {
        doctests::ask(&mut rustdoc, &arguments, &installation.rustc(backend)?);
    }
    Ok(rustdoc)
}
