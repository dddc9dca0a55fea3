//! `y bench compile`: how long crates with large coroutines take to compile.
//!
//! ```text
//! programs ──► rounds ──────► figures ──► table
//!              compilers
//! ```
//!
//! Each program ([`programs`]) is compiled at two sizes by stock rustc with LLVM and with cg_clif, and by both twins of Snug;
//! with `--against`, also by both twins of another build of Snug, such as that of the commit before. What counts is processor
//! time of the whole compilation, linking included, at the settings of cargo's dev profile, or instructions ([`meter`]). All compile in turn, and who begins
//! changes from round to round. All programs of one text must print the same.
//!
//! The floors: 400 captures take at most 1.5 times stock's time, and more of them hardly more of it (LLVM); awaits and statements take at most
//! 1.1 times stock's time; stock's is that of the same code generator; and no program takes longer than with the other build.

mod compilers;
mod figures;
mod meter;
mod programs;
mod rounds;
mod table;

use std::path::PathBuf;

use anyhow::Result;

use self::compilers::Compiler;
use self::figures::Figures;
use self::meter::Meter;
use self::programs::Program;
use super::{floors, stock};
use y::cache::Cache;
use y::config::Config;
use y::prepare::Prepared;
use y::ui::Ui;

/// Options of `y bench compile`.
#[derive(Debug, clap::Args)]
#[group(id = "compile")]
pub(super) struct Options {
    /// Compile: another build of Snug to compare with: the folder `dist` of another clone
    #[arg(long, value_name = "DIST")]
    against: Option<PathBuf>,
    /// Compile: let our twins have this `SNUG_LIVENESS`, to compare with a build that had no other
    #[arg(long, value_name = "LIVENESS", value_parser = ["moves", "stock"])]
    liveness: Option<String>,
    /// Compile: what counts
    #[arg(long, value_enum, value_name = "WHAT", default_value = "time")]
    meter: Meter,
    /// Compile: how often everything is compiled [default: 7 times, once for instructions]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    repeat: Option<u16>,
    /// Compile: do without upstream cg_clif, which has to be compiled first
    #[arg(long)]
    skip_upstream: bool,
    /// Compile: only this program
    #[arg(long, value_name = "NAME", value_parser = names())]
    program: Option<String>,
    /// Compile: four times as many awaits and ten times as many nested futures. rustc's type check alone takes
    /// minutes for each compilation
    #[arg(long)]
    full: bool,
}

fn names() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(programs::ALL.map(|program| program.name))
}

/// Measures, prints, and fails if a floor is missed, or if two compilers disagree about what a program does.
pub(super) fn run(config: &Config, ui: &Ui, prepared: &Prepared, options: &Options) -> Result<()> {
    let cg_clif = match options.skip_upstream {
        true => None,
        false => Some(stock::cg_clif(config, &Cache::open(&config.cache)?, ui, prepared)?),
    };
    let mut compilers = compilers::always(config, cg_clif, options.liveness.as_deref());
    if let Some(dist) = &options.against {
        compilers.extend(compilers::other_build(&std::path::absolute(dist)?)?);
    }
    if config.dev {
        ui.note("!", "the backend was compiled with --dev: it is slower than what users get");
    }
    let wanted =
        |it: &&Program| options.program.as_deref().is_none_or(|program| program == it.name);
    let mut missed = Vec::new();
    for program in programs::ALL.iter().filter(wanted) {
        let figures = measure(config, ui, prepared, program, &compilers, options)?;
        println!("{}", table::table(&figures, options.meter.unit()));
        missed.extend(figures.floors());
    }
    floors::check("compile", &missed)
}

fn measure(
    config: &Config,
    ui: &Ui,
    prepared: &Prepared,
    program: &Program,
    compilers: &[Compiler],
    options: &Options,
) -> Result<Figures> {
    let sizes = program.sizes(options.full);
    let folder = config.in_root("build/compile").join(program.name);
    let meter = options.meter;
    let bench = rounds::Bench { prepared, compilers, meter, folder };
    let [half, whole] = sizes.map(|size| program.text(size));
    let rounds = options.repeat.unwrap_or(meter.rounds());
    let samples = bench.run(ui, program, sizes, [&half, &whole], rounds.into())?;
    Ok(Figures::new(program, sizes, compilers, &samples))
}
