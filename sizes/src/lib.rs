//! `cargo snug sizes`: which futures are big, and why.
//!
//! Snug's compiler writes a report (`docs/report.md`); this library reads it and answers. It calls no compiler and no cargo:
//! `cargo snug` does that.
//!
//! * [`report`] reads reports: the futures of one build, each once;
//! * [`selection`] chooses and sorts futures, and finds the one that a user names;
//! * [`why`] explains one future: what is alive at its biggest suspension, and what keeps it;
//! * [`advice`] computes what a change of the source would save, there and in all futures around;
//! * [`guard`] compares sizes with budgets, with a ratchet file, and with an earlier state of that file;
//! * [`map`] is what lies where in a future: [`page`] shows it in a browser, and [`picture`] draws it;
//! * [`output`] writes all else, for people and for programs.
//!
//! All sizes and offsets are in bytes.
#![forbid(unsafe_code)]

mod advice;
mod guard;
mod map;
mod options;
mod output;
mod page;
mod picture;
mod report;
mod selection;
mod text;
mod why;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

pub use options::{Format, Options, Sort};

use guard::budget::Budgets;
use guard::ratchet::Ratchet;
use guard::{Finding, ratchet};
use report::Report;
use selection::Selection;

/// What a question is about.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder of the workspace: the paths in reports start there.
    pub root: PathBuf,
    /// The names of the workspace's crates, as the compiler knows them: with `_`.
    pub crates: Vec<String>,
    /// `[workspace.metadata.snug.budget]`: patterns of names, and bytes.
    pub budgets: BTreeMap<String, u64>,
    /// The report's folder.
    pub report: PathBuf,
    /// The folder of the report of a second build with stock's layouts, if there was one.
    pub stock: Option<PathBuf>,
}

/// Whether a report's folder has all files that its last build is made of. If not, only compiling all crates again, for
/// another folder, makes it whole.
pub fn is_whole(report: &Path) -> bool {
    report::is_whole(report)
}

/// Answers; says whether all is as it should be: nothing exceeds what `--check` or `--diff` compare with.
///
/// # Errors
///
/// A sentence that says what is wrong, and what to do: no futures, a report of another version, a name that fits none, a
/// budget that matches nothing, a broken ratchet file, no git.
pub fn run(options: &Options, project: &Project) -> Result<bool> {
    let stock = project.stock.as_deref().map(report::read).transpose()?;
    let report = report::read(&project.report)?.with_stock(stock);
    if report.futures.is_empty() {
        bail!(
            "there are no futures in what this command builds: no `async fn`, no `async` block, no generator that is used\n\
             help: a library's futures are those that its functions make for others; `--tests` adds those of tests"
        );
    }
    if let Some(named) = &options.why {
        let chosen = selection::named(&report, named)?;
        if let Some(path) = &options.svg {
            write(path, &picture::of(chosen[0], &report))?;
            print(&format!("{} is drawn in `{}`.\n", chosen[0].name(), path.display()));
            return Ok(true);
        }
        print(&why::explain(&report, &chosen, project, options)?);
        return Ok(true);
    }
    if let Some(path) = &options.html {
        write(path, &page::of(&report, project))?;
        print(&format!("{} futures are in `{}`.\n", report.futures.len(), path.display()));
        return Ok(true);
    }
    if options.bless {
        return bless(&report, project);
    }
    if options.check || options.diff.is_some() {
        let findings = findings(options, &report, project)?;
        print(&output::findings(options.format, &findings, &report)?);
        return Ok(findings.iter().all(|finding| !finding.is_worse));
    }
    if options.advise {
        let selection = Selection::to_change(options, &report, project)?;
        print(&output::advice(options, &advice::best(&report, &selection), &report)?);
        return Ok(true);
    }
    let selection = Selection::new(options, &report)?;
    print(&output::list(options, &selection, &report)?);
    Ok(true)
}

/// Writes the ratchet file.
fn bless(report: &Report, project: &Project) -> Result<bool> {
    let path = ratchet::path(project);
    let ratchet = Ratchet::of(report, project);
    write(&path, &ratchet.text())?;
    print(&format!("{} futures are in `{}` now.\n", ratchet.len(), path.display()));
    Ok(true)
}

fn findings(options: &Options, report: &Report, project: &Project) -> Result<Vec<Finding>> {
    let now = Ratchet::of(report, project);
    if let Some(other) = &options.diff {
        return Ok(now.differences(&ratchet::of_diff(other, project)?, report));
    }
    let budgets = Budgets::new(&project.budgets)?;
    let mut findings = budgets.findings(report)?;
    match ratchet::read(&ratchet::path(project))? {
        Some(before) => {
            let grown = now.differences(&before, report);
            findings.extend(grown.into_iter().filter(|finding| finding.is_worse));
        }
        None if project.budgets.is_empty() => bail!(
            "there is nothing to compare with: no `[workspace.metadata.snug.budget]` in Cargo.toml, and no `{}`\n\
             help: `cargo snug sizes --bless` writes that file",
            ratchet::FILE
        ),
        None => {}
    }
    Ok(findings)
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).with_context(|| format!("`{}` cannot be written", path.display()))
}

/// Prints; a reader who has seen enough (`| head`) is no error.
fn print(text: &str) {
    use std::io::Write;
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}
