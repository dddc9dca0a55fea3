//! rustc's own `tests/debuginfo`: what passes under stock passes under Snug's Cranelift twin.
//!
//! What stock itself fails here, with the gdb of this machine, says nothing. What Snug may fail, and why, is in
//! `debuginfo/rustc-differences.txt`.

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::compiler::Compiler;
use snug_tests::corpus;
use snug_tests::debugger::Debugger;
use snug_tests::expected::{Differences, Expected};
use snug_tests::harness::{self, Tools};
use snug_tests::session::Session;
use snug_tests::toolchain::package;

use crate::sessions::{CRANELIFT, printed};

/// Of the tests, the short run takes each of this many.
const SHORT: usize = 10;

pub(crate) fn tests(tools: Tools) -> Result<Vec<Trial>> {
    let debugger = Debugger::Gdb;
    let version = debugger.version().unwrap_or_default();
    let root = tools.sources.join("tests/debuginfo");
    let list = package().join("debuginfo/rustc-differences.txt");
    let mut differences = Differences::read(&list)?;
    let mut tests = Vec::new();
    for (index, source) in corpus::files(&root)?.into_iter().enumerate() {
        let session = Session::read(&source, debugger, &version)?;
        let name = source.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let expected = differences.take(&name);
        if session.ignored.is_some() || (!harness::long() && index % SHORT != 0) {
            continue;
        }
        let test = harness::test(format!("rustc: {name}"), move || {
            let stock = printed(tools, Compiler::Stock, debugger, &source, &session)?;
            if session.check(&stock).is_err() {
                return Ok(());
            }
            let snug = printed(tools, CRANELIFT, debugger, &source, &session)?;
            differs_as(session.check(&snug), expected.as_ref())
        });
        tests.push(harness::needs("gdb", "gdb", test));
    }
    differences.all_taken(true)?;
    Ok(tests)
}

fn differs_as(result: Result<()>, expected: Option<&Expected>) -> Result<()> {
    match (result, expected) {
        (result, None) => result,
        (Err(difference), Some(expected)) if difference.contains(&expected.sign) => Ok(()),
        (Err(difference), Some(expected)) => Err(format!(
            "this should fail with `{}`, but fails in another way: {difference}",
            expected.sign
        )),
        (Ok(()), Some(expected)) => Err(format!(
            "this passes, but debuginfo/rustc-differences.txt says that it does not ({}): take it off \
             the list",
            expected.reason
        )),
    }
}
