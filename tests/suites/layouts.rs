//! Whoever changes a layout raises the layout version, or this test fails.
//!
//! `layouts/snapshot/` remembers the version, and in a file per program how each of its coroutines is laid out. Files are
//! written again with `SNUG_BLESS=1`, but never with other layouts under the same version.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::compare::{blessing, text_difference};
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::corpus;
use snug_tests::directives::{Expectation, Goal};
use snug_tests::harness::{self, Tools};
use snug_tests::kept;
use snug_tests::program::Program;
use snug_tests::report;
use snug_tests::snapshot::{self, Layouts, Snapshot, Verdict};
use snug_tests::toolchain::{layouts_of_version, package};
use snug_tests::version::layout_version;

/// Stock's layouts are rustc's own affair.
const LAYOUTS: [Layout; 2] = [Layout::CapturesOnly, Layout::Packed];

/// Folders with programs that all compile.
const FOLDERS: [&str; 3] = ["codegen", "layouts", "sizes"];

fn main() -> ExitCode {
    harness::main(|tools| {
        let programs: &[Program] = programs()?.leak();
        // All of `run/` is compiled by both twins there; here, a look at each kind is enough.
        let some = programs.iter().filter(|it| !it.path.starts_with(package().join("run")));
        let twins = some.map(|program| {
            let name = format!("layouts of the twins: {}", corpus::name(program, package()));
            harness::test(name, move || are_twins(tools, program))
        });
        let mut tests: Vec<Trial> = twins.collect();
        // Last: what the others have compiled is kept.
        tests.push(harness::test("layouts have a version", move || {
            let found = take(tools, programs)?;
            check(found, &package().join("layouts/snapshot"))
        }));
        Ok(tests)
    })
}

/// The layout that users get is enough to see whether the twins agree.
fn are_twins(tools: Tools, program: &Program) -> Result<()> {
    let [llvm, cranelift] = [Generator::Llvm, Generator::Cranelift].map(|generator| {
        let mut layouts = Layouts::default();
        compile(tools, program, Compiler::Snug(generator, Layout::Packed), &mut layouts)?;
        Ok(layouts)
    });
    let (llvm, cranelift): (Result<Layouts>, Result<Layouts>) = (llvm, cranelift);
    let of = |layouts: Layouts| {
        let programs = [(corpus::name(program, package()), layouts)].into();
        Snapshot { version: 0, programs }.to_string()
    };
    let difference = text_difference(&of(llvm?), &of(cranelift?));
    difference.map_or(Ok(()), |text| Err(format!("Cranelift's are not LLVM's: {text}")))
}

fn check(found: Snapshot, folder: &Path) -> Result<()> {
    let default = Snapshot::read(folder)?;
    // Another version's coroutines are not ours to judge: stock's may be others.
    if let Some(others) = layouts_of_version() {
        return check_version(found, &default, &others);
    }
    match found.judge(&default)? {
        Verdict::Same => Ok(()),
        Verdict::Bless(_) if blessing() => found.write(folder),
        Verdict::Bless(reasons) => Err(format!(
            "{} is out of date: SNUG_BLESS=1 ./y.sh test layouts, and review it\n{}",
            folder.display(),
            snapshot::list(&reasons)
        )),
    }
}

/// What a version of rustc that is not the default one has otherwise is remembered in its own folder.
fn check_version(found: Snapshot, default: &Snapshot, others: &Path) -> Result<()> {
    if blessing() {
        return found.write_what_differs(default, others);
    }
    let remembered = default.clone().with(others)?;
    text_difference(&remembered.to_string(), &found.to_string()).map_or(Ok(()), |text| {
        Err(format!(
            "{} is out of date: SNUG_BLESS=1 ./y.sh --toolchain VERSION test layouts, and review it\n{text}",
            others.display()
        ))
    })
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

/// The layouts that the LLVM twin gives to all programs. The other tests are over when this is made, so it takes all processors.
fn take(tools: Tools, programs: &'static [Program]) -> Result<Snapshot> {
    let version = layout_version(tools, Generator::Llvm)?;
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let share = move |worker| {
        let own = programs.iter().skip(worker).step_by(workers);
        own.map(|program| layouts_of(tools, program)).collect::<Result<Vec<_>>>()
    };
    let workers: Vec<_> =
        (0..workers).map(|worker| std::thread::spawn(move || share(worker))).collect();
    let mut snapshot = Snapshot { version, programs: BTreeMap::new() };
    for worker in workers {
        let layouts = worker.join().map_err(|_| "a thread has panicked")?;
        snapshot.programs.extend(layouts?);
    }
    Ok(snapshot)
}

/// A program's name and layouts.
fn layouts_of(tools: Tools, program: &Program) -> Result<(String, Layouts)> {
    let mut layouts = Layouts { sources: corpus::sources(&program.path)?, ..Layouts::default() };
    for layout in LAYOUTS {
        compile(tools, program, Compiler::Snug(Generator::Llvm, layout), &mut layouts)?;
    }
    Ok((corpus::name(program, package()), layouts))
}

fn compile(
    tools: Tools,
    program: &Program,
    compiler: Compiler,
    layouts: &mut Layouts,
) -> Result<()> {
    let reported = kept::reported(tools, program, compiler)?;
    let mode = compiler.layout().map(|layout| layout.to_string()).unwrap_or_default();
    let places = Places::new(tools);
    // A program and its auxiliary crates may all report the same type.
    for coroutine in report::by_id(reported.coroutines()?).values() {
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
        let sysroot = tools.sysroot();
        Places {
            package: format!("{}/", package().display()),
            library: format!("{}/lib/rustlib/src/rust/", sysroot.display()),
        }
    }

    fn remove(&self, name: &str) -> String {
        name.replace(&self.package, "").replace(&self.library, "")
    }
}
