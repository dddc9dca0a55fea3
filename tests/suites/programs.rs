//! Other people's programs, as published, do the same when `cargo snug` builds them (`docs/crates.md`).
//!
//! Only with `SNUG_LONG=1`: they are downloaded, and compiled twice in each profile. Otherwise just the table is
//! checked. Each program has a test per way; stock's says that it does what is expected, and that nothing but what
//! the table knows of fails. After each, a table of all counts is written.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::crates::results::Results;
use snug_tests::harness::{self, Shared, Tools};
use snug_tests::packages;
use snug_tests::programs::sources::Place;
use snug_tests::programs::suite::{self, Outcome};
use snug_tests::programs::table::{self, Program};
use snug_tests::programs::way::Way;

/// What the tests share.
struct Suite {
    tools: Tools,
    programs: Vec<Program>,
    place: Shared<Place>,
    /// Programs listen at ports and their tests depend on time, so there is one at a time.
    turn: Mutex<()>,
}

fn main() -> ExitCode {
    harness::main(|tools| {
        let programs = table::read()?;
        let mut tests = vec![harness::test("programs: everything is pinned", pinned)];
        if harness::long() {
            let (place, turn) = (Shared::default(), Mutex::new(()));
            let suite = Suite { tools, programs, place, turn };
            tests.extend(tests_of(Box::leak(Box::new(suite))));
        }
        Ok(tests)
    })
}

fn pinned() -> Result<()> {
    for program in table::read()?.iter().filter(|program| program.sha256.is_none()) {
        let path = table::folder().join("packages").join(&program.name).join("Cargo.lock");
        table::check_lock(program, &packages::text_of(&path)?)?;
    }
    Ok(())
}

fn tests_of(suite: &'static Suite) -> Vec<Trial> {
    let mut tests = Vec::new();
    for program in &suite.programs {
        let mut stocks: BTreeMap<String, Shared<Outcome>> = BTreeMap::new();
        for way in Way::all() {
            let stock = stocks.entry(way.by_stock().to_string()).or_default().clone();
            let lacks = program.lacks(suite.tools);
            let hint = lacks.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
            let name = format!("programs: {} {} {way}{hint}", program.name, program.version);
            let test = harness::test(name.clone(), move || {
                let _turn = suite.turn.lock().unwrap_or_else(PoisonError::into_inner);
                let verdict = suite.judge(program, way, &stock);
                packages::keep(suite.place()?.root(), &name, &verdict)?;
                verdict
            });
            tests.push(test.with_ignored_flag(lacks.is_some()));
        }
    }
    tests
}

impl Suite {
    fn place(&self) -> Result<&Place> {
        self.place.get(Place::find)
    }

    fn judge(&self, program: &Program, way: Way, stock: &Shared<Outcome>) -> Result<()> {
        let stock = stock.get(|| self.run(program, way.by_stock()))?;
        match way.with_snug {
            false => suite::known(program, stock),
            true => suite::same(program, stock, &self.run(program, way)?),
        }
    }

    /// Builds a program, does everything with it, and shows all counts so far.
    fn run(&self, program: &Program, way: Way) -> Result<Outcome> {
        let place = self.place()?;
        let outcome = suite::run(self.tools, place, program, way)?;
        let mut results = Results::read(place.root());
        results.add(&program.of_crates(), way.of_crates(), &outcome.came)?;
        let all: Vec<_> = self.programs.iter().map(Program::of_crates).collect();
        let table = results.table(&all, &Way::all().map(Way::of_crates));
        packages::show_results(place.root(), &table)?;
        Ok(outcome)
    }
}
