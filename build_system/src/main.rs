//! The program `y`; `./y.sh` starts it.

use std::process::ExitCode;

use clap::Parser;
use y::cli::Cli;
use y::{disk, rustc_dev::wrapper};

fn main() -> ExitCode {
    let result = wrapper::run_if_called_as_one().unwrap_or_else(|| Cli::parse().run());
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            if disk::is_full(&error) {
                eprintln!(
                    "The disk is full: free some space, or set SNUG_CACHE to a folder on another \
                     disk, and run the command again; it goes on where it stopped."
                );
            }
            ExitCode::FAILURE
        }
    }
}
