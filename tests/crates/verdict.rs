//! Compares how a crate's tests came out with what is known about them, and under two compilers.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::Result;

use super::libtest::Outcome;
use super::suite::Came;
use super::table::{self, Crate, Smaller};

/// Lines of a failed test's output that are shown.
const SHOWN: usize = 60;

/// Whether nothing but what the table knows of failed under stock.
pub fn known(krate: &Crate, came: &Came) -> Result<()> {
    let mut complaints = String::new();
    for (target, error) in &came.broken {
        if !krate.broken.contains_key(target) {
            let _ = writeln!(complaints, "`{target}` does not compile:\n{error}");
        }
    }
    for target in krate.broken.keys().filter(|target| !came.broken.contains_key(*target)) {
        let _ = writeln!(complaints, "`{target}` compiles, and the table says that it does not");
    }
    for (name, outcome) in &came.tests {
        if let (Outcome::Failed(text), false) = (outcome, krate.failing.contains_key(name)) {
            let _ = writeln!(complaints, "`{name}` fails:\n{}", end_of(text));
        }
    }
    let known = krate.failing.keys().chain(krate.smaller.keys());
    for name in known.filter(|name| !came.tests.contains_key(*name)) {
        let _ = writeln!(complaints, "there is no `{name}`, and the table has it");
    }
    for pattern in krate.skipped.keys() {
        if !came.skipped.iter().any(|name| table::matches(pattern, name)) {
            let _ = writeln!(complaints, "there is no `{pattern}` to skip");
        }
    }
    if came.tests.is_empty() {
        complaints.push_str("no tests were run\n");
    }
    match complaints.is_empty() {
        true => Ok(()),
        false => Err(format!("{complaints}Under stock: give the reason in the table, or mend it")),
    }
}

/// Whether all tests came out the same, apart from those that find a smaller future.
pub fn same(krate: &Crate, stock: &Came, snug: &Came) -> Result<()> {
    let mut complaints = String::new();
    let targets: BTreeSet<&String> = stock.broken.keys().chain(snug.broken.keys()).collect();
    for target in targets {
        if let (None, Some(error)) = (stock.broken.get(target), snug.broken.get(target)) {
            let _ = writeln!(complaints, "`{target}` does not compile under Snug:\n{error}");
        } else if !snug.broken.contains_key(target) {
            let _ = writeln!(complaints, "`{target}` compiles under Snug only");
        }
    }
    let names: BTreeSet<&String> = stock.tests.keys().chain(snug.tests.keys()).collect();
    for name in names {
        let (left, right) = (stock.tests.get(name), snug.tests.get(name));
        let smaller = krate.smaller.get(name);
        if let Some(sizes) = smaller
            && left == Some(&Outcome::Passed)
            && finds(right, *sizes)
        {
            continue;
        }
        if let Some(Smaller { stock, snug }) = smaller {
            let _ = writeln!(complaints, "`{name}` should find {snug} bytes instead of {stock}");
        }
        if smaller.is_some() || word(left) != word(right) {
            let _ = writeln!(
                complaints,
                "`{name}`: {} under stock, {} under Snug",
                word(left),
                word(right)
            );
            for (who, outcome) in [("stock", left), ("Snug", right)] {
                if let Some(Outcome::Failed(text)) = outcome {
                    let _ = writeln!(complaints, "--- {who}\n{}", end_of(text));
                }
            }
        }
    }
    if complaints.is_empty() { Ok(()) } else { Err(complaints) }
}

/// Whether a test failed because it found Snug's size.
fn finds(outcome: Option<&Outcome>, Smaller { stock, snug }: Smaller) -> bool {
    let Some(Outcome::Failed(text)) = outcome else { return false };
    let values: Vec<&str> = text
        .lines()
        .filter_map(|line| {
            line.trim().strip_prefix("left: ").or(line.trim().strip_prefix("right: "))
        })
        .collect();
    let (stock, snug) = (stock.to_string(), snug.to_string());
    values == [&stock, &snug] || values == [&snug, &stock]
}

fn word(outcome: Option<&Outcome>) -> &'static str {
    match outcome {
        None => "not there",
        Some(Outcome::Passed) => "passed",
        Some(Outcome::Ignored) => "ignored",
        Some(Outcome::Failed(_)) => "failed",
    }
}

