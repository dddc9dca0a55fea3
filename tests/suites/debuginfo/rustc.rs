//! rustc's own `tests/debuginfo`: what passes under stock passes under Snug's Cranelift twin.
//!
//! What stock itself fails here, with the debuggers of this machine, says nothing. What Snug may fail, and why, is in
//! `debuginfo/rustc-differences.txt`.

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::compiler::Compiler;
use snug_tests::corpus;
use snug_tests::debugger::Debugger;
use snug_tests::expected::{self, Differences};
use snug_tests::harness::{self, Tools};
use snug_tests::session::Session;
use snug_tests::toolchain::package;

use crate::sessions::{CRANELIFT, printed};

/// Of the tests, the short run takes each of this many.
const SHORT: usize = 10;

pub(crate) fn tests(tools: Tools) -> Result<Vec<Trial>> {
    let list = package().join("debuginfo/rustc-differences.txt");
    let mut differences = Differences::read(&list)?;
    let mut tests = Vec::new();
    for debugger in Debugger::ALL {
        tests.extend(with(tools, debugger, &mut differences)?);
    }
    differences.all_taken()?;
    Ok(tests)
}

/// The tests in one debugger. lldb is slow: all of its tests are for the long run.
fn with(tools: Tools, debugger: Debugger, differences: &mut Differences) -> Result<Vec<Trial>> {
    let version = debugger.version().unwrap_or_default();
    let mut tests = Vec::new();
    let sources = corpus::files(&tools.sources.join("tests/debuginfo"))?;
    for (index, source) in sources.into_iter().enumerate() {
        let session = Session::read(&source, debugger, &version)?;
        let name = source.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let name = format!("rustc, {}: {name}", debugger.name());
        let expected = differences.take(&name);
        let is_short = debugger == Debugger::Gdb && index % SHORT == 0;
        if session.ignored.is_some() || !(harness::long() || is_short) {
            continue;
        }
        let test = harness::test(name, move || {
            let stock = printed(tools, Compiler::Stock, debugger, &source, &session)?;
            if session.check(&stock).is_err() {
                return Ok(());
            }
            let snug = printed(tools, CRANELIFT, debugger, &source, &session)?;
            expected::judge(session.check(&snug), expected.as_ref())
        });
        tests.push(harness::needs(debugger.name(), debugger.name(), test));
    }
    Ok(tests)
}
