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

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::bench::compilers::Cargos;
use y::cargo::encode_flags;
use y::config::Config;
use y::prepare::Prepared;

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
    cargos: Cargos,
    /// The unpatched cg_clif.
    cg_clif: PathBuf,
}

impl Compilers {
    /// With the toolchain's programs and ours before all others.
    pub(super) fn new(config: &Config, prepared: &Prepared, cg_clif: PathBuf) -> Result<Compilers> {
        Ok(Compilers { cargos: Cargos::new(config, prepared)?, cg_clif })
    }

    /// The command that builds the package in `folder`.
    pub(super) fn command(&self, compiler: Compiler, command: &str, folder: &Path) -> Command {
        let mut cargo = match compiler {
            Compiler::Stock | Compiler::Upstream => self.cargos.stock(),
            Compiler::Snug => self.cargos.snug(&[]),
        };
        cargo
            .args([command, "--offline", "--locked", "--jobs=2"])
            .current_dir(folder)
            // Build scripts that look for a repository (ripgrep's does) must not find this one, where people work.
            .env("GIT_CEILING_DIRECTORIES", folder.parent().unwrap_or(folder));
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
