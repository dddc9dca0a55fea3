//! What cargo calls as `rustdoc`: the toolchain's own rustdoc, whose doc tests Snug compiles.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use snug_driver::installation::{self, Installation};
use snug_driver::{doctests, toolchain};

fn main() -> ExitCode {
    eprintln!("{}", become_rustdoc());
    ExitCode::FAILURE
}

/// Becomes rustdoc; returns only with what to tell the user.
fn become_rustdoc() -> String {
    match rustdoc() {
        Ok(mut rustdoc) => {
            let program = rustdoc.get_program().to_owned();
            let error = rustdoc.exec();
            installation::broken(&program, &error.to_string())
        }
        Err(message) => message,
    }
}

fn rustdoc() -> Result<Command, String> {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let (installation, backend) = Installation::of_rustc(&arguments)?;
    let mut rustdoc = Command::new(toolchain::find()?.executable("rustdoc"));
    rustdoc.args(&arguments);
    if arguments.iter().any(|argument| argument == "--test") {
        doctests::ask(&mut rustdoc, &arguments, &installation.rustc(backend)?);
    }
    Ok(rustdoc)
}
