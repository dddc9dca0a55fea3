//! What cargo finds as `cargo-clippy` under `cargo snug clippy`: the toolchain's own, with another clippy-driver.

use std::process::ExitCode;

use snug_driver::{clippy, handover};

fn main() -> ExitCode {
    handover::become_program(clippy::next())
}
