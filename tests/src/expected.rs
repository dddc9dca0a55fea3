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
    fn lines_have_three_parts() {
        let list = parse("# a comment\n\na.rs#r llvm | exit | because | of\n").unwrap();
        let expected = Expected { sign: "exit".into(), reason: "because | of".into() };
        assert_eq!(list["a.rs#r llvm"], expected);
        assert!(parse("a.rs llvm | | because").is_err());
        assert!(parse("a.rs llvm | exit").is_err());
    }
}
