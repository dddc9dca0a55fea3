//! Which tests a filter asks for, and so which suites are compiled at all.
//!
//! The names of tests begin with their suite: `run: moves.rs packed llvm`. So `run` and `run: moves` ask for one suite,
//! and nothing else is looked at. Any other filter is part of a name and may be in every suite; of the crates with
//! unit tests only those are compiled whose sources have the words of the filter.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use walkdir::WalkDir;

/// The suites that are crates of their own, which test themselves as usual: name, folder and what cargo is told.
pub(super) const CRATES: [Crate; 8] = [
    Crate { name: "crate build_system", folder: "build_system", target: "build/y", ..PLAIN },
    Crate { name: "crate packing", folder: "packing", has_examples: true, ..PLAIN },
    Crate { name: "crate measure", folder: "measure", target: "build/y", ..PLAIN },
    Crate { name: "crate slots", folder: "slots", ..PLAIN },
    // All but the executable that is linked with rustc itself.
    Crate {
        name: "crate driver",
        folder: "driver",
        targets: &["--lib", "--bin", "cargo-snug"],
        ..PLAIN
    },
    Crate { name: "crate sizes", folder: "sizes", ..PLAIN },
    Crate { name: "crate stack", folder: "stack", ..PLAIN },
    Crate { name: "crate tests", folder: "tests", targets: &["--lib"], ..PLAIN },
];

const PLAIN: Crate =
    Crate { name: "", folder: "", target: TARGET, targets: &[], has_examples: false };

/// The target folder of all tests, in the clone.
pub(super) const TARGET: &str = "build/tests";

/// A crate that tests itself.
#[derive(Debug)]
pub(super) struct Crate {
    pub(super) name: &'static str,
    pub(super) folder: &'static str,
    pub(super) target: &'static str,
    pub(super) targets: &'static [&'static str],
    /// Whether there are examples in its documentation, which cargo runs as tests.
    has_examples: bool,
}

/// Which tests are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Selection {
    /// All.
    Everything,
    /// Those of a suite that have this in their name, after the suite's.
    Suite(String, String),
    /// Those that have this in their name.
    Part(String),
}

impl Selection {
    /// What a filter means where there are these suites.
    pub(super) fn of(filter: Option<&str>, suites: &[String]) -> Selection {
        let Some(filter) = filter else { return Selection::Everything };
        for suite in suites {
            match filter.strip_prefix(suite.as_str()) {
                Some("") => return Selection::Suite(suite.clone(), String::new()),
                Some(rest) if rest.starts_with(':') => {
                    return Selection::Suite(suite.clone(), rest[1..].trim_start().to_owned());
                }
                _ => {}
            }
        }
        Selection::Part(filter.to_owned())
    }

    /// What a suite's own harness gets as a filter; `None` if the suite is not asked for. With `named`, the names of
    /// its tests begin with its name.
    pub(super) fn filter(&self, suite: &str, named: bool) -> Option<String> {
        match self {
            Selection::Everything => Some(String::new()),
            Selection::Suite(asked, _) if asked != suite => None,
            Selection::Suite(_, rest) if named => Some(format!("{suite}: {rest}")),
            Selection::Suite(_, part) | Selection::Part(part) => Some(part.clone()),
        }
    }
}

/// The suites in `tests/suites`: a file or a folder each.
pub(super) fn suites(folder: &Path) -> Result<Vec<String>> {
    let unreadable = || format!("{} cannot be read", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        names.extend(path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// Whether a crate may have a test with this in its name. Names of tests are paths of modules and functions, so each word
/// between the colons is in the text or the name of some source file. What has other characters can only be the name of
/// an example in the documentation.
pub(super) fn may_have(root: &Path, crate_: &Crate, part: &str) -> Result<bool> {
    if !part.chars().all(|c| c.is_alphanumeric() || c == '_' || c == ':') {
        return Ok(crate_.has_examples);
    }
    let folder = root.join(crate_.folder);
    let mut missing: Vec<&str> = part.split(':').filter(|word| !word.is_empty()).collect();
    for sources in ["src", "tests"].map(|sources| folder.join(sources)) {
        let files = WalkDir::new(&sources).into_iter().filter_map(Result::ok);
        for file in files.filter(|file| file.path().extension().is_some_and(|it| it == "rs")) {
            let path = file.path();
            let text = fs::read_to_string(path)
                .with_context(|| format!("{} cannot be read", path.display()))?;
            let name = path.strip_prefix(&folder).unwrap_or(path).to_string_lossy().into_owned();
            missing.retain(|word| !text.contains(word) && !name.contains(word));
        }
    }
    Ok(missing.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selected(filter: &str) -> Selection {
        let suites = ["run", "sizes", "crate sizes"].map(str::to_owned);
        Selection::of(Some(filter), &suites)
    }

    fn suite(name: &str, rest: &str) -> Selection {
        Selection::Suite(name.to_owned(), rest.to_owned())
    }

    #[test]
    fn a_suite_is_asked_for_by_its_name() {
        assert_eq!(selected("run"), suite("run", ""));
        assert_eq!(selected("run: moves.rs"), suite("run", "moves.rs"));
        assert_eq!(selected("run:moves.rs"), suite("run", "moves.rs"));
        assert_eq!(selected("crate sizes: why"), suite("crate sizes", "why"));
        assert_eq!(selected("runs"), Selection::Part("runs".to_owned()));
        assert_eq!(selected("moves.rs"), Selection::Part("moves.rs".to_owned()));
        assert_eq!(Selection::of(None, &[]), Selection::Everything);
    }

    #[test]
    fn a_suite_that_is_not_asked_for_has_no_filter() {
        let run = selected("run: moves");
        assert_eq!(run.filter("run", true).as_deref(), Some("run: moves"));
        assert_eq!(run.filter("sizes", true), None);
        assert_eq!(
            selected("crate sizes: why").filter("crate sizes", false).as_deref(),
            Some("why")
        );
        assert_eq!(selected("moves").filter("sizes", true).as_deref(), Some("moves"));
    }

    #[test]
    fn a_crate_without_the_words_has_no_such_test() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let may = |part| may_have(&root, &CRATES[0], part).unwrap();
        assert!(may("selection::tests::a_crate_without"));
        assert!(may("a_suite_is"));
        // Put together, or it would be in this very file.
        let unknown = ["a_suite_is", "nt"].concat();
        assert!(!may(&unknown));
        assert!(!may("moves.rs packed"));
        assert!(may_have(&root, &CRATES[1], "src/lib.rs - (line 3)").unwrap());
    }
}
