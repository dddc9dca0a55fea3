//! `./y.sh run FILE.rs`: one file under stock rustc and Snug, for someone who edits Snug.
//!
//! Shown are how big its coroutines are under both, and what differs in what compilers and program say: as a unified
//! diff of all of it, where a test names the first line. With the dumps of the pass, also what it does to each body.
//! A file says in its first lines how it is compiled, as those in `run/` do; one that says nothing is a program of
//! edition 2024 that runs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use similar::TextDiff;

use crate::Result;
use crate::command::Finished;
use crate::compiler::{Compiler, Generator, Layout};
use crate::corpus;
use crate::directives::{Expectation, Goal};
use crate::mir;
use crate::program::{Extra, Outcome, Program};
use crate::report;
use crate::toolchain::Toolchain;
use crate::type_sizes;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// The file.
    pub file: PathBuf,
    /// Snug's side.
    pub generator: Generator,
    /// Snug's side.
    pub layout: Layout,
    /// Whether the bodies are shown; the full dumps are left in this folder.
    pub dumps: Option<PathBuf>,
    /// Arguments for both compilers.
    pub flags: Vec<String>,
}

/// What was found: a text to be shown, and whether stock and Snug agree.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The text.
    pub text: String,
    /// Whether they agree.
    pub agree: bool,
}

/// Compiles and runs a file, in each of its revisions.
pub fn answer(tools: &Toolchain, question: &Question) -> Result<Answer> {
    let mut answer = Answer { text: String::new(), agree: true };
    for program in programs(&question.file)? {
        let Answer { text, agree } = Side { tools, question, program: &program }.answer()?;
        answer.text += &text;
        answer.agree &= agree;
    }
    Ok(answer)
}

/// The programs in a file.
fn programs(file: &Path) -> Result<Vec<Program>> {
    let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let says_nothing = !text.lines().any(|line| line.trim_start().starts_with("//@"));
    let mut programs = Program::read(file)?;
    for program in &mut programs {
        if says_nothing {
            program.directives.edition = Some("2024".to_owned());
        }
        if program.directives.expectation.is_none() {
            program.expectation = Expectation { goal: Goal::Run, success: true };
        }
    }
    Ok(programs)
}

/// One program, and what is asked about it.
struct Side<'a> {
    tools: &'a Toolchain,
    question: &'a Question,
    program: &'a Program,
}

impl Side<'_> {
    fn answer(&self) -> Result<Answer> {
        let snug = Compiler::Snug(self.question.generator, self.question.layout);
        let flags: Vec<&str> = self.question.flags.iter().map(String::as_str).collect();
        let report = tempfile::tempdir().map_err(|e| format!("no temporary folder: {e}"))?;
        let plain = Extra { arguments: &flags, ..Extra::default() };
        let with_report = Extra { report: Some(report.path()), ..plain.clone() };
        let outcomes = [
            self.program.outcome(self.tools, Compiler::Stock, &plain)?,
            self.program.outcome(self.tools, snug, &with_report)?,
        ];
        let name = corpus::name(self.program, Path::new("/"));
        let mut text = format!("/{name}: stock and {snug}\n\n");
        let coroutines = report::read(report.path()).unwrap_or_default();
        let mut sizes: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for coroutine in report::by_id(coroutines).into_values() {
            sizes.entry(coroutine.name).or_default().push(coroutine.size);
        }
        if !sizes.is_empty() {
            let stock = self.sizes_under_stock(&flags)?;
            text += &table(&self.program.path, &stock, sizes);
        }
        if let Some(folder) = &self.question.dumps {
            text += &self.bodies(snug, &flags, folder)?;
        }
        let agree = compared(&outcomes, &mut text);
        Ok(Answer { text, agree })
    }

    /// By name. Compiled once more: with some programs, stock panics when it is to print sizes.
    fn sizes_under_stock(&self, flags: &[&str]) -> Result<BTreeMap<String, Vec<u64>>> {
        let arguments = [flags, &["-Zprint-type-sizes"]].concat();
        let extra = Extra { arguments: &arguments, ..Extra::default() };
        let program = self.program.clone().only_compiled();
        let printed = program.outcome(self.tools, Compiler::Stock, &extra)?.compilation.stdout;
        let sizes = |(name, sizes): (String, Vec<type_sizes::TypeSize>)| {
            (name, sizes.iter().map(|it| it.size).collect())
        };
        Ok(type_sizes::parse(&printed).into_iter().map(sizes).collect())
    }

    /// The interesting part of each body, before the pass and after it; full dumps stay in the folder.
    fn bodies(&self, snug: Compiler, flags: &[&str], folder: &Path) -> Result<String> {
        let complaint = |error: std::io::Error| format!("{}: {error}", folder.display());
        if folder.exists() {
            std::fs::remove_dir_all(folder).map_err(complaint)?;
        }
        std::fs::create_dir_all(folder).map_err(complaint)?;
        let place = format!("-Zdump-mir-dir={}", folder.display());
        let arguments = [flags, &["-Zdump-mir=RelocateUpvars", &place]].concat();
        let extra = Extra { arguments: &arguments, ..Extra::default() };
        let program = self.program.clone().only_compiled();
        let compiled = program.outcome(self.tools, snug, &extra)?.compilation;
        compiled.expect_success("the compilation with dumps")?;
        let mut bodies = BTreeSet::new();
        for entry in std::fs::read_dir(folder).map_err(complaint)? {
            let name = entry.map_err(complaint)?.file_name().to_string_lossy().into_owned();
            bodies.extend(name.strip_suffix(".before.mir").map(str::to_owned));
        }
        let mut text = String::new();
        for body in &bodies {
            let read = |stage: &str| {
                let path = folder.join(format!("{body}.{stage}.mir"));
                std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))
            };
            let [before, after] = mir::interesting(&read("before")?, &read("coalesced")?);
            let _ = writeln!(text, "{body}: before\n{before}after\n{after}");
        }
        let none = if bodies.is_empty() { "no body was changed; " } else { "" };
        let _ = writeln!(text, "{none}all dumps: {}\n", folder.display());
        Ok(text)
    }
}

