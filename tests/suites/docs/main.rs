//! What README.md, CONTRIBUTING.md and docs/ say is so today.
//!
//! * README.md stays short: words and columns.
//! * Every link leads somewhere, and every file that is named exists.
//! * Every command that is shown is one: its options exist, and a suite that it names. What is cheap is run for real.
//! * What examples print is what is printed today.

mod commands;
mod examples;
mod page;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::Trial;
use page::Page;
use snug_tests::Result;
use snug_tests::harness;
use snug_tests::toolchain::package;

/// How long README.md may be.
const WORDS: usize = 800;
const COLUMNS: usize = 110;

fn main() -> ExitCode {
    harness::main(|tools| {
        let pages: &[Page] = pages()?.leak();
        let mut tests: Vec<Trial> = Vec::new();
        for page in pages {
            let name = &page.name;
            tests.push(harness::test(format!("links in {name}"), || links(page, pages)));
            tests.push(harness::test(format!("files in {name}"), || files(page)));
            tests.push(harness::test(format!("commands in {name}"), move || {
                commands::check(tools, page)
            }));
        }
        tests.push(harness::test("README.md is short", is_short));
        tests.extend(examples::tests(tools));
        Ok(tests)
    })
}

fn root() -> PathBuf {
    package().join("..")
}

/// All that are for people to read. A changelog names what is no more.
fn pages() -> Result<Vec<Page>> {
    let mut pages = Vec::new();
    for file in ["README.md", "CONTRIBUTING.md", "packing/README.md"] {
        pages.push(Page::read(&root(), file)?);
    }
    let docs = root().join("docs");
    let entries = std::fs::read_dir(&docs).map_err(|e| format!("{}: {e}", docs.display()))?;
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".md")).collect();
    names.sort();
    for name in names {
        pages.push(Page::read(&root(), &format!("docs/{name}"))?);
    }
    Ok(pages)
}

fn is_short() -> Result<()> {
    let path = root().join("README.md");
    let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let words = text.split_whitespace().count();
    if words > WORDS {
        return Err(format!("README.md has {words} words; {WORDS} are allowed"));
    }
    let long = |(at, line): (usize, &str)| {
        let columns = line.chars().count();
        (columns > COLUMNS).then(|| format!("README.md:{}: {columns} columns", at + 1))
    };
    let long: Vec<String> = text.lines().enumerate().filter_map(long).collect();
    if long.is_empty() { Ok(()) } else { Err(long.join("\n")) }
}

/// Where a page's links lead.
fn links(page: &Page, all: &[Page]) -> Result<()> {
    let mut wrong = Vec::new();
    for link in page.links.iter().filter(|link| !link.contains("://")) {
        let (file, heading) = link.split_once('#').unwrap_or((link, ""));
        let path = match file {
            "" => root().join(&page.name),
            file => page.folder(&root()).join(file),
        };
        let known = |other: &&Page| is_same(&root().join(&other.name), &path);
        let target = all.iter().find(known);
        if !path.exists() {
            wrong.push(format!("{link}: there is no such file"));
        } else if !heading.is_empty() && !target.is_some_and(|it| it.has_heading(heading)) {
            wrong.push(format!("{link}: there is no such heading"));
        }
    }
    as_result(page, &wrong)
}

fn is_same(one: &Path, other: &Path) -> bool {
    one.canonicalize().ok().is_some_and(|one| other.canonicalize().ok() == Some(one))
}

/// Folders of the repository; what begins with another word is not a path in it.
const FOLDERS: &[&str] = &[
    "bench",
    "build_system",
    "clippy",
    "debuginfo",
    "docs",
    "driver",
    "examples",
    "loader",
    "measure",
    "packing",
    "patches",
    "sizes",
    "slots",
    "src",
    "stack",
    "tests",
];

/// The files of the repository that a page names: `src/lib.rs`, `tests/run/`.
fn files(page: &Page) -> Result<()> {
    let mut wrong = Vec::new();
    for code in &page.code {
        let is_path = |c: char| c.is_alphanumeric() || "/._-".contains(c);
        let first = code.split('/').next().unwrap_or_default();
        if !FOLDERS.contains(&first) || !code.contains('/') || !code.chars().all(is_path) {
            continue;
        }
        // Pages about tests leave out `tests/`.
        let places = [root(), page.folder(&root()), package().to_owned()];
        if !places.iter().any(|place| is_there(&place.join(code))) && !page.is_elsewhere(code) {
            wrong.push(format!("`{code}`: there is no such file"));
        }
    }
    as_result(page, &wrong)
}

/// Whether a file is there, or one whose name begins so: a patch is known by its number.
fn is_there(path: &Path) -> bool {
    let begins = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let beside = path.parent().and_then(|folder| std::fs::read_dir(folder).ok());
    let mut names = beside.into_iter().flatten().flatten().map(|entry| entry.file_name());
    path.exists() || names.any(|name| name.to_string_lossy().starts_with(&begins))
}

fn as_result(page: &Page, wrong: &[String]) -> Result<()> {
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(format!("{}:\n{}", page.name, wrong.join("\n"))),
    }
}
