//! `y bench`: measures what docs/figures.md claims, always side by side and in one run.

mod compile;
mod copies;
mod debug;
mod floors;
mod marker;
mod ratio;
mod sizes;
mod statics;
mod stock;
mod time;
mod unwinding;
mod workspaces;

use anyhow::{Context, Result};

use crate::build;
use crate::cargo::succeeded;
use crate::config::Config;
use crate::prepare::Prepared;
use crate::ui::Ui;

/// What cargo's dev profile means to rustc.
const DEV_PROFILE: [&str; 4] =
    ["-Copt-level=0", "-Cdebuginfo=2", "-Cdebug-assertions=on", "-Coverflow-checks=on"];

/// Options of `y bench`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// What to measure [default: everything but compile, debug and workspaces]
    #[arg(value_enum)]
    what: Vec<Bench>,
    /// Copies: print a line for each async fn, instead of one for each family
    #[arg(long)]
    each: bool,
    #[command(flatten)]
    compile: compile::Options,
    #[command(flatten)]
    debug: debug::Options,
    #[command(flatten)]
    workspaces: workspaces::Options,
}

/// Something to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Bench {
    /// How close the packing algorithm comes to the optimum, and how long it takes
    Packing,
    /// What the first poll of async fns copies and how much stack polls take in debug builds,
    /// compared to stock rustc with LLVM and with Cranelift
    Copies,
    /// What it costs that crates are marked: sizes of files, time of compiling and linking
    Marker,
    /// How near `cargo snug sizes` comes to `cargo check`, and how far it is from a build
    Sizes,
    /// What large statics cost, in the program and while it is compiled, compared to stock rustc
    Statics,
    /// What unwinding costs in build time: the program of the demo, compiled with and without
    Unwinding,
    /// How long crates with large coroutines take to compile, compared to stock rustc, upstream cg_clif and, with
    /// `--against`, another build of Snug
    Compile,
    /// Programs without optimisation: how long they take to build and to run, and what stack they need, with stock
    /// rustc, upstream cg_clif and both twins. Takes half an hour
    Debug,
    /// How long five projects from the registry take to build, clean and after an edit: with stock rustc, upstream
    /// cg_clif and `cargo snug`. Takes most of an hour
    Workspaces,
}

/// Runs the benchmarks.
pub fn run(config: &Config, ui: &Ui, prepared: &Prepared, options: &Options) -> Result<()> {
    let wanted = |bench| options.what.is_empty() || options.what.contains(&bench);
    if wanted(Bench::Packing) {
        packing(config, prepared)?;
    }
    if wanted(Bench::Unwinding) {
        unwinding::run(config, ui, prepared)?;
    }
    // These fail where a floor is missed; what comes after is measured all the same.
    let mut missed = Ok(());
    if wanted(Bench::Marker) {
        missed = marker::run(config, ui, prepared);
    }
    if wanted(Bench::Statics) {
        missed = missed.and(statics::run(config, ui, prepared));
    }
    if wanted(Bench::Sizes) {
        missed = missed.and(sizes::run(config, ui, prepared));
    }
    if wanted(Bench::Copies) {
        missed = missed.and(copies::run(config, ui, prepared, options.each));
    }
    // Only when asked for: it takes half an hour.
    if options.what.contains(&Bench::Compile) {
        missed = missed.and(compile::run(config, ui, prepared, &options.compile));
    }
    if options.what.contains(&Bench::Debug) {
        missed = missed.and(debug::run(config, ui, prepared, &options.debug));
    }
    // Only when asked for: it takes longer than all others, and downloads.
    if options.what.contains(&Bench::Workspaces) {
        missed = missed.and(workspaces::run(config, ui, prepared, &options.workspaces));
    }
    missed
}

fn packing(config: &Config, prepared: &Prepared) -> Result<()> {
    for example in ["gap", "times"] {
        println!("packing, {example}:");
        let mut cargo = build::cargo_command(config, prepared)?;
        cargo
            .args(["run", "--quiet", "--release", "--locked", "--example", example])
            .current_dir(config.in_root("packing"))
            .env("CARGO_TARGET_DIR", config.in_root("build/packing"));
        succeeded(cargo.status().context("cargo could not be started")?, "cargo")?;
    }
    Ok(())
}
