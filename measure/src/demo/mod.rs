//! `y demo`: shows the point on a real program.
//!
//! The program in `examples/tickets` is compiled four times: by the Cranelift twin in the dev profile
//! and by the LLVM twin in the release profile, each with stock's layouts of futures and with Snug's
//! ([`program`]). All four must run and print the same. Then the reports of the builds are read
//! ([`report`]) and compared ([`compare`]): no future may be bigger than with stock's layout.

mod compare;
mod names;
mod program;
mod report;
mod table;

use std::path::Path;

use anyhow::{Result, bail};

use compare::Comparison;
use program::{Backend, CRANELIFT, LLVM, Layout, Program};
use report::Report;
use y::cache::Cache;
use y::config::Config;
use y::prepare::Prepared;
use y::ui::Ui;

/// How many of the futures that shrank most are shown.
const SHOWN: usize = 15;

/// Options of `y demo`.
#[derive(Debug, clap::Args)]
pub struct Options {}

/// Runs the demo.
pub fn run(config: &Config, ui: &Ui, prepared: &Prepared, _options: &Options) -> Result<()> {
    let cache = Cache::open(&config.cache)?;
    let (cranelift, cranelift_output) = twin(config, &cache, ui, prepared, &CRANELIFT)?;
    println!("\n{}", table::program(&cranelift_output));
    println!("{}", table::shrunk(&cranelift, SHOWN, table::width()));
    println!("{}", table::totals(CRANELIFT.title, &cranelift));
    let (llvm, llvm_output) = twin(config, &cache, ui, prepared, &LLVM)?;
    println!("\n{}", table::totals(LLVM.title, &llvm));
    same_output([(CRANELIFT.title, &cranelift_output), (LLVM.title, &llvm_output)])
}

/// Builds and runs the program with both layouts. Returns what was found, and what the program has
/// printed.
fn twin(
    config: &Config,
    cache: &Cache,
    ui: &Ui,
    prepared: &Prepared,
    backend: &Backend,
) -> Result<(Comparison, String)> {
    let layouts = [Layout::Classic, Layout::Packed];
    let programs = layouts.map(|layout| Program { backend, layout });
    let places = program::build(config, cache, ui, prepared, &programs)?;
    let run = |index: usize| {
        let step = format!("run examples/tickets: {}", programs[index].title());
        ui.step(&step, |_| programs[index].run(&places[index]))
    };
    let (stock, snug) = (run(0)?, run(1)?);
    same_output([(programs[0].title(), &stock), (programs[1].title(), &snug)])?;
    let comparison =
        Comparison::new(read(&places[0], Layout::Classic)?, read(&places[1], Layout::Packed)?);
    if !comparison.grown.is_empty() {
        bail!(
            "{} futures are bigger with Snug's layout than with stock's ({}):\n{}",
            comparison.grown.len(),
            backend.title,
            table::futures(&comparison.grown, table::width())
        );
    }
    Ok((comparison, stock))
}

/// Reads the report of a finished program.
fn read(place: &Path, layout: Layout) -> Result<Report> {
    let report = Report::read(&place.join(program::REPORT))?;
    report.require_layout(layout.name())?;
    Ok(report)
}

/// Fails if two builds of the program have printed different results.
fn same_output<T: std::fmt::Display>([one, two]: [(T, &String); 2]) -> Result<()> {
    if one.1 != two.1 {
        bail!(
            "Two builds of the same program do not agree, so one of them is wrong.\n{}: {}\n{}: {}",
            one.0,
            one.1,
            two.0,
            two.1
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_results_are_an_error() {
        let (one, two) = ("1 answer".to_string(), "2 answers".to_string());
        assert!(same_output([("a", &one), ("b", &one)]).is_ok());
        let error = same_output([("a", &one), ("b", &two)]).unwrap_err();
        assert!(error.to_string().contains("b: 2 answers"), "{error}");
    }
}
