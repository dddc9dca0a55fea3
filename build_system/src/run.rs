//! `y run`: one file under stock rustc and Snug, in seconds, for someone who edits Snug.
//!
//! Only what that needs is built: one of the twins. The comparison itself belongs to the tests' library (`tests/src/look.rs`), which knows
//! how test programs ask to be compiled, and what differs from run to run.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::config::Config;
use crate::prepare::Prepared;
use crate::test::cargo_of_tests;

/// Options of `y run`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The program. Lines `//@ edition: 2021`, `//@ compile-flags: -O` and so on are heeded as in `tests/run`
    pub file: PathBuf,
    /// What generates Snug's code
    #[arg(long, default_value = "cranelift", value_parser = ["cranelift", "llvm"])]
    pub twin: String,
    /// How Snug lays coroutines out
    #[arg(long, default_value = "packed", value_parser = ["packed", "captures-only", "classic"])]
    pub layout: String,
    /// Show what the pass does to each body, and keep all its dumps in build/run
    #[arg(long)]
    pub dump_mir: bool,
    /// More for both compilers, after `--`: `-- -O`
    #[arg(last = true)]
    pub flags: Vec<String>,
}

impl Options {
    /// Whether it is about the LLVM twin.
    pub fn is_llvm(&self) -> bool {
        self.twin == "llvm"
    }
}

/// Compiles and runs the file.
pub fn run(config: &Config, prepared: &Prepared, options: &Options) -> Result<()> {
    let file = std::path::absolute(&options.file)?;
    let file = file.canonicalize().with_context(|| {
        format!("{} cannot be read: a file with a Rust program is needed", file.display())
    })?;
    let dumps = match options.dump_mir {
        true => dumps(config, &file),
        false => PathBuf::new(),
    };
    let status = Command::new(look(config, prepared)?)
        .args([file.as_path(), Path::new(&options.twin), Path::new(&options.layout), &dumps])
        .args(&options.flags)
        .current_dir(config.in_root("tests"))
        .env("RUSTC", &prepared.toolchain.rustc)
        .status()
        .context("the comparison cannot be started")?;
    match status.code() {
        Some(0) => Ok(()),
        Some(1) => bail!("stock and Snug differ: see above"),
        _ => bail!("stock and Snug could not be compared: see above"),
    }
}

fn dumps(config: &Config, file: &Path) -> PathBuf {
    config.in_root("build/run").join(file.file_stem().unwrap_or_default())
}

/// The program that compares.
fn look(config: &Config, prepared: &Prepared) -> Result<PathBuf> {
    let (mut cargo, target) = cargo_of_tests(config, prepared);
    let built = cargo.args(["build", "--quiet", "--locked", "--bin", "look"]).status();
    match built.context("cargo cannot be run")?.success() {
        true => Ok(target.join("debug/look")),
        false => bail!("The tests' library could not be compiled: see above"),
    }
}