/// How big each coroutine is under both. Types that print alike are in one row.
fn table(
    file: &Path,
    stock: &BTreeMap<String, Vec<u64>>,
    snug: BTreeMap<String, Vec<u64>>,
) -> String {
    let folder = format!("{}/", file.parent().unwrap_or(Path::new("/")).display());
    let numbers = |sizes: Option<&Vec<u64>>| match sizes {
        Some(sizes) => sizes.iter().map(u64::to_string).collect::<Vec<_>>().join(", "),
        None => "?".to_owned(),
    };
    let mut text = format!("{:>10} {:>10}  coroutine\n", "stock", "Snug");
    for (name, mut sizes) in snug {
        sizes.sort_unstable();
        let (stock, snug) = (numbers(stock.get(&name)), numbers(Some(&sizes)));
        let _ = writeln!(text, "{stock:>10} {snug:>10}  {}", name.replace(&folder, ""));
    }
    text + "\n"
}

/// Adds what both say, or how it differs, and tells whether it is the same.
fn compared([stock, snug]: &[Outcome; 2], text: &mut String) -> bool {
    let compiled = ["compiling", "running"];
    let steps = [
        (Some(&stock.compilation), Some(&snug.compilation)),
        (stock.run.as_ref(), snug.run.as_ref()),
    ];
    let mut agree = true;
    for (step, sides) in compiled.iter().zip(steps) {
        let [stock, snug] = match sides {
            (Some(stock), Some(snug)) => [stock, snug].map(said),
            // What one compiler refuses, the other has run: the first step has said so.
            (None, None) | (Some(_), None) | (None, Some(_)) => continue,
        };
        if stock == snug {
            let _ = write!(text, "{step}: both the same\n{stock}");
        } else {
            agree = false;
            let diff = TextDiff::from_lines(&stock, &snug);
            let diff = diff.unified_diff().context_radius(3).header("stock", "Snug").to_string();
            let _ = write!(text, "{step}: DIFFERENT\n{diff}");
        }
    }
    agree
}

/// All that a process has said.
fn said(finished: &Finished) -> String {
    let mut text = format!("    {}\n", finished.status);
    for (stream, said) in [("stdout", &finished.stdout), ("stderr", &finished.stderr)] {
        for line in said.lines() {
            let _ = writeln!(text, "    {stream}: {line}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checker::Findings;

    fn outcome(status: &str, stdout: &str) -> Outcome {
        let finished = |status: &str, stdout: &str| Finished {
            status: status.to_owned(),
            success: true,
            stdout: stdout.to_owned(),
            stderr: String::new(),
            command: String::new(),
        };
        let compilation = finished("exit status: 0", "");
        let run = Some(finished(status, stdout));
        Outcome { compilation, run, findings: Findings::default() }
    }

    #[test]
    fn a_difference_in_output_or_status_is_shown() {
        let compare = |snug| {
            let mut text = String::new();
            (compared(&[outcome("exit status: 0", "a\nb\n"), snug], &mut text), text)
        };
        let (agree, text) = compare(outcome("exit status: 0", "a\nb\n"));
        assert!(agree && text.contains("running: both the same\n    exit status: 0\n"), "{text}");
        let (agree, text) = compare(outcome("exit status: 0", "a\nc\n"));
        assert!(!agree && text.contains("-    stdout: b\n+    stdout: c\n"), "{text}");
        let (agree, text) = compare(outcome("signal: 6", "a\nb\n"));
        assert!(!agree && text.contains("+    signal: 6\n"), "{text}");
    }

    #[test]
    fn one_that_does_not_run_differs() {
        let mut refused = outcome("", "");
        refused.run = None;
        refused.compilation.status = "exit status: 1".to_owned();
        let mut text = String::new();
        assert!(!compared(&[outcome("exit status: 0", ""), refused], &mut text));
    }

    #[test]
    fn sizes_of_types_that_print_alike_are_in_one_row() {
        let stock = [("{a@/x/f.rs:1:1}".to_owned(), vec![4, 9])].into();
        let snug = [("{a@/x/f.rs:1:1}".to_owned(), vec![3, 2]), ("{b}".to_owned(), vec![1])].into();
        let table = table(Path::new("/x/f.rs"), &stock, snug);
        let rows: Vec<&str> = table.lines().map(str::trim).collect();
        assert_eq!(rows[1..3], ["4, 9       2, 3  {a@f.rs:1:1}", "?          1  {b}"]);
    }
}
