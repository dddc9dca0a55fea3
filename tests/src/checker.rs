//! What watches a program while it runs: the runtimes of LLVM's sanitizers, and valgrind's memcheck.
//!
//! Each writes what it finds to files of its own, so that the program's output and status stay the
//! program's. What is compared is how many errors and leaks there are: sizes, addresses and stacks are
//! different where futures are smaller.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Result;
use crate::command;
use crate::compiler::clean_environment;

/// What watches a program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Checker {
    /// Nothing.
    #[default]
    Nothing,
    /// AddressSanitizer, with leaks: accesses to what is freed, out of scope or out of bounds.
    Address,
    /// ThreadSanitizer: races. It must have seen the standard library too.
    Thread,
    /// MemorySanitizer: decisions by what was never written. It must have seen the standard library too.
    Memory,
    /// valgrind's memcheck, with leaks. It needs nothing from the compiler, but knows only the heap's bounds.
    Memcheck,
}

/// What a checker found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// A line about every error.
    pub errors: Vec<String>,
    /// How many blocks nobody can free any more.
    pub leaked: u64,
}

/// What reports are called, before the number of the process.
const REPORT: &str = "checker-report";

impl Checker {
    /// What the compiler has to know.
    pub fn arguments(self) -> &'static [&'static str] {
        match self {
            Checker::Nothing | Checker::Memcheck => &[],
            Checker::Address => &["-Zsanitizer=address"],
            Checker::Thread => &["-Zsanitizer=thread"],
            Checker::Memory => &["-Zsanitizer=memory"],
        }
    }

    /// A program's command line.
    pub(crate) fn command(self, program: &Path) -> Command {
        let mut command = match self {
            Checker::Memcheck => {
                let mut valgrind = Command::new(VALGRIND);
                valgrind.arg(format!("--log-file={REPORT}.%p"));
                valgrind.args(["--leak-check=full", "--errors-for-leak-kinds=none"]);
                valgrind.arg(program);
                valgrind
            }
            _ => Command::new(program),
        };
        clean_environment(&mut command);
        // A status of 0 means: whatever status the program has.
        let common = format!("log_path={REPORT}:exitcode=0:symbolize=0");
        match self {
            Checker::Nothing | Checker::Memcheck => {}
            Checker::Address => {
                let options = "detect_leaks=1:detect_stack_use_after_return=1";
                command.env("ASAN_OPTIONS", format!("{common}:{options}"));
            }
            Checker::Thread => {
                command.env("TSAN_OPTIONS", common);
            }
            Checker::Memory => {
                command.env("MSAN_OPTIONS", common);
            }
        }
        command
    }

    /// How long a program may take.
    pub(crate) fn limit(self) -> Duration {
        match self {
            Checker::Nothing => command::PROGRAM_LIMIT,
            // Up to fifty times slower.
            _ => command::LIMIT,
        }
    }

    /// What a program's run in a folder has left there.
    pub(crate) fn findings(self, folder: &Path) -> Result<Findings> {
        let mut findings = Findings::default();
        let complaint = |error: std::io::Error| format!("{}: {error}", folder.display());
        for entry in std::fs::read_dir(folder).map_err(complaint)? {
            let path = entry.map_err(complaint)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with(REPORT) {
                let text = std::fs::read(&path).map_err(complaint)?;
                let text = String::from_utf8_lossy(&text);
                findings.add(match self {
                    Checker::Memcheck => memcheck_findings(&text),
                    _ => sanitizer_findings(&text),
                });
            }
        }
        Ok(findings)
    }
}

impl Findings {
    /// All there is to know about them.
    pub fn describe(&self) -> String {
        format!("{} leaks, {} errors\n{}", self.leaked, self.errors.len(), self.errors.join("\n"))
    }

    fn add(&mut self, other: Findings) {
        self.errors.extend(other.errors);
        self.leaked += other.leaked;
    }
}

/// memcheck's program.
const VALGRIND: &str = "valgrind";

/// Whether memcheck can be used on this machine.
pub fn has_valgrind() -> bool {
    Command::new(VALGRIND).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Reads `SUMMARY: AddressSanitizer: 160 byte(s) leaked in 2 allocation(s).` and
/// `SUMMARY: AddressSanitizer: heap-use-after-free main.rs:5 in main`. A report without such a line is
/// about the sanitizer itself.
fn sanitizer_findings(report: &str) -> Findings {
    let mut findings = Findings::default();
    for line in report.lines().filter(|line| line.starts_with("SUMMARY: ")) {
        match line.split_once(" leaked in ") {
            Some((_, leaked)) => findings.leaked += first_number(leaked),
            None => findings.errors.push(line.to_owned()),
        }
    }
    if findings == Findings::default() {
        findings.errors.push(report.to_owned());
    }
    findings
}

/// Reads `==7== ERROR SUMMARY: 1 errors from 1 contexts` and `==7==    definitely lost: 16 bytes in 1 blocks`.
fn memcheck_findings(report: &str) -> Findings {
    let mut findings = Findings::default();
    let behind = |line: &str, what: &str| line.split_once(what).map(|(_, rest)| rest.to_owned());
    let mut ended = false;
    for line in report.lines() {
        if let Some(errors) = behind(line, " ERROR SUMMARY: ") {
            ended = true;
            if first_number(&errors) > 0 {
                findings.errors.push(report.to_owned());
            }
        }
        for kind in ["definitely lost: ", "indirectly lost: "] {
            if let Some(lost) = behind(line, kind)
                && let Some(blocks) = behind(&lost, " bytes in ")
            {
                findings.leaked += first_number(&blocks);
            }
        }
    }
    if !ended {
        findings.errors.push(format!("memcheck did not come to an end:\n{report}"));
    }
    findings
}

fn first_number(text: &str) -> u64 {
    let digits: String =
        text.chars().take_while(|c| *c != ' ').filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_of_sanitizers() {
        let report = "=====\n==7==ERROR: LeakSanitizer: detected memory leaks\n\nSUMMARY: \
                      AddressSanitizer: 160 byte(s) leaked in 2 allocation(s).\n";
        assert_eq!(sanitizer_findings(report), Findings { errors: Vec::new(), leaked: 2 });
        let error = "SUMMARY: AddressSanitizer: heap-use-after-free main.rs:5 in main";
        let findings = Findings { errors: vec![error.to_owned()], leaked: 0 };
        assert_eq!(sanitizer_findings(&format!("==7==\n{error}\n==7==ABORTING\n")), findings);
        assert_eq!(sanitizer_findings("CHECK failed\n").errors, ["CHECK failed\n"]);
    }

    #[test]
    fn reports_of_memcheck() {
        let clean = "==7== All heap blocks were freed\n==7== ERROR SUMMARY: 0 errors from 0 \
                     contexts (suppressed: 0 from 0)\n";
        assert_eq!(memcheck_findings(clean), Findings::default());
        let lost = "==7==    definitely lost: 1,016 bytes in 1,001 blocks\n==7==    indirectly \
                    lost: 8 bytes in 2 blocks\n==7== ERROR SUMMARY: 0 errors from 0 contexts\n";
        assert_eq!(memcheck_findings(lost), Findings { errors: Vec::new(), leaked: 1003 });
        assert_eq!(memcheck_findings("==7== ERROR SUMMARY: 3 errors from 1\n").errors.len(), 1);
        assert_eq!(memcheck_findings("==7== Memcheck\n").errors.len(), 1);
    }
}
