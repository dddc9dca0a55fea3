//! The `//@` lines of test programs: those of rustc's compiletest that occur in the folders we run.
//!
//! A directive that is not known here is an error that names it. Guessing would mean running a
//! test in a way that its author did not mean, and comparing nonsense with nonsense.
//!
//! Directives that only say what compiletest should *check* (error patterns, annotations, fixes)
//! are read and dropped: the check here is always that stock and Snug agree.

use std::path::Path;

use crate::Result;

/// How far a test program is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Only checked (`check-pass`, `check-fail`).
    Check,
    /// Compiled, but not linked. No directive asks for it; tests of layouts do.
    Object,
    /// Compiled and linked (`build-pass`, `build-fail`).
    Build,
    /// Run as well (`run-pass`, `run-fail`).
    Run,
}

/// What the author of a test wants to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The last step.
    pub goal: Goal,
    /// Whether that step succeeds.
    pub success: bool,
}

/// The directives of one test program for one revision.
#[derive(Clone, Debug, Default)]
pub struct Directives {
    /// All revisions; none for a test without.
    pub revisions: Vec<String>,
    /// `--edition`.
    pub edition: Option<String>,
    /// More arguments for the compiler.
    pub compile_flags: Vec<String>,
    /// Crates to build first, as paths below `auxiliary/`.
    pub aux_build: Vec<String>,
    /// The same, to be named in `--extern`: name and path.
    pub aux_crate: Vec<(String, String)>,
    /// Procedural macros to build first.
    pub proc_macros: Vec<String>,
    /// Compiled with an incremental cache.
    pub incremental: bool,
    /// Environment of the compiler.
    pub rustc_env: Vec<(String, String)>,
    /// Environment of the program.
    pub exec_env: Vec<(String, String)>,
    /// What the author expects; `None` where the author of a UI test says nothing.
    pub expectation: Option<Expectation>,
    /// A reason why the test is not for this machine.
    pub ignored: Option<String>,
    /// The test shows a bug of rustc: what stock does with it is unknown.
    pub known_bug: bool,
    /// Lines of Snug's own suites: name and value, in order.
    pub own: Vec<(String, String)>,
}

/// Directives about what compiletest checks, or about machines unlike ours.
const WITHOUT_MEANING_HERE: &[&str] = &[
    "check-run-results",
    "dont-check-compiler-stderr",
    "dont-check-compiler-stdout",
    "dont-require-annotations",
    "error-pattern",
    "failure-status",
    "filecheck-flags",
    "ignore-pass",
    "no-auto-check-cfg",
    "no-prefer-dynamic",
    "normalize-stderr",
    "normalize-stdout",
    "pp-exact",
    "regex-error-pattern",
    "run-rustfix",
    "rustfix-only-machine-applicable",
    "needs-deterministic-layouts",
    "needs-subprocess",
    "needs-threads",
    "needs-unwind",
];

/// The directives of Snug's own suites; [`Directives::own`] has their values.
const OWN: &[&str] = &[
    "size",
    "program",
    "own-output",
    "case",
    "copies",
    "larger",
    "not-inlined",
    "not-poisoned",
    "note",
];

/// What `only-` and `ignore-` are asked about.
const THIS_MACHINE: &[&str] =
    &["x86_64", "linux", "gnu", "unix", "64bit", "x86_64-unknown-linux-gnu"];
const OTHER_MACHINES_AND_MODES: &[&str] = &[
    "32bit",
    "aarch64",
    "android",
    "apple",
    "arm",
    "compare-mode-next-solver",
    "compare-mode-polonius",
    "cross-compile",
    "emscripten",
    "macos",
    "msvc",
    "musl",
    "riscv64",
    "sgx",
    "std-debug-assertions",
    "wasi",
    "wasm",
    "wasm32",
    "windows",
    "windows-gnu",
    "x86",
];

