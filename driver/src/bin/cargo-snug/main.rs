//! `cargo snug`: any cargo command, compiled by Snug.
//!
//! It decides which backend compiles (`choice.rs`), where the results go (`folders.rs`), and then is cargo: with
//! another `RUSTC`, and nothing else that crates or their build scripts could see.

mod cargo;
mod choice;
mod doctor;
mod folders;
mod options;
mod sharing;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use options::{Action, Options};

fn main() -> ExitCode {
    // Cargo passes the subcommand's own name.
    let mut arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "snug") {
        arguments.remove(0);
    }
    match Options::parse(arguments).and_then(run) {
        Ok(code) => code,
        Err(error) => {
            let text = format!("{error:#}");
            // What the library says begins with `error: ` already.
            let prefix = if text.starts_with("error: ") { "" } else { "error: " };
            eprintln!("{prefix}{text}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> anyhow::Result<ExitCode> {
    match options.action()? {
        Action::Doctor => doctor::run(&options),
        Action::Version => doctor::version(&options),
        Action::Cargo(arguments) => cargo::run(&options, &arguments),
    }
}
