//! The marker: where it is to be found, and where not.

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::compiler::Compiler;
use snug_tests::harness::{self, Tools};
use snug_tests::workshop::{Workshop, same};

use crate::crates::{CRANELIFT, each_layout, with_glue};
use crate::errors::marker;

pub(crate) fn tests(tools: Tools) -> Vec<Trial> {
    let mut tests = Vec::new();
    for snug in Compiler::all_of_snug() {
        let name = format!("mixing: crates have a marker ({snug})");
        tests.push(harness::test(name, move || in_metadata(tools, snug)));
    }
    for snug in each_layout().into_iter().chain([CRANELIFT]) {
        let name = |what| format!("mixing: {what} have no marker ({snug})");
        tests.push(harness::test(name("programs"), move || not_in_programs(tools, snug)));
        tests.push(harness::test(name("programs beside rlibs"), move || beside_rlibs(tools, snug)));
    }
    tests.push(harness::test("mixing: stock's crates have no marker", move || {
        nothing_of_stock(tools)
    }));
    tests
}

/// What is text in a file.
fn text(workshop: &Workshop, file: &str) -> Result<String> {
    let bytes = std::fs::read(workshop.path(file)).map_err(|error| format!("{file}: {error}"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// What Snug leaves in crates, and in nothing else: markers, and members that stop staticlibs.
fn traces(text: &str) -> Vec<&str> {
    const START: &str = "snug-";
    // The name of a member goes on with this many digits.
    const DIGITS: usize = 16;
    let is_trace = |rest: &str| {
        let digits = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
        rest.starts_with("coroutine-layout") || digits >= DIGITS
    };
    let all = text.match_indices(START).map(|(at, _)| &text[at + START.len()..]);
    let traces = all.filter(|rest| is_trace(rest));
    traces.map(|rest| rest.split([' ', '"', '\0', '\n']).next().unwrap_or_default()).collect()
}

/// Crates that others may be compiled against, and become part of.
const KINDS: [(&str, &str); 5] = [
    ("--crate-type=rlib", "libmade.rlib"),
    ("--crate-type=dylib", "libmade.so"),
    ("--crate-type=dylib -Cprefer-dynamic", "libmade.so"),
    ("--crate-type=lib --emit=metadata", "libmade.rmeta"),
    ("--crate-type=rlib --emit=metadata,link -Zembed-metadata=no", "libmade.rmeta"),
];

fn in_metadata(tools: Tools, snug: Compiler) -> Result<()> {
    let marker = marker(tools, "made", snug)?;
    for (arguments, file) in KINDS {
        let workshop = Workshop::new(tools, &[("made.rs", "#![allow(dead_code)] fn main() {}")])?;
        workshop.compile(snug, &format!("made.rs {arguments}"))?;
        let text = text(&workshop, file)?;
        same(&format!("a marker in {file} ({arguments})"), text.contains(&marker), true)?;
        let is_member = |trace: &&str| !trace.starts_with("coroutine");
        let member = traces(&text).iter().any(is_member);
        same(&format!("a member's name in {file} ({arguments})"), member, true)?;
    }
    Ok(())
}

fn nothing_of_stock(tools: Tools) -> Result<()> {
    for (arguments, file) in KINDS {
        let workshop = Workshop::new(tools, &[("made.rs", "#![allow(dead_code)] fn main() {}")])?;
        workshop.compile(Compiler::Stock, &format!("made.rs {arguments}"))?;
        same(&format!("traces of Snug in {file}"), traces(&text(&workshop, file)?), vec![])?;
    }
    Ok(())
}

/// What is made, and the name of its file.
const PROGRAMS: &[(&str, &str)] = &[
    ("app.rs", "app"),
    ("app.rs -g -Clink-dead-code", "app"),
    ("app.rs --test", "app"),
    ("app.rs --crate-type=proc-macro", "libapp.so"),
    ("app.rs --crate-type=cdylib", "libapp.so"),
    ("app.rs --crate-type=staticlib", "libapp.a"),
];

/// And the linker hears nothing of it.
fn not_in_programs(tools: Tools, snug: Compiler) -> Result<()> {
    let workshop = with_glue(tools, snug, snug)?;
    for (arguments, file) in PROGRAMS {
        let told = workshop.compile(snug, &format!("{arguments} --print=link-args"))?.stdout;
        let told: Vec<_> = told.split(' ').filter(|word| !traces(word).is_empty()).collect();
        same(&format!("what the linker hears of Snug ({arguments})"), told, vec![])?;
        let text = text(&workshop, file)?;
        same(&format!("traces of Snug in {file} ({arguments})"), traces(&text), vec![])?;
    }
    Ok(())
}

/// rustc makes both of one set of objects, to which the rlib's member belongs: linkers leave out what is in
/// it, and archives have it. The markers themselves are nowhere.
fn beside_rlibs(tools: Tools, snug: Compiler) -> Result<()> {
    let workshop = with_glue(tools, snug, snug)?;
    workshop.compile(snug, "app.rs --crate-type=rlib,cdylib,staticlib")?;
    same("traces of Snug in libapp.so", traces(&text(&workshop, "libapp.so")?), vec![])?;
    let archive = text(&workshop, "libapp.a")?;
    let members = traces(&archive);
    let is_marker = |trace: &&str| trace.starts_with("coroutine-layout");
    same("a marker in libapp.a", members.iter().any(is_marker), false)?;
    let own = |name: &&str| name.trim_end_matches('/').to_owned();
    let distinct: std::collections::BTreeSet<_> = members.iter().map(own).collect();
    same("members of Snug in libapp.a", distinct.len(), 1)
}
