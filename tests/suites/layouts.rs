//! Whoever changes a layout raises the layout version, or this test fails.
//!
//! `layouts/snapshot.txt` remembers the version and how every coroutine of many programs is laid out. It is
//! written again with `SNUG_BLESS=1`, but never with other layouts under the same version.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use sha2::{Digest, Sha256};
use snug_tests::Result;
use snug_tests::compare::{blessing, text_difference};
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::corpus;
use snug_tests::directives::{Expectation, Goal};
use snug_tests::harness::{self, Shared, Tools};
use snug_tests::program::{Extra, Program};
use snug_tests::report;
use snug_tests::snapshot::{self, Layouts, Snapshot, Verdict};
use snug_tests::toolchain::package;
use snug_tests::version::layout_version;
use tempfile::TempDir;

/// Stock's layouts are rustc's own affair.
const LAYOUTS: [Layout; 2] = [Layout::CapturesOnly, Layout::Packed];

/// Folders with programs that all compile.
const FOLDERS: [&str; 3] = ["codegen", "layouts", "sizes"];

fn main() -> ExitCode {
    harness::main(|tools| {
        let programs: &[Program] = programs()?.leak();
        let llvm: Shared<Snapshot> = Shared::default();
        let shared = llvm.clone();
        let of_llvm = move || take(tools, programs, Generator::Llvm, &LAYOUTS);
        Ok(vec![
            harness::test("layouts have a version", move || {
                check(llvm.get(of_llvm)?, &package().join("layouts/snapshot.txt"))
            }),
            harness::test("layouts of the twins", move || {
                // The layout that users get is enough to see whether the twins agree.
                let packed = [Layout::Packed];
                let cranelift = take(tools, programs, Generator::Cranelift, &packed)?.to_string();
                let llvm = without(Layout::CapturesOnly, &shared.get(of_llvm)?.to_string());
                let difference = text_difference(&llvm, &cranelift);
                difference.map_or(Ok(()), |text| Err(format!("Cranelift's are not LLVM's: {text}")))
            }),
        ])
    })
}

fn check(found: &Snapshot, path: &Path) -> Result<()> {
    let complaint = |error: std::io::Error| format!("{}: {error}", path.display());
    let remembered = match path.exists() {
        true => Snapshot::parse(&std::fs::read_to_string(path).map_err(complaint)?)?,
        false => Snapshot::default(),
    };
    match found.judge(&remembered)? {
        Verdict::Same => Ok(()),
        Verdict::Bless(_) if blessing() => {
            std::fs::write(path, found.to_string()).map_err(complaint)
        }
        Verdict::Bless(reasons) => Err(format!(
            "{} is out of date: SNUG_BLESS=1 ./y.sh test layouts, and review it\n{}",
            path.display(),
            snapshot::list(&reasons)
        )),
    }
}

/// All programs of ours that compile.
fn programs() -> Result<Vec<Program>> {
    let mut all = corpus::programs(&package().join("run"))?;
    all.retain(|program| match program.expectation {
        Expectation { goal: Goal::Check, .. } => false,
        Expectation { goal: Goal::Run, .. } => true,
        Expectation { success, .. } => success,
    });
    for folder in FOLDERS {
        all.extend(corpus::programs(&package().join(folder))?);
    }
    // Those are rustc's, and have no coroutines here.
    all.retain(|program| program.directives.own("program").next().is_none());
    Ok(all.into_iter().map(Program::only_compiled).collect())
}

/// A snapshot's text without the lines of one layout.
fn without(layout: Layout, text: &str) -> String {
    let start = format!("    {layout} ");
    text.lines().filter(|line| !line.starts_with(&start)).map(|line| format!("{line}\n")).collect()
}

/// The layouts that one twin gives to all programs.
fn take(
    tools: Tools,
    programs: &[Program],
    generator: Generator,
    of: &[Layout],
) -> Result<Snapshot> {
    let mut snapshot =
        Snapshot { version: layout_version(tools, generator)?, programs: BTreeMap::new() };
    for program in programs {
        let mut layouts = Layouts { sources: sources(&program.path)?, ..Layouts::default() };
        for &layout in of {
            compile(tools, program, Compiler::Snug(generator, layout), &mut layouts)?;
        }
        snapshot.programs.insert(corpus::name(program, package()), layouts);
    }
    Ok(snapshot)
}

fn compile(
    tools: Tools,
    program: &Program,
    compiler: Compiler,
    layouts: &mut Layouts,
) -> Result<()> {
    let folder = TempDir::with_prefix("snug-").map_err(|e| format!("no temporary folder: {e}"))?;
    let extra = Extra { report: Some(folder.path()), ..Extra::default() };
    let outcome = program.outcome(tools, compiler, &extra)?;
    outcome.compilation.expect_success(&program.path.display().to_string())?;
    let mode = compiler.layout().map(|layout| layout.to_string()).unwrap_or_default();
    let places = Places::new(tools);
    // A program and its auxiliary crates may all report the same type.
    for coroutine in report::by_id(report::read(folder.path())?).values() {
        layouts.add(places.remove(&coroutine.name), &mode, coroutine);
    }
    Ok(())
}

/// What paths in the names of types start with on this machine.
struct Places {
    package: String,
    library: String,
}

impl Places {
    fn new(tools: Tools) -> Places {
        // Where the sources of std are, if they are installed.
        let sysroot = tools.rustc.ancestors().nth(2).unwrap_or(Path::new("/"));
        Places {
            package: format!("{}/", package().display()),
            library: format!("{}/lib/rustlib/src/rust/", sysroot.display()),
        }
    }

    fn remove(&self, name: &str) -> String {
        name.replace(&self.package, "").replace(&self.library, "")
    }
}

/// A name for the content of a program and of all that it may be made of.
fn sources(program: &Path) -> Result<String> {
    let mut files = vec![program.to_owned()];
    for folder in ["auxiliary", "support"] {
        files.extend(listed(&program.with_file_name(folder)));
    }
    files.sort();
    let mut hasher = Sha256::new();
    for file in files {
        let content = std::fs::read(&file).map_err(|e| format!("{}: {e}", file.display()))?;
        hasher.update((content.len() as u64).to_le_bytes());
        hasher.update(content);
    }
    Ok(hasher.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The files in a folder, which may be missing.
fn listed(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect()
}