impl Directives {
    /// Reads the directives of a file for a revision.
    pub fn read(path: &Path, revision: Option<&str>) -> Result<Directives> {
        let text = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
        Self::parse(&String::from_utf8_lossy(&text), revision)
            .map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Reads the directives in a text for a revision.
    pub fn parse(text: &str, revision: Option<&str>) -> Result<Directives> {
        let mut directives = Directives::default();
        for line in text.lines() {
            let Some(rest) = line.trim_start().strip_prefix("//@") else {
                continue;
            };
            let (only_for, directive) = split_revision(rest.trim())?;
            if only_for.is_none_or(|only| only.split(',').any(|r| Some(r.trim()) == revision)) {
                directives.add(directive)?;
            }
        }
        Ok(directives)
    }

    fn add(&mut self, directive: &str) -> Result<()> {
        let end = directive.find([':', ' ']).unwrap_or(directive.len());
        let (name, rest) = directive.split_at(end);
        let value = rest.trim_start_matches(':').trim();
        let words = || value.split_whitespace().map(str::to_owned);
        match name {
            "revisions" => self.revisions = words().collect(),
            // Of a range, compiletest takes the start unless it is told an edition.
            "edition" => self.edition = value.split("..").next().map(str::to_owned),
            "compile-flags" => self.compile_flags.extend(words()),
            "aux-build" => self.aux_build.push(value.to_owned()),
            "aux-crate" => self.aux_crate.push(pair(name, value)?),
            "proc-macro" => self.proc_macros.push(value.to_owned()),
            "incremental" => self.incremental = true,
            "rustc-env" => self.rustc_env.push(pair(name, value)?),
            "exec-env" => self.exec_env.push(pair(name, value)?),
            "known-bug" => self.known_bug = true,
            _ if OWN.contains(&name) => self.own.push((name.to_owned(), value.to_owned())),
            _ if WITHOUT_MEANING_HERE.contains(&name) => {}
            _ => return self.add_named_by_kind(name, value),
        }
        Ok(())
    }

    fn add_named_by_kind(&mut self, name: &str, value: &str) -> Result<()> {
        if let Some(expectation) = expectation(name) {
            self.expectation = Some(expectation);
        } else if name == "ignore-backends" {
            // We compare with Snug's generators whatever cg_clif and LLVM are said to miss.
            if value != "gcc" {
                return Err(format!("the directive `{name}: {value}` is not known"));
            }
        } else if let Some(machine) = name.strip_prefix("only-") {
            if !this_machine(name, machine)? {
                self.ignored = Some(name.to_owned());
            }
        } else if let Some(machine) = name.strip_prefix("ignore-") {
            if this_machine(name, machine)? {
                self.ignored = Some(name.to_owned());
            }
        } else {
            return Err(format!("the directive `{name}` is not known to src/directives.rs"));
        }
        Ok(())
    }

    /// The values of one of our own directives.
    pub fn own<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.own.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

fn expectation(name: &str) -> Option<Expectation> {
    let (goal, result) = name.split_once('-')?;
    let goal = match goal {
        "check" => Goal::Check,
        "build" => Goal::Build,
        "run" => Goal::Run,
        _ => return None,
    };
    let success = match result {
        "pass" => true,
        "fail" | "crash" | "fail-or-crash" => false,
        _ => return None,
    };
    Some(Expectation { goal, success })
}

fn this_machine(directive: &str, machine: &str) -> Result<bool> {
    if THIS_MACHINE.contains(&machine) {
        Ok(true)
    } else if OTHER_MACHINES_AND_MODES.contains(&machine) {
        Ok(false)
    } else {
        Err(format!("the directive `{directive}` is not known to src/directives.rs"))
    }
}

/// Splits `[revision] directive`.
fn split_revision(text: &str) -> Result<(Option<&str>, &str)> {
    let Some(rest) = text.strip_prefix('[') else {
        return Ok((None, text));
    };
    let (revision, directive) =
        rest.split_once(']').ok_or_else(|| format!("`//@ {text}` has no `]`"))?;
    Ok((Some(revision), directive.trim()))
}

fn pair(name: &str, value: &str) -> Result<(String, String)> {
    let (key, value) =
        value.split_once('=').ok_or_else(|| format!("`{name}: {value}` has no `=`"))?;
    Ok((key.trim().to_owned(), value.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_of_a_revision() {
        let text = "//@ revisions: a b\n  //@[a] edition: 2021\n//@ [b] edition:2018..2024\n\
                    //@[b]compile-flags: -O -g\n//@ run-pass\n//@ needs-unwind because\n";
        let a = Directives::parse(text, Some("a")).unwrap();
        assert_eq!(a.revisions, ["a", "b"]);
        assert_eq!(a.edition.as_deref(), Some("2021"));
        assert!(a.compile_flags.is_empty());
        let b = Directives::parse(text, Some("b")).unwrap();
        assert_eq!(b.edition.as_deref(), Some("2018"));
        assert_eq!(b.compile_flags, ["-O", "-g"]);
        assert_eq!(b.expectation, Some(Expectation { goal: Goal::Run, success: true }));
    }

    #[test]
    fn machines() {
        assert!(Directives::parse("//@ only-windows", None).unwrap().ignored.is_some());
        assert!(Directives::parse("//@ ignore-linux", None).unwrap().ignored.is_some());
        assert!(Directives::parse("//@ only-x86_64 (sizes)", None).unwrap().ignored.is_none());
        assert!(Directives::parse("//@ ignore-wasm32", None).unwrap().ignored.is_none());
    }

    #[test]
    fn an_unknown_directive_is_named() {
        for unknown in ["frobnicate: yes", "ignore-tuesdays", "only-mondays", "check-mate"] {
            let error = Directives::parse(&format!("//@ {unknown}"), None).unwrap_err();
            let name = unknown.split(':').next().unwrap();
            assert!(error.contains(name), "{error}");
        }
        assert!(Directives::parse("//@ ignore-backends: cranelift", None).is_err());
        assert!(Directives::parse("//@ rustc-env: NOTHING", None).is_err());
    }
}
