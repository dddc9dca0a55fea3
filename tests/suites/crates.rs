//! The test suites of other people's crates come out under Snug as under stock rustc (`docs/crates.md`).
//!
//! Only with `SNUG_LONG=1`: the crates are downloaded, and compiled with three compilers. Otherwise just the table
//! is checked. Each crate has a test per compiler; stock's says that nothing but what the table knows of
//! fails. The tests called `released: ..` do the same for what Cargo's release profile makes of a crate. After each, a
//! table of all counts is written.

use std::process::ExitCode;
use std::sync::{Mutex, MutexGuard, PoisonError};

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::compiler::Compiler;
use snug_tests::crates::results::Results;
use snug_tests::crates::sources::Workspace;
use snug_tests::crates::suite::{self, Came};
use snug_tests::crates::table::{self, Crate};
use snug_tests::crates::verdict;
use snug_tests::crates::way::{Profile, Way};
use snug_tests::harness::{self, Shared, Tools};
use snug_tests::packages;

/// What the tests share.
struct Suite {
    tools: Tools,
    crates: Vec<Crate>,
    workspace: Shared<Workspace>,
    /// Crates' tests depend on time, so one crate runs at a time.
    turn: Mutex<()>,
}

fn main() -> ExitCode {
    harness::main(|tools| {
        let crates = table::read()?;
        let mut tests = vec![harness::test("crates: every crate is pinned", pinned)];
        if harness::long() {
            let turn = Mutex::new(());
            let suite = Suite { tools, crates, workspace: Shared::default(), turn };
            let suite: &'static Suite = Box::leak(Box::new(suite));
            tests
                .extend(Profile::ALL.into_iter().flat_map(|profile| suite_of_each(suite, profile)));
        }
        Ok(tests)
    })
}

fn pinned() -> Result<()> {
    let read = |name: &str| packages::text_of(&table::folder().join(name));
    table::check_locks(&table::read()?, &read("Cargo.lock")?, &read("sources.lock")?)
}

fn suite_of_each(suite: &'static Suite, profile: Profile) -> Vec<Trial> {
    // Neither name is part of the other: whoever asks for `crates` does not wait for both.
    let kind = match profile {
        Profile::Dev => "crates",
        Profile::Release => "released",
    };
    let mut tests = Vec::new();
    for krate in suite.crates.iter().filter(|krate| !krate.helper) {
        let stock: Shared<Came> = Shared::default();
        for way in profile.ways() {
            let stock = stock.clone();
            let who = match way.compiler {
                Compiler::Stock => "stock".to_owned(),
                Compiler::Snug(generator, _) => generator.to_string(),
            };
            let name = format!("{kind}: {} {} {who}", krate.name, krate.version);
            tests.push(harness::test(name.clone(), move || {
                let _turn = suite.turn();
                let verdict = suite.judge(krate, way, &stock);
                packages::keep(suite.workspace()?.root(), &name, &verdict)?;
                verdict
            }));
        }
    }
    tests
}

impl Suite {
    fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn workspace(&self) -> Result<&Workspace> {
        self.workspace.get(|| Workspace::make(self.tools, &self.crates))
    }

    fn judge(&self, krate: &Crate, way: Way, stock: &Shared<Came>) -> Result<()> {
        let by_stock = Way { compiler: Compiler::Stock, ..way };
        let stock = stock.get(|| self.run(krate, by_stock))?;
        match way.compiler {
            Compiler::Stock => verdict::known(krate, stock),
            Compiler::Snug(..) => verdict::same(krate, stock, &self.run(krate, way)?),
        }
    }

    /// Runs a crate's tests, and shows all counts so far.
    fn run(&self, krate: &Crate, way: Way) -> Result<Came> {
        let workspace = self.workspace()?;
        let came = suite::run(self.tools, workspace, krate, way)?;
        let mut results = Results::read(workspace.root());
        results.add(krate, way, &came)?;
        let tables = results.tables(&self.crates);
        packages::show_results(workspace.root(), &tables)?;
        Ok(came)
    }
}
