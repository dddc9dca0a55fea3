//! The four compilers, and how they are called. All are the same cargo and the same rustc.

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
    Cranelift,
    /// `cargo snug --backend llvm`.
    Llvm,
}

/// All of them, in the order of tables.
pub(super) const ALL: [Compiler; 4] =
    [Compiler::Stock, Compiler::Upstream, Compiler::Cranelift, Compiler::Llvm];

impl Compiler {
    /// What the user reads.
    pub(super) fn title(self) -> &'static str {
        match self {
            Compiler::Stock => "stock LLVM",
            Compiler::Upstream => "upstream cg_clif",
            Compiler::Cranelift => "Snug Cranelift",
            Compiler::Llvm => "Snug LLVM",
        }
    }

    /// Its target folder, in the workspace.
    fn target(self) -> &'static str {
        match self {
            Compiler::Stock => "target/stock",
            Compiler::Upstream => "target/upstream",
            Compiler::Cranelift => "target/cranelift",
            Compiler::Llvm => "target/llvm",
        }
    }
}

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

    /// The command that builds the workspace in a folder.
    pub(super) fn build(&self, compiler: Compiler, folder: &Path) -> Command {
        let mut cargo = match compiler {
            Compiler::Stock | Compiler::Upstream => self.cargos.stock(),
            Compiler::Cranelift => self.cargos.snug(&[]),
            Compiler::Llvm => self.cargos.snug(&["--backend", "llvm"]),
        };
        cargo
            .args(["build", "--workspace", "--locked", "--jobs=2"])
            .current_dir(folder)
            .env("CARGO_TARGET_DIR", self.target(compiler, folder));
        if compiler == Compiler::Upstream {
            let flag = format!("-Zcodegen-backend={}", self.cg_clif.display());
            cargo
                .env("CARGO_ENCODED_RUSTFLAGS", encode_flags(&[&flag]))
                // The flag is unstable.
                .env("RUSTC_BOOTSTRAP", "1");
        }
        cargo
    }

    /// The target folder.
    pub(super) fn target(&self, compiler: Compiler, folder: &Path) -> PathBuf {
        folder.join(compiler.target())
    }

    /// A program that was built.
    pub(super) fn program(&self, compiler: Compiler, folder: &Path, name: &str) -> Result<PathBuf> {
        let target = self.target(compiler, folder);
        // `cargo snug` has a folder of its own in there.
        let places = ["debug", "snug/debug"].map(|place| target.join(place).join(name));
        let program = places.into_iter().find(|place| place.exists());
        program.ok_or_else(|| anyhow::anyhow!("{} made no `{name}`", compiler.title()))
    }
}