fn end_of(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(SHOWN)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn came(tests: &[(&str, Outcome)], broken: &[&str]) -> Came {
        Came {
            tests: tests
                .iter()
                .map(|(name, outcome)| (name.to_string(), outcome.clone()))
                .collect(),
            broken: broken.iter().map(|name| (name.to_string(), "E0432".to_owned())).collect(),
            ..Came::default()
        }
    }

    fn failed() -> Outcome {
        Outcome::Failed("assertion".into())
    }

    fn krate(more: &str) -> Crate {
        toml::from_str(&format!("name = 'a'\nversion = '1.0.0'\n{more}\n")).unwrap()
    }

    fn same(stock: &Came, snug: &Came) -> Result<()> {
        super::same(&krate(""), stock, snug)
    }

    #[test]
    fn names_are_compared_and_not_numbers() {
        let stock = came(&[("t::a", Outcome::Passed), ("t::b", failed())], &[]);
        assert_eq!(same(&stock, &stock), Ok(()));
        let swapped = came(&[("t::b", Outcome::Passed), ("t::a", failed())], &[]);
        let message = same(&stock, &swapped).unwrap_err();
        assert!(message.contains("`t::a`: passed under stock, failed under Snug"), "{message}");
        assert!(message.contains("`t::b`: failed under stock, passed under Snug"), "{message}");
        let fewer = came(&[("t::b", failed())], &[]);
        assert!(same(&stock, &fewer).unwrap_err().contains("not there under Snug"));
    }

    #[test]
    fn targets_are_compared() {
        let (fine, broken) = (came(&[], &[]), came(&[], &["t"]));
        assert_eq!(same(&broken, &broken), Ok(()));
        assert!(same(&fine, &broken).unwrap_err().contains("E0432"));
        assert!(same(&broken, &fine).unwrap_err().contains("under Snug only"));
    }

    #[test]
    fn what_fails_under_stock_has_a_reason() {
        let krate = krate("broken = { u = 'not published' }\nfailing = { 't::b' = 'root' }");
        assert_eq!(known(&krate, &came(&[("t::b", failed())], &["u"])), Ok(()));
        assert_eq!(known(&krate, &came(&[("t::b", Outcome::Passed)], &["u"])), Ok(()));
        let more = came(&[("t::b", failed()), ("t::c", failed())], &["u"]);
        assert!(known(&krate, &more).unwrap_err().contains("`t::c` fails"));
        let wrong = |came: &Came| known(&krate, came).unwrap_err();
        assert!(wrong(&came(&[("t::b", failed())], &["u", "v"])).contains("`v` does not compile"));
        assert!(wrong(&came(&[("t::b", failed())], &[])).contains("`u` compiles"));
        assert!(wrong(&came(&[], &["u"])).contains("no tests were run"));
    }

    #[test]
    fn the_table_names_nothing_that_is_not_there() {
        let krate = krate(
            "skipped = { 't::net::*' = 'network' }\nsmaller = { 't::a' = { stock = 2, snug = 1 } }",
        );
        let mut all = came(&[("t::a", Outcome::Passed)], &[]);
        all.skipped.insert("t::net::dns".into());
        assert_eq!(known(&krate, &all), Ok(()));
        all.skipped = ["t::other".to_owned()].into();
        assert!(known(&krate, &all).unwrap_err().contains("no `t::net::*` to skip"));
        let message = known(&krate, &came(&[("t::b", Outcome::Passed)], &[])).unwrap_err();
        assert!(message.contains("no `t::a`, and the table has it"), "{message}");
    }

    #[test]
    fn smaller_futures_are_what_the_table_says() {
        let krate = krate("smaller = { 't::a' = { stock = 32, snug = 24 } }");
        let stock = came(&[("t::a", Outcome::Passed)], &[]);
        let snug = |text: &str| came(&[("t::a", Outcome::Failed(text.into()))], &[]);
        let check = |snug: &Came| super::same(&krate, &stock, snug);
        assert_eq!(check(&snug("failed\n  left: 32\n right: 24\n")), Ok(()));
        assert_eq!(check(&snug("failed\n  left: 24\n right: 32\n")), Ok(()));
        for other in [snug("  left: 32\n right: 40\n"), snug("signal: 11"), stock.clone()] {
            assert!(check(&other).unwrap_err().contains("24 bytes instead of 32"));
        }
    }
}
