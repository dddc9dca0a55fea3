//! Runs all tests of a crate, compiled in one way.
//!
//! Many tests depend on time, and fail now and then on a busy machine. So whatever fails runs again, on its own,
//! and so does whatever a program did not come to because another test crashed it or never ended. The
//! results say how often that was.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::Result;
use crate::harness::Tools;

use super::build;
use super::libtest::{Outcome, Setting, WHOLE};
use super::sources::Workspace;
use super::table::Crate;
use super::way::Way;

/// For all tests of a program.
const LIMIT: Duration = Duration::from_secs(900);
/// For a test on its own.
const ONE: Duration = Duration::from_secs(120);
/// How often a test may run again.
const CHANCES: usize = 3;

/// How a crate's tests came out.
#[derive(Clone, Debug, Default)]
pub struct Came {
    /// Each test that was run: `target::test`.
    pub tests: BTreeMap<String, Outcome>,
    /// Each test that the table skips.
    pub skipped: BTreeSet<String>,
    /// Those that passed only when they ran again, alone; and programs that ended in the middle.
    pub again: BTreeSet<String>,
    /// Targets that could not be compiled.
    pub broken: BTreeMap<String, String>,
}

/// Compiles a crate's tests and runs them.
pub fn run(tools: Tools, workspace: &Workspace, krate: &Crate, way: Way) -> Result<Came> {
    workspace.unpack(krate)?;
    let built = build::tests(tools, workspace, krate, way)?;
    let mut came = Came { broken: built.broken, ..Came::default() };
    let folder = workspace.member(krate);
    for program in &built.programs {
        let environment = build::environment(workspace, krate);
        let setting = Setting { program: &program.file, folder: &folder, environment };
        came.add(krate, &program.target, &setting)?;
    }
    Ok(came)
}

impl Came {
    /// Runs the tests of one program, a target of the crate.
    pub fn add(&mut self, krate: &Crate, target: &str, setting: &Setting<'_>) -> Result<()> {
        let full = |name: &str| format!("{target}::{name}");
        // Such a program has no list: asked for it, it would run.
        if krate.skips(&full(WHOLE)) {
            self.skipped.insert(full(WHOLE));
            return Ok(());
        }
        let Some(names) = setting.list(ONE)? else {
            let outcome = self.repeat(krate, &full(WHOLE), || setting.whole(LIMIT))?;
            self.tests.insert(full(WHOLE), outcome);
            return Ok(());
        };
        let (skipped, wanted): (Vec<&str>, Vec<&str>) =
            names.iter().map(String::as_str).partition(|name| krate.skips(&full(name)));
        self.skipped.extend(skipped.iter().map(|name| full(name)));
        let run = setting.all(&skipped, LIMIT)?;
        if let Some(accident) = run.accident {
            let first = accident.lines().next().unwrap_or_default();
            self.again.insert(format!("{target} ({first})"));
        }
        for name in wanted {
            let mut first = run.tests.get(name).cloned();
            let outcome = self.repeat(krate, &full(name), || match first.take() {
                Some(outcome) => Ok(outcome),
                None => setting.one(name, ONE),
            })?;
            self.tests.insert(full(name), outcome);
        }
        Ok(())
    }

    /// Runs a test until it passes, unless it is known to fail.
    fn repeat(
        &mut self,
        krate: &Crate,
        name: &str,
        mut run: impl FnMut() -> Result<Outcome>,
    ) -> Result<Outcome> {
        let first = run()?;
        let known = krate.failing.contains_key(name) || krate.smaller.contains_key(name);
        if known || !matches!(first, Outcome::Failed(_)) {
            return Ok(first);
        }
        for _ in 0..CHANCES {
            let outcome = run()?;
            if !matches!(outcome, Outcome::Failed(_)) {
                self.again.insert(name.to_owned());
                return Ok(outcome);
            }
        }
        Ok(first)
    }

    /// How many tests came out like this.
    pub fn count(&self, like: impl Fn(&Outcome) -> bool) -> usize {
        self.tests.values().filter(|outcome| like(outcome)).count()
    }
}
