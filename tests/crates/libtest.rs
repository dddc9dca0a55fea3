//! Runs a test program and tells how each of its tests came out.
//!
//! libtest says so in JSON, a line per event, so nothing that a test prints is mistaken for it. A program with
//! another harness counts as one test.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde::Deserialize;

use crate::Result;
use crate::command::{self, Finished};
use crate::compiler::clean_environment;

/// How a test came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It passed.
    Passed,
    /// It says that it should not be run.
    Ignored,
    /// It failed, with what it printed.
    Failed(String),
}

/// What a program that has tests is started with.
#[derive(Clone, Debug)]
pub struct Setting<'a> {
    /// The program.
    pub program: &'a Path,
    /// The crate's folder, where the tests run.
    pub folder: &'a Path,
    /// Variables.
    pub environment: Vec<(String, String)>,
}

/// The name of the only test of a program with another harness.
pub const WHOLE: &str = "(main)";

/// How the tests of a program came out, and the program itself.
#[derive(Clone, Debug)]
pub struct Run {
    /// The tests that came to an end, and those that were running when the program did.
    pub tests: BTreeMap<String, Outcome>,
    /// How the program ended, if not as libtest does.
    pub accident: Option<String>,
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    event: String,
    name: Option<String>,
    stdout: Option<String>,
    message: Option<String>,
}

impl Setting<'_> {
    /// The tests that the program has; `None` if it has another harness.
    pub fn list(&self, limit: Duration) -> Result<Option<BTreeSet<String>>> {
        let finished = self.start(&["--list", "--format=terse"], limit)?;
        let names: BTreeSet<String> = finished
            .stdout
            .lines()
            .filter_map(|line| line.strip_suffix(": test"))
            .map(str::to_owned)
            .collect();
        // libtest prints nothing else, and nothing at all where there are no tests.
        let all = finished.success && finished.stdout.lines().all(|line| line.ends_with(": test"));
        Ok(all.then_some(names))
    }

    /// Runs the tests but those that are skipped.
    pub fn all(&self, skipped: &[&str], limit: Duration) -> Result<Run> {
        let mut arguments = vec!["--exact"];
        arguments.extend(skipped.iter().flat_map(|name| ["--skip", name]));
        Ok(read(&self.in_json(&arguments, limit)?))
    }

    /// Runs one test.
    pub fn one(&self, name: &str, limit: Duration) -> Result<Outcome> {
        let finished = self.in_json(&["--exact", name], limit)?;
        let missing = || Outcome::Failed(format!("it did not run: {}", finished.describe()));
        let run = read(&finished);
        Ok(match (run.tests.get(name), run.accident) {
            (Some(Outcome::Failed(text)), _) => Outcome::Failed(text.clone()),
            (_, Some(accident)) => Outcome::Failed(accident),
            (Some(outcome), None) => outcome.clone(),
            (None, None) => missing(),
        })
    }

    /// Runs a program with another harness.
    pub fn whole(&self, limit: Duration) -> Result<Outcome> {
        let finished = self.start(&[], limit)?;
        Ok(match finished.success {
            true => Outcome::Passed,
            false => Outcome::Failed(finished.describe()),
        })
    }

    fn in_json(&self, arguments: &[&str], limit: Duration) -> Result<Finished> {
        let json = ["-Zunstable-options", "--format=json"];
        self.start(&[&json, arguments].concat(), limit)
    }

    fn start(&self, arguments: &[&str], limit: Duration) -> Result<Finished> {
        let mut command = Command::new(self.program);
        clean_environment(&mut command);
        // As `cargo test` does.
        command.current_dir(self.folder).env("CARGO_MANIFEST_DIR", self.folder);
        // libtest's JSON is unstable.
        command.env("RUSTC_BOOTSTRAP", "1").args(arguments);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command::run_within(&mut command, limit)
    }
}

fn read(finished: &Finished) -> Run {
    let mut tests = BTreeMap::new();
    let mut running = BTreeSet::new();
    for Event { kind, event, name, stdout, message } in finished.stdout.lines().filter_map(event) {
        let (true, Some(name)) = (kind == "test", name) else { continue };
        let outcome = match event.as_str() {
            "started" => {
                running.insert(name);
                continue;
            }
            "ok" => Outcome::Passed,
            "ignored" => Outcome::Ignored,
            "failed" => Outcome::Failed([message, stdout].map(Option::unwrap_or_default).concat()),
            // `timeout`: it runs for over a minute, and goes on.
            _ => continue,
        };
        running.remove(&name);
        tests.insert(name, outcome);
    }
    let orderly = finished.success || finished.status == "exit status: 101";
    for name in running {
        tests.insert(name, Outcome::Failed(format!("it was running: {}", finished.status)));
    }
    let accident = (!orderly).then(|| format!("{}\n{}", finished.status, finished.stderr));
    Run { tests, accident }
}

/// An event is in a line of its own, but behind what a test's other threads may have printed without a line end.
fn event(line: &str) -> Option<Event> {
    let start = line.find("{ \"type\":")?;
    serde_json::from_str(&line[start..]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(status: &str, stdout: &str) -> Finished {
        Finished {
            status: status.into(),
            success: status == "exit status: 0",
            stdout: stdout.into(),
            stderr: "oh".into(),
            command: String::new(),
        }
    }

    #[test]
    fn outcomes_are_read() {
        let text = r#"{ "type": "suite", "event": "started", "test_count": 3 }
{ "type": "test", "event": "started", "name": "a" }
noise{ "type": "test", "name": "a", "event": "ok" }
{ "type": "test", "event": "started", "name": "b" }
test c ... ok
{ "type": "test", "event": "timeout", "name": "b" }
{ "type": "test", "name": "b", "event": "failed", "stdout": "why\n" }
{ "type": "test", "name": "d", "event": "ignored" }
{ "type": "suite", "event": "failed", "passed": 1, "failed": 1 }
"#;
        let run = read(&finished("exit status: 101", text));
        let expected = [
            ("a", Outcome::Passed),
            ("b", Outcome::Failed("why\n".into())),
            ("d", Outcome::Ignored),
        ];
        assert_eq!(run.tests, expected.map(|(name, outcome)| (name.to_owned(), outcome)).into());
        assert_eq!(run.accident, None);
    }

    #[test]
    fn whoever_runs_at_a_crash_has_failed() {
        let text = r#"{ "type": "test", "event": "started", "name": "a" }"#;
        let run = read(&finished("signal: 11", text));
        assert!(matches!(&run.tests["a"], Outcome::Failed(why) if why.contains("signal: 11")));
        assert_eq!(run.accident.as_deref(), Some("signal: 11\noh"));
    }
}
