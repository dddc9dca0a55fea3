//! `y bench debug`: programs without optimisation, built and run by four compilers in turn.
//!
//! ```text
//! bench/debug ──► compilers ──► rounds: clean, edits, runs ──► figures ──► table, floors
//!                                frames of the programs
//! ```
//!
//! The five programs are one workspace, and are built together: cargo's dev profile, two jobs, offline once everything has been
//! downloaded. What they compute must be the same under all compilers, or this fails.

mod compilers;
mod figures;
mod findings;
mod frames;
mod rounds;
mod table;

use anyhow::Result;

use self::compilers::Compilers;
use self::rounds::Bench;
use super::{floors, stock};
use crate::report::Sink;
use y::cache::{Cache, remove};
use y::config::Config;
use y::disk;
use y::prepare::Prepared;
use y::ui::Ui;

/// What the workspace, built by four compilers, takes on disk.
const MEGABYTES: u64 = 2500;

/// Options of `y bench debug`.
#[derive(Debug, clap::Args)]
#[group(id = "debug")]
pub(super) struct Options {
    /// Debug: how often everything is built and run
    #[arg(id = "debug-rounds", long = "debug-rounds", value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,
}

/// Measures, prints, and fails if programs compute different things or a floor is missed.
pub(super) fn run(
    config: &Config,
    ui: &Ui,
    prepared: &Prepared,
    options: &Options,
    sink: &Sink,
) -> Result<()> {
    disk::require(config, MEGABYTES, "build five programs with four compilers")?;
    let cg_clif = stock::cg_clif(config, &Cache::open(&config.cache)?, ui, prepared)?;
    let folder = config.in_root("build/bench-debug");
    remove(&folder)?;
    let compilers = Compilers::new(config, prepared, cg_clif)?;
    let bench = Bench::new(config, &compilers, &folder)?;
    let figures = bench.run(ui, options.rounds.into())?;
    remove(&folder)?;
    println!("{}", table::table(&figures));
    sink.write("debug", findings::findings(&figures))?;
    floors::check("debug", &table::floors(&figures))
}
