//! What cargo calls as `clippy-driver`: the toolchain's own, which compiles with Snug, so that lints see the sizes that
//! are built. `clippy/` says how.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use snug_driver::error::Result;
use snug_driver::installation::{self, CLIPPY_DRIVER, CLIPPY_LIBRARY, Installation};
use snug_driver::{clippy, handover};

fn main() -> ExitCode {
    handover::become_program(clippy_driver())
}

fn clippy_driver() -> Result<Command> {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let (installation, backend) = Installation::of_rustc(&arguments)?;
    let backend = installation::chosen_for_package()?.unwrap_or(backend);
    let mut driver = Command::new(clippy::executable(CLIPPY_DRIVER)?);
    driver.args(arguments);
    let dylib = installation.dylib(backend)?;
    handover::give_to_clippy(&mut driver, installation.folder(), CLIPPY_LIBRARY, &dylib);
    Ok(driver)
}
