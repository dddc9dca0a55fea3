//! The four compilers, and what they compile: the same text at the settings of cargo's dev profile.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::source::CRATE;
use crate::bench::DEV_PROFILE;
use y::cargo::clean_command;
use y::config::Config;
use y::prepare::Prepared;

/// A compiler that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compiler {
    /// rustc as it is.
    StockLlvm,
    /// Snug's LLVM twin.
    SnugLlvm,
    /// rustc's own cg_clif, unpatched.
    StockCranelift,
    /// Snug's Cranelift twin.
    SnugCranelift,
}

/// All of them, stock before Snug.
pub(super) const ALL: [Compiler; 4] =
    [Compiler::StockLlvm, Compiler::SnugLlvm, Compiler::StockCranelift, Compiler::SnugCranelift];

impl Compiler {
    /// What the user reads.
    pub(super) fn title(self) -> &'static str {
        match self {
            Compiler::StockLlvm => "stock LLVM",
            Compiler::SnugLlvm => "Snug LLVM",
            Compiler::StockCranelift => "stock cg_clif",
            Compiler::SnugCranelift => "Snug",
        }
    }

    /// The dylib that rustc is told to use. `stock_cg_clif` is where the unpatched one is.
    fn backend(self, config: &Config, stock_cg_clif: &Path) -> Option<PathBuf> {
        match self {
            Compiler::StockLlvm => None,
            Compiler::SnugLlvm => Some(config.in_root("dist/lib/librustc_codegen_snug_llvm.so")),
            Compiler::StockCranelift => Some(stock_cg_clif.into()),
            Compiler::SnugCranelift => Some(config.in_root("dist/lib/librustc_codegen_snug.so")),
        }
    }

    /// Compiles `source`. Returns the program's place, in `folder`.
    pub(super) fn compile(
        self,
        config: &Config,
        prepared: &Prepared,
        stock_cg_clif: &Path,
        source: &Path,
        folder: &Path,
    ) -> Result<PathBuf> {
        let program = folder.join(self.title().replace(' ', "-"));
        let mut command: Command = clean_command(&prepared.toolchain.rustc);
        command
            .args(["--edition=2024", "--crate-name", CRATE])
            .args(DEV_PROFILE)
            // Names that tell the tracer what a function is.
            .arg("-Csymbol-mangling-version=v0")
            .arg("-o")
            .arg(&program)
            .arg(source)
            // `-Zcodegen-backend` is unstable.
            .env("RUSTC_BOOTSTRAP", "1")
            .env_remove("SNUG_LAYOUT")
            .env_remove("SNUG_REPORT");
        if let Some(backend) = self.backend(config, stock_cg_clif) {
            command.arg(format!("-Zcodegen-backend={}", backend.display()));
        }
        let output = command.output().context("rustc could not be started")?;
        if !output.status.success() {
            bail!(
                "{} could not compile {}:\n{}",
                self.title(),
                source.display(),
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(program)
    }
}
