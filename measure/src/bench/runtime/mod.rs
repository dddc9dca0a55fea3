//! `y bench runtime`: optimised programs at work: stock rustc's, Snug's, and those with the layout of rustc's pull request #135527.
//!
//! ```text
//! bench/runtime ──► programs ──► rounds: process, process, process, in random order ──► figures ──► table, floors
//!                   3 compilers          a server has a load beside it
//! ```
//!
//! What is compared is processor time, in pairs: runs of the same round. Each row is measured until a difference of 2 % would be seen
//! with a probability of 0.9 at one-sided p < 0.05, or until time is up; [`figures::Power`] says how that is known. Memory
//! is that of the same runs; allocations and what the processor counts come from runs of their own.

mod figures;
mod findings;
mod floors;
mod process;
mod programs;
mod rounds;
mod rows;
mod table;

use std::time::Duration;

use anyhow::{Result, bail};

use self::figures::Power;
use self::programs::Programs;
use self::rounds::Until;
use self::rows::Row;
use crate::report::Sink;
use y::config::Config;
use y::disk;
use y::prepare::Prepared;
use y::ui::Ui;

/// What the workspace, built by three compilers, takes on disk.
const MEGABYTES: u64 = 3000;
/// What is to be seen, and how likely.
const POWER: Power = Power { effect: 0.02, power: 0.9 };

/// Options of `y bench runtime`.
#[derive(Debug, clap::Args)]
#[group(id = "runtime")]
pub(super) struct Options {
    /// Runtime: begin no round after so many minutes of measuring, once each row has ten
    #[arg(long, value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..))]
    limit: u16,
}

/// What is wanted of it.
#[derive(Debug)]
pub(super) struct Wanted<'a> {
    pub(super) rounds: Option<usize>,
    /// The name of a row.
    pub(super) only: Option<&'a str>,
    pub(super) options: &'a Options,
}

/// Measures, prints, and fails if programs compute different things or a floor is missed.
pub(super) fn run(
    config: &Config,
    ui: &Ui,
    prepared: &Prepared,
    wanted: &Wanted<'_>,
    sink: &Sink,
) -> Result<()> {
    let rows = chosen(wanted.only)?;
    disk::require(config, MEGABYTES, "build bench/runtime with three compilers")?;
    let programs = Programs::build(config, ui, prepared)?;
    let until = match wanted.rounds {
        Some(rounds) => Until::Rounds(rounds),
        None => Until::Power(POWER, Duration::from_secs(60 * u64::from(wanted.options.limit))),
    };
    let measured = rounds::measure(ui, &programs, &rows, until)?;
    println!("{}", table::tables(&measured));
    let floors = floors::floors(&measured);
    sink.write("runtime", findings::findings(&measured, &floors))?;
    super::floors::check("runtime", &floors)
}

fn chosen(only: Option<&str>) -> Result<Vec<Row>> {
    let chosen = rows::ALL.into_iter().filter(|row| only.is_none_or(|name| name == row.name));
    let chosen: Vec<Row> = chosen.collect();
    if chosen.is_empty() {
        let names = rows::ALL.map(|row| row.name).join(", ");
        bail!("`{}` is no row of this benchmark: take one of {names}.", only.unwrap_or_default());
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_can_be_chosen() {
        assert_eq!(chosen(None).unwrap().len(), rows::ALL.len());
        assert_eq!(chosen(Some("axum-idle")).unwrap().len(), 1);
        assert!(chosen(Some("axum")).unwrap_err().to_string().contains("multi-select"));
    }
}
