//! Crates of the registry that did not build, did not link or did something else: as programs that use them.
//!
//! The programs are those of the suite `programs` (`tests/programs/packages`), with lock files of their own. `cargo snug` builds them in the
//! dev and the release profile, and they must print what stock's print.

use std::sync::{Mutex, PoisonError};

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::harness::{self, Tools};
use snug_tests::programs::sources::Place;
use snug_tests::programs::suite;
use snug_tests::programs::table::{self, Program};
use snug_tests::programs::way::Way;

/// What users have reported, and the program that shows it.
const REPORTS: [(&str, &str); 3] = [
    // The names that bindgen gives to C's functions begin with `\u{1}`.
    ("aws-lc-rs 1.14.1", "rustls-aws-lc"),
    // Its build script reads `rustc -vV` with rustc_version 0.2.
    ("cortex-m 0.7", "firmware"),
    ("embassy-executor 0.10", "embassy-host"),
];

/// Where they are tried out is one folder for all.
static TURN: Mutex<()> = Mutex::new(());

/// Part of the long run alone: what the programs depend on is downloaded.
pub(crate) fn tests(tools: Tools) -> Result<Vec<Trial>> {
    let programs = table::read()?;
    let test = |(report, name): (&str, &str)| {
        let program = programs.iter().find(|program| program.name == name).cloned();
        let program = program.ok_or_else(|| format!("there is no program `{name}`"))?;
        let lacks = program.lacks(tools);
        let hint = lacks.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
        let name = format!("reports: registry: {report}{hint}");
        let test = harness::test(name, move || as_stock(tools, &program));
        Ok(test.with_ignored_flag(lacks.is_some()))
    };
    REPORTS.into_iter().map(test).collect()
}

fn as_stock(tools: Tools, program: &Program) -> Result<()> {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let place = Place::find()?;
    for way in Way::all().into_iter().filter(|way| way.with_snug) {
        let stock = suite::run(tools, &place, program, way.by_stock())?;
        suite::known(program, &stock)?;
        let snug = suite::run(tools, &place, program, way)?;
        suite::same(program, &stock, &snug).map_err(|error| format!("{way}: {error}"))?;
    }
    Ok(())
}
