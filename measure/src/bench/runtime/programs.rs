//! The programs of `bench/runtime`, compiled by three compilers. The load generator is always stock's.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use crate::bench::compilers::Cargos;
use y::cargo::Run;
use y::config::Config;
use y::prepare::Prepared;
use y::ui::Ui;

/// A compiler that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compiler {
    /// rustc as it is.
    Stock,
    /// Snug's LLVM twin.
    Packed,
    /// The same with the layout of rustc's pull request.
    CapturesOnly,
}

/// All of them. What comes after the first is compared with it.
pub(super) const ALL: [Compiler; 3] = [Compiler::Stock, Compiler::Packed, Compiler::CapturesOnly];

impl Compiler {
    /// What the user reads.
    pub(super) fn title(self) -> &'static str {
        match self {
            Compiler::Stock => "stock",
            Compiler::Packed => "Snug",
            Compiler::CapturesOnly => "captures-only (PR #135527)",
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Compiler::Stock => "stock",
            Compiler::Packed => "packed",
            Compiler::CapturesOnly => "captures-only",
        }
    }
}

/// Where the programs are.
pub(super) struct Programs {
    /// Everything that is made is below.
    folder: PathBuf,
}

impl Programs {
    /// Compiles all that is not compiled yet. cargo decides what that is.
    pub(super) fn build(config: &Config, ui: &Ui, prepared: &Prepared) -> Result<Programs> {
        let programs = Programs { folder: config.in_root("build/bench-runtime") };
        let cargos = Cargos::new(config, prepared)?;
        for compiler in ALL {
            let mut command = match compiler {
                Compiler::Stock => cargos.stock(),
                Compiler::Packed => cargos.snug(&["--backend", "llvm"]),
                Compiler::CapturesOnly => {
                    cargos.snug(&["--backend", "llvm", "--layout", "captures-only"])
                }
            };
            command
                .args(["build", "--release", "--workspace", "--locked"])
                .current_dir(config.in_root("bench/runtime"))
                .env("CARGO_TARGET_DIR", programs.target(compiler));
            let title = format!("compile bench/runtime: {}", compiler.title());
            let log = programs.folder.join(format!("{}.log", compiler.folder()));
            ui.step(&title, |progress| Run { purpose: &title, command, log }.with(progress))?;
        }
        Ok(programs)
    }

    fn target(&self, compiler: Compiler) -> PathBuf {
        self.folder.join(compiler.folder())
    }

    /// Where files may be put.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A program that is measured.
    pub(super) fn program(&self, compiler: Compiler, name: &str) -> Result<PathBuf> {
        let target = self.target(compiler);
        let file = match compiler {
            Compiler::Stock => target.join("release").join(name),
            // `cargo snug` has a folder of its own in there.
            _ => target.join("snug/release").join(name),
        };
        ensure!(file.exists(), "{} made no {}", compiler.title(), file.display());
        Ok(file)
    }

    /// The load generator.
    pub(super) fn load(&self) -> Result<Command> {
        Ok(Command::new(self.program(Compiler::Stock, "load")?))
    }
}
