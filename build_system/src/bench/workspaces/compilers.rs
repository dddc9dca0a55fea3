//! The three compilers, and how a newcomer calls them.
//!
//! ```text
//! cargo build                                                                         target/
//! RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zcodegen-backend=.. cargo build --target-dir ..        target/upstream/
//! cargo snug build                                                                    target/snug/
//! ```
//!
//! All are the same cargo and the same rustc. `RUSTC_BOOTSTRAP` makes build scripts that probe find an unstable
//! compiler: with upstream cg_clif, some crates switch on features that the others do not have.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::cargo::{clean_command, encode_flags};
use crate::config::Config;
use crate::prepare::Prepared;

/// A compiler that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compiler {
    /// rustc as it is.
    Stock,
    /// rustc's own cg_clif, unpatched.
    Upstream,
    /// `cargo snug`.
    Snug,
}

/// All of them, in the order of tables.
pub(super) const ALL: [Compiler; 3] = [Compiler::Stock, Compiler::Upstream, Compiler::Snug];

/// Where they are.
pub(super) struct Compilers {
    /// The toolchain's.
    cargo: PathBuf,
    /// What `PATH` is set to.
    path: OsString,
    /// The unpatched cg_clif.
    cg_clif: PathBuf,
}

impl Compilers {
    /// With the toolchain's programs and ours before all others.
    pub(super) fn new(config: &Config, prepared: &Prepared, cg_clif: PathBuf) -> Result<Compilers> {
        let old = env::var_os("PATH").unwrap_or_default();
        let folders = [config.in_root("dist/bin"), prepared.toolchain.sysroot.join("bin")];
        let path = env::join_paths(folders.into_iter().chain(env::split_paths(&old)))?;
        Ok(Compilers { cargo: prepared.toolchain.cargo.clone(), path, cg_clif })
    }

    /// The command that builds the package in `folder`.
    pub(super) fn command(&self, compiler: Compiler, command: &str, folder: &Path) -> Command {
        let mut cargo = clean_command(&self.cargo);
        if compiler == Compiler::Snug {
            cargo.arg("snug");
        }
        cargo
            .args([command, "--offline", "--locked", "--jobs=2"])
            .current_dir(folder)
            .env("PATH", &self.path)
            // Build scripts that look for a repository (ripgrep's does) must not find this one, where people work.
            .env("GIT_CEILING_DIRECTORIES", folder.parent().unwrap_or(folder));
        for variable in ["RUSTUP_TOOLCHAIN", "SNUG_LAYOUT", "SNUG_REPORT", "SNUG_SYSROOT"] {
            cargo.env_remove(variable);
        }
        if compiler == Compiler::Upstream {
            let flag = format!("-Zcodegen-backend={}", self.cg_clif.display());
            cargo
                .args(["--target-dir", "target/upstream"])
                .env("CARGO_ENCODED_RUSTFLAGS", encode_flags(&[&flag]))
                // The flag is unstable.
                .env("RUSTC_BOOTSTRAP", "1");
        }
        cargo
    }
}

impl Compiler {
    /// What the user reads.
    pub(super) fn title(self) -> &'static str {
        match self {
            Compiler::Stock => "stock LLVM",
            Compiler::Upstream => "upstream cg_clif",
            Compiler::Snug => "Snug",
        }
    }

    /// Where its results are, in the package's folder.
    pub(super) fn results(self) -> &'static str {
        match self {
            Compiler::Stock => "target/debug",
            Compiler::Upstream => "target/upstream/debug",
            Compiler::Snug => "target/snug/debug",
        }
    }
}
