//! Who compiles.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::bench::DEV_PROFILE;
use y::cargo::clean_command;
use y::config::Config;
use y::prepare::Prepared;

/// A compiler that is compared.
#[derive(Clone, Debug)]
pub(super) struct Compiler {
    /// What the user reads. Also the name of the program that it makes.
    pub(super) title: &'static str,
    /// The dylib that rustc is told to use, if it is not its own LLVM.
    backend: Option<PathBuf>,
    /// The `SNUG_LIVENESS` that it gets.
    liveness: Option<String>,
    /// Who it is.
    pub(super) kind: Kind,
}

/// What a compiler is in a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// rustc, with LLVM or with the unpatched cg_clif: what the twin would be without Snug.
    Stock(Twin),
    /// A twin of this build of Snug.
    Ours(Twin),
    /// A twin of the other build.
    Other(Twin),
}

/// Snug's two backends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Twin {
    Llvm,
    Cranelift,
}

/// The index of stock rustc with LLVM.
pub(super) const STOCK: usize = 0;

impl Twin {
    fn dylib(self) -> &'static str {
        match self {
            Twin::Llvm => "librustc_codegen_snug_llvm.so",
            Twin::Cranelift => "librustc_codegen_snug.so",
        }
    }
}

/// Those that are always compared, stock before Snug. Upstream's cg_clif need not be there.
pub(super) fn always(
    config: &Config,
    stock_cg_clif: Option<PathBuf>,
    liveness: Option<&str>,
) -> Vec<Compiler> {
    let stock = |title, backend, twin| {
        let kind = Kind::Stock(twin);
        Compiler { title, backend, liveness: None, kind }
    };
    let ours = |title, twin: Twin| {
        let backend = config.in_root("dist/lib").join(twin.dylib());
        let liveness = liveness.map(str::to_owned);
        Compiler { title, backend: Some(backend), liveness, kind: Kind::Ours(twin) }
    };
    let mut compilers = vec![stock("stock LLVM", None, Twin::Llvm)];
    compilers.extend(stock_cg_clif.map(|it| stock("stock cg_clif", Some(it), Twin::Cranelift)));
    compilers.push(ours("Snug LLVM", Twin::Llvm));
    compilers.push(ours("Snug Cranelift", Twin::Cranelift));
    compilers
}

/// Both twins of the build in `dist`.
pub(super) fn other_build(dist: &Path) -> Result<[Compiler; 2]> {
    let other = |title, twin: Twin| {
        let backend = dist.join("lib").join(twin.dylib());
        if !backend.is_file() {
            bail!(
                "There is no {}: give `--against` the folder `dist` of a clone in which `./y.sh build` was run.",
                backend.display()
            );
        }
        Ok(Compiler { title, backend: Some(backend), liveness: None, kind: Kind::Other(twin) })
    };
    Ok([other("other LLVM", Twin::Llvm)?, other("other Cranelift", Twin::Cranelift)?])
}

impl Compiler {
    /// For tests of what is printed.
    #[cfg(test)]
    pub(super) fn without_backend(title: &'static str, kind: Kind) -> Compiler {
        Compiler { title, backend: None, liveness: None, kind }
    }

    /// The command that compiles `source` to `program`.
    pub(super) fn command(&self, prepared: &Prepared, source: &Path, program: &Path) -> Command {
        let mut command = clean_command(&prepared.toolchain.rustc);
        command
            .args(["--edition=2024", "--crate-name=large"])
            .args(DEV_PROFILE)
            .arg("-o")
            .args([program, source])
            // `-Zcodegen-backend` is unstable.
            .env("RUSTC_BOOTSTRAP", "1");
        for variable in
            ["SNUG_LAYOUT", "SNUG_REPORT", "SNUG_FALLBACK", "SNUG_COALESCE", "SNUG_LIVENESS"]
        {
            command.env_remove(variable);
        }
        command.envs(self.liveness.iter().map(|liveness| ("SNUG_LIVENESS", liveness)));
        if let Some(backend) = &self.backend {
            command.arg(format!("-Zcodegen-backend={}", backend.display()));
        }
        command
    }

    /// Runs a command that compiles.
    pub(super) fn compile(&self, mut command: Command, source: &Path) -> Result<()> {
        let program = command.get_program().to_string_lossy().into_owned();
        let output = command.output().with_context(|| match program.as_str() {
            "valgrind" => "valgrind could not be started: install it (Debian: valgrind)".to_owned(),
            program => format!("{program} could not be started"),
        })?;
        if !output.status.success() {
            bail!(
                "{} could not compile {}:\n{}",
                self.title,
                source.display(),
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_a_build_is_an_error_that_says_what_is_needed() {
        let folder = tempfile::tempdir().unwrap();
        let error = other_build(folder.path()).unwrap_err().to_string();
        assert!(error.contains("lib/librustc_codegen_snug") && error.contains("./y.sh build"));
    }
}
