//! Remembers how many tests came out how, and shows it as the table of `docs/crates.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::Result;
use crate::compiler::Compiler;

use super::libtest::Outcome;
use super::sources::Workspace;
use super::suite::Came;
use super::table::Crate;

/// How a crate's tests came out under a compiler, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    passed: usize,
    failed: usize,
    ignored: usize,
    /// What passed only when it ran again.
    again: BTreeSet<String>,
}

/// The last counts of each crate and compiler that was ever run here.
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
    /// Reads what is remembered.
    pub fn read(workspace: &Workspace) -> Results {
        let file = workspace.root().join("results.json");
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        Results { file, counts: serde_json::from_str(&text).unwrap_or_default() }
    }

    /// Remembers.
    pub fn add(&mut self, krate: &Crate, compiler: Compiler, came: &Came) -> Result<()> {
        self.counts.insert(key(krate, compiler), Counts::of(came));
        let text = serde_json::to_string_pretty(&self.counts).map_err(|error| error.to_string())?;
        std::fs::write(&self.file, text)
            .map_err(|error| format!("{}: {error}", self.file.display()))
    }

    /// A table in Markdown, with sums, and below it what passed only when it ran again.
    pub fn table(&self, crates: &[Crate], compilers: &[Compiler]) -> String {
        let mut text = String::from("| crate | version |");
        for compiler in compilers {
            let _ = write!(text, " {compiler} |");
        }
        text.push_str("\n|---|---|");
        text.push_str(&"---|".repeat(compilers.len()));
        let mut again = String::new();
        let mut sums = vec![Counts::default(); compilers.len()];
        for krate in crates.iter().filter(|krate| !krate.helper) {
            let _ = write!(text, "\n| {} | {} |", krate.name, krate.version);
            for (compiler, sum) in compilers.iter().zip(&mut sums) {
                let counts = self.counts.get(&key(krate, *compiler));
                text.push_str(&Counts::cells(counts));
                if let Some(counts) = counts {
                    sum.passed += counts.passed;
                    sum.failed += counts.failed;
                    sum.ignored += counts.ignored;
                    for name in &counts.again {
                        let _ = write!(again, "\n* {}, {compiler}: `{name}`", krate.name);
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

fn key(krate: &Crate, compiler: Compiler) -> String {
    format!("{} {compiler}", krate.spec())
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
        let counts = [("a@1.0.0 stock".to_owned(), counts)].into();
        let results = Results { file: PathBuf::new(), counts };
        let table = results.table(&crates, &[Compiler::Stock]);
        assert_eq!(
            table,
            "| crate | version | stock |\n|---|---|---|\n| a | 1.0.0 | 2 / 1 / 0 |\n\
             | b | 1.0.0 ||\n| | | 2 / 1 / 0 |\n\nPassed only when run again:\n\n* a, stock: `t::x`\n"
        );
    }
}
