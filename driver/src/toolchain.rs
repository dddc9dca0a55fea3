//! Which toolchain Snug works with: the very one that it was built for.
//!
//! The name of `librustc_driver` has a hash of the build of rustc in it: a toolchain has that very
//! file, or is another compiler.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// `librustc_driver` of the rustc that Snug was built with.
const DRIVER: &str = env!("SNUG_RUSTC_DRIVER");
/// How that rustc calls itself: version, commit and date.
pub const VERSION: &str = env!("SNUG_RUSTC_VERSION");
/// The variable by which `cargo snug` says where the toolchain is: asking rustc each time takes
/// time.
pub const SYSROOT: &str = "SNUG_SYSROOT";

/// The toolchain that Snug was built for, found on this machine.
#[derive(Clone, Debug)]
pub struct Toolchain {
    /// Its folder.
    pub sysroot: PathBuf,
}

impl Toolchain {
    /// The folder of its `librustc_driver`.
    pub fn libraries(&self) -> PathBuf {
        self.sysroot.join("lib")
    }

    /// One of its executables.
    pub fn executable(&self, name: &str) -> PathBuf {
        self.sysroot.join("bin").join(name)
    }
}

/// The toolchain that `cargo snug` has found, or else the one that `rustc` means here.
///
/// # Errors
///
/// Says what is there instead, and what to do.
pub fn find() -> Result<Toolchain, String> {
    match std::env::var_os(SYSROOT).filter(|sysroot| !sysroot.is_empty()) {
        Some(sysroot) => check(PathBuf::from(sysroot)),
        None => check(ask_rustc(None)?),
    }
}

/// The toolchain that rustup has under a name.
///
/// # Errors
///
/// Says what is there instead, and what to do.
pub fn of_rustup(name: &OsStr) -> Result<Toolchain, String> {
    check(ask_rustc(Some(name))?)
}

/// The toolchain in a folder.
///
/// # Errors
///
/// Says what is there instead, and what to do.
pub fn check(sysroot: PathBuf) -> Result<Toolchain, String> {
    let toolchain = Toolchain { sysroot };
    let libraries = toolchain.libraries();
    if libraries.join(DRIVER).exists() {
        return Ok(toolchain);
    }
    let reason = if libraries.is_dir() { "is another one" } else { "is none" };
    Err(wrong(&format!("the toolchain in `{}` {reason}", toolchain.sysroot.display())))
}

/// The folder of the toolchain that `rustc` means here: rustup knows of `+1.95.0` and of
/// rust-toolchain.toml.
fn ask_rustc(toolchain: Option<&OsStr>) -> Result<PathBuf, String> {
    let mut rustc = Command::new("rustc");
    rustc.args(["--print", "sysroot"]);
    if let Some(toolchain) = toolchain {
        rustc.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    match rustc.output() {
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
    let version = VERSION.split(' ').next().unwrap_or(VERSION);
    format!(
        "error: this Snug works with rustc {VERSION} and no other, and {reason}\n\
         help: `rustup toolchain install {version}`, then `cargo +{version} snug ..`, or a \
         rust-toolchain.toml that names it"
    )
}
