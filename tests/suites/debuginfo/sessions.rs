//! Programs of ours in gdb and lldb: under Snug's Cranelift twin debuggers print what they print under stock.
//!
//! Each of `debuginfo/*.rs` says where to stop and what to ask. All of what is printed is compared, and some of it is checked, so that
//! two debuggers that both see nothing are noticed.

use std::path::Path;

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::command;
use snug_tests::compare;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::corpus;
use snug_tests::debugger::{Debugger, normalized};
use snug_tests::harness::{self, Tools};
use snug_tests::session::Session;
use snug_tests::toolchain::package;
use snug_tests::workshop::Workshop;

pub(crate) const CRANELIFT: Compiler = Compiler::Snug(Generator::Cranelift, Layout::Packed);
const LLVM: Compiler = Compiler::Snug(Generator::Llvm, Layout::Packed);

pub(crate) fn tests(tools: Tools) -> Result<Vec<Trial>> {
    let mut tests = Vec::new();
    for debugger in Debugger::ALL {
        let version = debugger.version();
        for source in corpus::files(&package().join("debuginfo"))? {
            let session = Session::read(&source, debugger, version.as_deref().unwrap_or("0"))?;
            if session.commands.is_empty() {
                continue;
            }
            let name = source.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let name = format!("{}: {name}", debugger.name());
            let test = harness::test(name, move || same(tools, debugger, &source, &session));
            tests.push(harness::needs(debugger.name(), debugger.name(), test));
        }
    }
    Ok(tests)
}

fn same(tools: Tools, debugger: Debugger, source: &Path, session: &Session) -> Result<()> {
    if let Some(reason) = &session.ignored {
        return Err(format!("{}: {reason}", source.display()));
    }
    let reference = if session.with_twin { LLVM } else { Compiler::Stock };
    let expected = printed(tools, reference, debugger, source, session)?;
    session.check(&expected).map_err(|error| format!("{reference}: {error}"))?;
    let found = printed(tools, CRANELIFT, debugger, source, session)?;
    session.check(&found)?;
    let (expected, found) = (normalized(&expected).join("\n"), normalized(&found).join("\n"));
    match compare::text_difference(&expected, &found) {
        None => Ok(()),
        Some(difference) => Err(difference),
    }
}

/// What a debugger prints of a program.
pub(crate) fn printed(
    tools: Tools,
    compiler: Compiler,
    debugger: Debugger,
    source: &Path,
    session: &Session,
) -> Result<String> {
    let workshop = Workshop::new(tools, &[])?;
    let folder = source.parent().unwrap_or(source);
    let compile = |file: &Path, flags: &[String]| -> Result<()> {
        let mut rustc = compiler.command(tools);
        rustc.current_dir(workshop.path("")).args(["-g", "-Awarnings", "-L."]);
        command::run(rustc.arg(file).args(flags))?.expect_success("rustc").map(drop)
    };
    for file in &session.auxiliary {
        compile(&folder.join("auxiliary").join(file), &["--crate-type=lib".to_owned()])?;
    }
    let output = ["-o", "program"].map(str::to_owned);
    compile(source, &[&session.flags[..], &output].concat())?;
    let name = source.file_name().unwrap_or_default().to_string_lossy();
    let program = workshop.path("program");
    let run = debugger.run(tools, &program, &name, &session.lines, &session.commands)?;
    if !run.has_ended() {
        return Err(run.describe());
    }
    let folder = workshop.path("");
    Ok(run.stdout.replace(&*folder.to_string_lossy(), "/"))
}
