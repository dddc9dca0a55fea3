//! Remembers how many tests came out how, and shows it as the tables of `docs/crates.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::Result;

use super::libtest::Outcome;
use super::suite::Came;
use super::table::Crate;
use super::way::{Profile, Way};

/// How a crate's tests came out, compiled in one way, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    passed: usize,
    failed: usize,
    ignored: usize,
    /// What passed only when it ran again.
    again: BTreeSet<String>,
}

/// The last counts of each crate and way that was ever run here.
pub struct Results {
    file: PathBuf,
    counts: BTreeMap<String, Counts>,
}

impl Counts {
    /// Counts.
    pub fn of(came: &Came) -> Counts {
        Counts {
            passed: came.count(|outcome| matches!(outcome, Outcome::Passed)),
            failed: came.count(|outcome| matches!(outcome, Outcome::Failed(_))),
            ignored: came.count(|outcome| matches!(outcome, Outcome::Ignored)),
            again: came.again.clone(),
        }
    }

    fn cells(counts: Option<&Counts>) -> String {
        match counts {
            None => "|".into(),
            Some(Counts { passed, failed, ignored, .. }) => {
                format!(" {passed} / {failed} / {ignored} |")
            }
        }
    }
}

impl Results {
    /// Reads what is remembered in a folder.
    pub fn read(folder: &Path) -> Results {
        let file = folder.join("results.json");
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        Results { file, counts: serde_json::from_str(&text).unwrap_or_default() }
    }

    /// Remembers.
    pub fn add(&mut self, krate: &Crate, way: Way, came: &Came) -> Result<()> {
        self.counts.insert(key(krate, way), Counts::of(came));
        let text = serde_json::to_string_pretty(&self.counts).map_err(|error| error.to_string())?;
        std::fs::write(&self.file, text)
            .map_err(|error| format!("{}: {error}", self.file.display()))
    }

    /// A table in Markdown for each profile.
    pub fn tables(&self, crates: &[Crate]) -> String {
        let tables = Profile::ALL.map(|profile| self.table(crates, &profile.ways()));
        tables.join("\n")
    }

    /// What was run, with sums, and below it what passed only when it ran again.
    pub fn table(&self, crates: &[Crate], ways: &[Way]) -> String {
        let mut text = String::from("| crate | version |");
        for way in ways {
            let _ = write!(text, " {way} |");
        }
        text.push_str("\n|---|---|");
        text.push_str(&"---|".repeat(ways.len()));
        let mut again = String::new();
        let mut sums = vec![Counts::default(); ways.len()];
        let was_run =
            |krate: &&Crate| ways.iter().any(|way| self.counts.contains_key(&key(krate, *way)));
        for krate in crates.iter().filter(was_run) {
            let _ = write!(text, "\n| {} | {} |", krate.name, krate.version);
            for (way, sum) in ways.iter().zip(&mut sums) {
                let counts = self.counts.get(&key(krate, *way));
                text.push_str(&Counts::cells(counts));
                if let Some(counts) = counts {
                    sum.passed += counts.passed;
                    sum.failed += counts.failed;
                    sum.ignored += counts.ignored;
                    for name in &counts.again {
                        let _ = write!(again, "\n* {}, {way}: `{name}`", krate.name);
                    }
                }
            }
        }
        text.push_str("\n| | |");
        text.extend(sums.iter().map(|sum| Counts::cells(Some(sum))));
        if !again.is_empty() {
            let _ = write!(text, "\n\nPassed only when run again:\n{again}");
        }
        text.push('\n');
        text
    }
}

fn key(krate: &Crate, way: Way) -> String {
    format!("{} {way}", krate.spec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_sums() {
        let one = "name = 'a'\nversion = '1.0.0'\n";
        let crates: Vec<Crate> = [one, "name = 'b'\nversion = '1.0.0'\n"]
            .iter()
            .map(|text| toml::from_str(text).unwrap())
            .collect();
        let counts = Counts { passed: 2, failed: 1, ignored: 0, again: ["t::x".to_owned()].into() };
        let keys = ["a@1.0.0 stock release", "b@1.0.0 llvm packed"].map(str::to_owned);
        let counts = keys.map(|key| (key, counts.clone())).into();
        let results = Results { file: PathBuf::new(), counts };
        assert_eq!(
            results.table(&crates, &Profile::Release.ways()),
            "| crate | version | stock release | llvm packed release |\n|---|---|---|---|\n\
             | a | 1.0.0 | 2 / 1 / 0 ||\n| | | 2 / 1 / 0 | 0 / 0 / 0 |\n\n\
             Passed only when run again:\n\n* a, stock release: `t::x`\n"
        );
        assert!(results.tables(&crates).contains("| b | 1.0.0 ||| 2 / 1 / 0 |"));
    }
}
