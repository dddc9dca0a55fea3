//! `cargo snug`: any cargo command, compiled by Snug.
//!
//! Its own commands are `doctor`, `sizes`, `stack`, `ram`, `setup` and `completions`.
//!
//! It decides which backend compiles (`choice.rs`), where the results go (`workspace.rs`), and then is cargo: with
//! another rustc, and nothing else that crates, their build scripts or their programs could see.

mod arguments;
mod cargo;
mod choice;
mod completions;
mod config;
mod directions;
mod doctor;
mod hidden_flags;
mod options;
mod programs;
mod ram;
mod setup;
mod sharing;
mod sizes;
mod stack;
mod targets;
mod versions;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use config::Config;
use options::{Action, Options};

fn main() -> ExitCode {
    // Cargo passes the subcommand's own name.
    let mut arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "snug") {
        arguments.remove(0);
    }
    // Where there is no current folder, cargo says so.
    let config = Config::of_folder(&std::env::current_dir().unwrap_or_default());
    match run(&Options::parse(arguments, &config), config) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options, config: Config) -> anyhow::Result<ExitCode> {
    match options.action()? {
        Action::Doctor { targets } => doctor::run(options, &config, &targets),
        Action::Version => versions::print(options),
        Action::Setup(editor, write) => setup::run(options, &config, editor, write),
        Action::Completions(shell) => completions::print(shell),
        Action::Man => completions::manual(),
        Action::Sizes(asked, line) => sizes::run(options, &asked, config, &line),
        Action::Stack(asked, line) => stack::run(options, &asked, config, &line),
        Action::Ram(asked, line) => ram::run(options, &asked, config, &line),
        Action::Cargo(line) => cargo::run(options, config, &line),
    }
}
