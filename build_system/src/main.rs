//! The program `y`; `./y.sh` starts it.

use std::process::ExitCode;

use y::{cli, program};

fn main() -> ExitCode {
    program::run(cli::run)
}
