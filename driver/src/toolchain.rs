//! Where the toolchain is that Snug was built for.
//!
//! The library's name has a hash of the build of rustc in it: a toolchain has that very file, or is
//! another compiler.

use std::path::{Path, PathBuf};
use std::process::Command;

/// `librustc_driver` of the rustc that Snug was built with.
const DRIVER: &str = env!("SNUG_RUSTC_DRIVER");
/// How that rustc calls itself.
const VERSION: &str = env!("SNUG_RUSTC_VERSION");
/// The variable by which `cargo snug` says where the toolchain is: asking rustc each time takes time.
const SYSROOT: &str = "SNUG_SYSROOT";

/// The folder of the toolchain's `librustc_driver`.
pub(crate) fn libraries() -> Result<PathBuf, String> {
    let sysroot = match std::env::var_os(SYSROOT) {
        Some(sysroot) => PathBuf::from(sysroot),
        None => ask_rustc()?,
    };
    let libraries = sysroot.join("lib");
    if libraries.join(DRIVER).exists() {
        return Ok(libraries);
    }
    let reason = if libraries.is_dir() { "is another one" } else { "is none" };
    Err(wrong(&format!("the toolchain in `{}` {reason}", sysroot.display())))
}

/// The toolchain that `rustc` means here: rustup knows of rust-toolchain.toml and of `+1.95.0`.
fn ask_rustc() -> Result<PathBuf, String> {
    let asked = Command::new("rustc").args(["--print", "sysroot"]).env(SYSROOT, "").output();
    match asked {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout);
            Ok(Path::new(text.trim_end_matches('\n')).to_owned())
        }
        Ok(output) => Err(wrong(&format!(
            "`rustc --print sysroot` says: {}",
            String::from_utf8_lossy(&output.stderr).trim_end()
        ))),
        Err(error) => Err(wrong(&format!("`rustc` cannot be started: {error}"))),
    }
}

fn wrong(reason: &str) -> String {
    format!(
        "error: this Snug works with rustc {VERSION} and no other, and {reason}\n\
         help: `rustup toolchain install 1.95.0`, then `cargo +1.95.0 snug ..`, or a \
         rust-toolchain.toml that names it"
    )
}
