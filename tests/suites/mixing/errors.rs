//! What there is to read and to see when crates do not fit.

use std::sync::OnceLock;

use snug_tests::Result;
use snug_tests::command::Finished;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::harness::Tools;
use snug_tests::version;
use snug_tests::workshop::{Workshop, contains_all, same};

/// The layout version of the compilers under test: both have one (see the suite `layouts`).
pub(crate) fn layout_version(tools: Tools) -> Result<String> {
    static VERSION: OnceLock<Result<u32>> = OnceLock::new();
    let version = VERSION.get_or_init(|| version::layout_version(tools, Generator::Llvm));
    version.clone().map(|version| version.to_string())
}

/// The name of the library that a crate of Snug asks for.
pub(crate) fn marker(tools: Tools, name: &str, snug: Compiler) -> Result<String> {
    let (layout, version) = (layout_of(snug)?, layout_version(tools)?);
    Ok(format!(
        "snug-coroutine-layout-{layout}-v{version}--crate-{name}-was-compiled-by-the-codegen-backend\
         -Snug--compile-the-whole-program-with-Snug-or-{name}-without-it"
    ))
}

fn layout_of(snug: Compiler) -> Result<Layout> {
    snug.layout().ok_or_else(|| format!("{snug} has no marker"))
}

/// The libraries that a linker, LLVM's or GNU's, says are missing.
pub(crate) fn missed_libraries(output: &str) -> Vec<String> {
    let name = |line: &str| {
        let mut starts = ["unable to find library -l", "cannot find -l"].into_iter();
        let (_, said) = starts.find_map(|start| line.split_once(start))?;
        said.split([' ', ':']).next().map(str::to_owned)
    };
    output.lines().filter_map(name).collect()
}

/// The linker asked for the markers of these crates, which `snug` compiled, and missed nothing else.
pub(crate) fn link_tripped(
    tools: Tools,
    failed: &Finished,
    snug: Compiler,
    crates: &[&str],
) -> Result<()> {
    let mut missing = missed_libraries(&failed.stderr);
    missing.sort();
    let mut expected =
        crates.iter().map(|name| marker(tools, name, snug)).collect::<Result<Vec<_>>>()?;
    expected.sort();
    if missing != expected || !failed.stderr.contains("error: linking with `cc` failed") {
        return Err(format!("not just {expected:?} were missed: {}", failed.describe()));
    }
    Ok(())
}

/// rustc could not pack a staticlib, because there is a crate of Snug.
pub(crate) fn archive_tripped(
    tools: Tools,
    failed: &Finished,
    snug: Compiler,
    name: &str,
) -> Result<()> {
    let (layout, version) = (layout_of(snug)?, layout_version(tools)?);
    let start = "error: failed to build archive at `libapp.a`: LLVM error: duplicate symbol name";
    let said = format!(
        "{start} (this is how Snug can tell you:) crate `{name}` was compiled by the codegen backend \
         Snug (coroutine layout {layout}-v{version}): compile the whole program with Snug, or \
         `{name}` without it"
    );
    one_error(failed, &said)
}

/// Snug refused to compile a crate, with this sentence and this help.
pub(crate) fn refused(failed: &Finished, sentence: &str, help: &[&str]) -> Result<()> {
    one_error(failed, &format!("error: {sentence}"))?;
    let given = failed.stderr.lines().find(|line| line.trim_start().starts_with("= help: "));
    contains_all(given.unwrap_or_default(), help)?;
    let why = "= note: the crates of a program must agree about how large a future is";
    contains_all(&failed.stderr, &[why])
}

/// What Snug says about two layouts.
pub(crate) fn modes(below: (&str, Layout), above: (&str, Layout)) -> String {
    format!(
        "crate `{}` was compiled with Snug's coroutine layout `{}`, `{}` with `{}`",
        below.0, below.1, above.0, above.1
    )
}

/// What Snug says about a crate of stock rustc between crates of its own.
pub(crate) fn between(stock: &str, below: &str) -> String {
    format!(
        "crate `{stock}` was compiled without Snug, but uses crate `{below}`, which was compiled with it"
    )
}

fn one_error(failed: &Finished, expected: &str) -> Result<()> {
    let errors = failed.stderr.lines().filter(|line| line.starts_with("error"));
    let errors: Vec<&str> =
        errors.filter(|line| !line.starts_with("error: aborting due")).collect();
    if errors == [expected] {
        return Ok(());
    }
    Err(format!("the only error is not `{expected}`: {}", failed.describe()))
}

/// Nothing with these names was made.
pub(crate) fn absent(workshop: &Workshop, files: &[&str]) -> Result<()> {
    files
        .iter()
        .try_for_each(|file| same(&format!("`{file}` exists"), workshop.path(file).exists(), false))
}
