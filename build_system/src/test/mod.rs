//! `y test`: runs the suites that are asked for, one after the other, and says how each came out and how long it took.
//!
//! All suites run, also after one has failed; what failed is said once more at the end, where whoever reads a log
//! looks first. With a filter, only what its tests need is built: see [`selection`] for suites. The suites of
//! `tests/` are compiled and asked for the names of their tests, and the backends with faults and sccache are made if a
//! suite with such a test uses them.

mod outcome;
mod selection;
mod suite;

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use anyhow::{Result, bail};

pub use outcome::Outcome;
use selection::{CRATES, Selection, TARGET, may_have};

use crate::cache::Cache;
use crate::config::Config;
use crate::prepare::Prepared;
use crate::ui::{Ui, seconds};
use crate::{build, cli, sccache};

/// Options of `y test`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Also run the tests that take long
    #[arg(long)]
    pub long: bool,
    /// Print the names of the tests, and run none
    #[arg(long)]
    pub list: bool,
    /// Run only these tests: a suite (`run`), some of its tests (`run: moves.rs`), or all whose name contains this
    pub filter: Option<String>,
}

/// Runs what is asked for, after building what it needs.
pub fn run(config: &Config, ui: &Ui, options: &Options) -> Result<()> {
    let of_backend = selection::suites(&config.in_root("tests/suites"))?;
    let of_crates = CRATES.iter().map(|it| it.name.to_owned());
    let suites: Vec<String> = of_crates.chain(of_backend.iter().cloned()).collect();
    let selection = Selection::of(options.filter.as_deref(), &suites);
    let asked = |suite: &&String| selection.filter(suite, true).is_some();
    let of_backend: Vec<String> = of_backend.iter().filter(asked).cloned().collect();

    let prepared = match (&selection, of_backend.is_empty()) {
        (Selection::Everything, _) if !options.list => {
            cli::built_for_tests(config, ui, options.long)?
        }
        (_, false) => cli::built(config, ui)?,
        // The crates need no backend.
        (_, true) => cli::ready_to_build(config, ui)?,
    };
    let mut results = Results::default();
    for crate_ in &CRATES {
        let Some(filter) = selection.filter(crate_.name, false) else { continue };
        let is_part = matches!(selection, Selection::Part(_));
        if is_part && !may_have(&config.root, crate_, &filter)? {
            continue;
        }
        results
            .add(crate_.name, || suite::of_crate(config, &prepared, crate_, &filter, options))?;
    }
    if !of_backend.is_empty() {
        let compiled = suite::compile(config, ui, &prepared, &of_backend)?;
        let asked = compiled.into_iter().map(|suite| {
            let filter = selection.filter(&suite.name, true).unwrap_or_default();
            let tests = match (&selection, options.list) {
                // All of them.
                (Selection::Everything, false) => Vec::new(),
                _ => suite.list(config, &prepared, &filter, options)?,
            };
            Ok((suite, filter, tests))
        });
        let mut asked = asked.collect::<Result<Vec<_>>>()?;
        if options.list {
            asked.iter().flat_map(|(_, _, tests)| tests).for_each(|test| println!("{test}"));
            asked.clear();
        }
        if selection != Selection::Everything {
            asked.retain(|(_, _, tests)| !tests.is_empty());
            let needs = |what: &str| {
                let mut all = asked.iter();
                all.any(|(suite, _, tests)| suite.uses(config, what) && tests_use(tests, what))
            };
            build_needed(config, ui, &prepared, options.long, needs)?;
        }
        for (suite, filter, _) in asked {
            results.add(&suite.name, || suite.run(config, &prepared, &filter, options))?;
        }
    }
    if options.list { Ok(()) } else { results.end(options, &suites) }
}

/// What of the tests' own is not always there: the text by which a suite's sources show that they use it.
const FAULTS: &str = "damaged()";
const SCCACHE: &str = "sccache";

/// Whether one of these tests may use it. Those with sccache say so.
fn tests_use(tests: &[String], what: &str) -> bool {
    what != SCCACHE || tests.iter().any(|test| test.contains(SCCACHE))
}

fn build_needed(
    config: &Config,
    ui: &Ui,
    prepared: &Prepared,
    long: bool,
    needs: impl Fn(&str) -> bool,
) -> Result<()> {
    if needs(FAULTS) {
        let cache = Cache::open(&config.cache)?;
        build::with_faults(config, &cache, ui, prepared)?;
        if long {
            build::cranelift_with_faults(config, &cache, ui, prepared)?;
        }
    }
    if long && needs(SCCACHE) {
        sccache::for_tests(config, &Cache::open(&config.cache)?, ui, prepared)?;
    }
    Ok(())
}

/// A call of cargo in the crate of the suites, without its arguments, and its target folder.
pub fn cargo_of_tests(config: &Config, prepared: &Prepared) -> (Command, PathBuf) {
    let target = suite::target_folder(config, TARGET);
    (suite::cargo(config, prepared, &config.in_root(suite::FOLDER), TARGET), target)
}

/// How the suites came out, so far.
#[derive(Default)]
struct Results {
    total: Outcome,
    lines: Vec<String>,
}

impl Results {
    /// Runs a suite. One without a test is not mentioned.
    fn add(&mut self, name: &str, run: impl FnOnce() -> Result<Outcome>) -> Result<()> {
        let start = Instant::now();
        let outcome = run()?;
        if outcome.tests() > 0 {
            let line = format!("{name}: {} ({})", outcome.counts(), seconds(start.elapsed()));
            println!("{line}\n");
            self.lines.push(line);
        }
        self.total.add(outcome);
        Ok(())
    }

    /// Says all of it.
    fn end(self, options: &Options, suites: &[String]) -> Result<()> {
        if self.total.tests() == 0 {
            let filter = options.filter.as_deref().unwrap_or_default();
            let long = if options.long { "" } else { " (nor are those that need --long)" };
            bail!(
                "The filter `{filter}` is neither a suite nor in the name of a test{long}. \
                 `./y.sh test --list` prints the names. Suites: {}.",
                suites.join(", ")
            );
        }
        for failure in &self.total.failures {
            println!("\n{}", outcome::shortened(failure));
        }
        println!("{}", self.lines.join("\n"));
        println!("{}", self.total.counts());
        if self.total.failed > 0 {
            bail!("{} tests failed: see above", self.total.failed);
        }
        Ok(())
    }
}
