//! The list of tests in which Snug rightly differs from stock.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::Result;

/// Why and how one test differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// What the difference contains.
    pub sign: String,
    /// Why it is right.
    pub reason: String,
}

/// The tests that differ, by name. Read from lines of `name | sign | reason`.
#[derive(Debug)]
pub struct Differences {
    path: PathBuf,
    tests: BTreeMap<String, Expected>,
}

impl Differences {
    /// Reads the list.
    pub fn read(path: &Path) -> Result<Differences> {
        let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let tests = parse(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Differences { path: path.to_owned(), tests })
    }

    /// Takes a test off the list.
    pub fn take(&mut self, name: &str) -> Option<Expected> {
        self.tests.remove(name)
    }

    /// An error if the list names tests that nobody has taken.
    pub fn all_taken(&self) -> Result<()> {
        match self.tests.keys().next() {
            None => Ok(()),
            Some(name) => {
                Err(format!("{} names `{name}`: there is no such test", self.path.display()))
            }
        }
    }
}

/// Judges what came out of a test that may be listed: one that is must differ, and as the list says, so that the list
/// is never longer than the truth.
pub fn judge(result: Result<()>, expected: Option<&Expected>) -> Result<()> {
    match (result, expected) {
        (result, None) => result,
        (Err(difference), Some(expected)) if difference.contains(&expected.sign) => Ok(()),
        (Err(difference), Some(expected)) => Err(format!(
            "this test should differ from stock with `{}`, but differs in another way: {difference}",
            expected.sign
        )),
        (Ok(()), Some(expected)) => Err(format!(
            "this test does not differ from stock, but is listed as one that does ({}): take it off \
             the list",
            expected.reason
        )),
    }
}

fn parse(text: &str) -> Result<BTreeMap<String, Expected>> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let mut parts = line.splitn(3, '|').map(|part| part.trim().to_owned());
            match (parts.next(), parts.next(), parts.next()) {
                (Some(name), Some(sign), Some(reason))
                    if !sign.is_empty() && !reason.is_empty() =>
                {
                    Ok((name, Expected { sign, reason }))
                }
                _ => Err(format!("`{line}` is not `name | sign | reason`")),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_listed_differs_as_listed() {
        let expected = Expected { sign: "leak".to_owned(), reason: "smaller".to_owned() };
        let judged = |result: std::result::Result<(), &str>, listed: bool| {
            judge(result.map_err(str::to_owned), listed.then_some(&expected))
        };
        assert!(judged(Ok(()), false).is_ok() && judged(Err("a leak"), true).is_ok());
        assert_eq!(judged(Err("a leak"), false).unwrap_err(), "a leak");
        assert!(judged(Err("a crash"), true).unwrap_err().contains("in another way: a crash"));
        assert!(judged(Ok(()), true).unwrap_err().contains("take it off the list"));
    }

    #[test]
    fn lines_have_three_parts() {
        let list = parse("# a comment\n\na.rs#r llvm | exit | because | of\n").unwrap();
        let expected = Expected { sign: "exit".into(), reason: "because | of".into() };
        assert_eq!(list["a.rs#r llvm"], expected);
        assert!(parse("a.rs llvm | | because").is_err());
        assert!(parse("a.rs llvm | exit").is_err());
    }
}
