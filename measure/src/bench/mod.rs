//! `y bench`: measures what docs/claims.md claims, always side by side and in one run.

mod cases;
mod compile;
mod compilers;
mod copies;
mod debug;
mod firmware;
mod floors;
mod marker;
mod ratio;
mod runtime;
mod sizes;
mod statics;
mod stock;
mod time;
mod unwinding;
mod wilcoxon;
mod workspaces;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::report::Sink;
use y::build;
use y::cargo::succeeded;
use y::config::Config;
use y::prepare::Prepared;
use y::ui::Ui;

/// What cargo's dev profile means to rustc.
const DEV_PROFILE: [&str; 4] =
    ["-Copt-level=0", "-Cdebuginfo=2", "-Cdebug-assertions=on", "-Coverflow-checks=on"];

/// Options of `y bench`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// What to measure [default: everything but cases, compile, debug, firmware, runtime and workspaces]
    #[arg(value_enum)]
    what: Vec<Bench>,
    /// Copies: print a line for each async fn, instead of one for each family
    #[arg(long)]
    each: bool,
    /// Runtime and workspaces: measure exactly so often [default: runtime, as often as its power needs; workspaces, 3 times]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    rounds: Option<u16>,
    /// Runtime and workspaces: only this row, or this workspace
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Write what was found to a file for `./y.sh figures`: cases, copies, debug, firmware, runtime or workspaces, and nothing else in the same command
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    #[command(flatten)]
    runtime: runtime::Options,
    #[command(flatten)]
    compile: compile::Options,
    #[command(flatten)]
    debug: debug::Options,
    #[command(flatten)]
    firmware: firmware::Options,
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
    /// What an embassy firmware takes of a microcontroller's memory, compared to stock rustc: tasks' pools, code, stack, frames
    Firmware,
    /// How long five projects from the registry take to build, clean and after an edit: with stock rustc, upstream
    /// cg_clif and `cargo snug`. Takes most of an hour
    Workspaces,
    /// Optimised programs: processor time, memory and allocations of tokio, axum, hyper, tonic, sqlx, rustls and futures, with
    /// stock rustc, Snug and the layout of rustc's pull request, until differences of 2 % are seen. Takes more than an hour
    Runtime,
    /// What users have reported about the stack and the size of their futures, in dev and release builds, with stock and Snug
    Cases,
}

impl Bench {
    /// Whether it writes what it has found.
    fn has_json(self) -> bool {
        use Bench::*;
        matches!(self, Cases | Copies | Debug | Firmware | Runtime | Workspaces)
    }
}

impl Options {
    /// Fails if they do not fit each other. To be asked before anything is built.
    pub fn check(&self) -> Result<()> {
        if self.json.is_some() && !matches!(&*self.what, [one] if one.has_json()) {
            bail!(
                "`--json` needs exactly one of cases, copies, debug, firmware, runtime and workspaces, as in: ./y.sh bench runtime --json FILE"
            );
        }
        Ok(())
    }
}

/// Runs the benchmarks.
pub fn run(config: &Config, ui: &Ui, prepared: &Prepared, options: &Options) -> Result<()> {
    let wanted = |bench| options.what.is_empty() || options.what.contains(&bench);
    let sink = Sink::new(config, options.json.as_deref());
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
        missed = missed.and(copies::run(config, ui, prepared, options.each, &sink));
    }
    // Only when asked for: it takes half an hour.
    if options.what.contains(&Bench::Compile) {
        missed = missed.and(compile::run(config, ui, prepared, &options.compile));
    }
    if options.what.contains(&Bench::Debug) {
        missed = missed.and(debug::run(config, ui, prepared, &options.debug, &sink));
    }
    if options.what.contains(&Bench::Firmware) {
        missed = missed.and(firmware::run(config, ui, prepared, &options.firmware, &sink));
    }
    // Only when asked for: it takes longer than all others, and downloads.
    if options.what.contains(&Bench::Workspaces) {
        let rounds = options.rounds.unwrap_or(3).into();
        let only = options.only.as_deref();
        missed = missed.and(workspaces::run(config, ui, prepared, rounds, only, &sink));
    }
    // Only when asked for, like all that takes long.
    if options.what.contains(&Bench::Cases) {
        missed = missed.and(cases::run(config, ui, prepared, &sink));
    }
    if options.what.contains(&Bench::Runtime) {
        let wanted = runtime::Wanted {
            rounds: options.rounds.map(usize::from),
            only: options.only.as_deref(),
            options: &options.runtime,
        };
        missed = missed.and(runtime::run(config, ui, prepared, &wanted, &sink));
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
