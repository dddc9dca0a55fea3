//! What RelocateUpvars does to coroutines, and why: one small program in `mir/` for each thing that it does or refuses.
//!
//! Each has a function `shown`. Beside it lies what was blessed: the decisions about its coroutine (`RUSTC_LOG=snug=info`), the
//! interesting part of its body before the pass and after coalescing (`-Zdump-mir=RelocateUpvars`; for programs that show the end
//! of needs, also after that), and what its states hold, and for what (`SNUG_REPORT`). `SNUG_BLESS=1` writes that again. [`snug_tests::mir`] says what is interesting.
//!
//! The report must give the same refusals as the trace, in an incremental build that runs no pass anew as well.

use std::path::Path;
use std::process::ExitCode;

use snug_tests::Result;
use snug_tests::command;
use snug_tests::compare::{blessing, text_difference};
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::corpus;
use snug_tests::harness::{self, Tools};
use snug_tests::mir;
use snug_tests::program::Program;
use snug_tests::report::{self, Coroutine};
use snug_tests::toolchain::package;
use snug_tests::workshop::{Workshop, same};

/// How the names of programs begin that show where needs end.
const NEEDS: &str = "needs-";

/// The twins run the same pass.
const COMPILER: Compiler = Compiler::Snug(Generator::Llvm, Layout::Packed);

fn main() -> ExitCode {
    harness::main(|tools| {
        let root = package().join("mir");
        let programs = corpus::programs(&root)?;
        let mut tests: Vec<_> = programs
            .into_iter()
            .map(|program| {
                let name = corpus::name(&program, &root);
                harness::test(format!("mir: {name}"), move || check(tools, &program))
            })
            .collect();
        tests.push(harness::test("mir: an incremental report has the refusals", move || {
            incremental(tools, &root.join("raw-pointer.rs"))
        }));
        Ok(tests)
    })
}

fn check(tools: Tools, program: &Program) -> Result<()> {
    let workshop = Workshop::new(tools, &[])?;
    let stderr = compile(&workshop, program, "")?;
    let decisions: Vec<&str> = stderr
        .lines()
        .filter_map(|line| line.split_once("shown::{closure#0}: "))
        .map(|(_, decision)| decision)
        .collect();
    let coroutine = reported(&workshop)?;
    same_refusals(&decisions, &coroutine)?;
    let dump = |stage: &str| {
        workshop
            .read(&format!("mir_dump/shown.shown-{{closure#0}}.-------.RelocateUpvars.{stage}.mir"))
    };
    // All stages are there, also those that are not blessed.
    let (before, coalesced) = (dump("before")?, dump("coalesced")?);
    same("stages", dump("promoted")?.is_empty() || dump("after")?.is_empty(), false)?;
    let shows_needs =
        program.path.file_stem().is_some_and(|name| name.to_string_lossy().starts_with(NEEDS));
    let ended = match shows_needs {
        true => format!("\nafter needs:\n{}", mir::interesting(&before, &dump("ended")?)[1]),
        false => String::new(),
    };
    let [before, after] = mir::interesting(&before, &coalesced);
    let decisions: String = decisions.iter().map(|line| format!("    {line}\n")).collect();
    let text = format!(
        "decisions:\n{decisions}\nbefore:\n{before}\nafter coalescing:\n{after}{ended}\nstates:\n{}",
        states(&coroutine)
    );
    as_blessed(&program.path.with_extension("mir"), &text)
}

/// Compiles a program with a trace, dumps and a report. Returns what the compiler says.
fn compile(workshop: &Workshop, program: &Program, more: &str) -> Result<String> {
    let arguments = format!(
        "--crate-name=shown --crate-type=lib --emit=obj,metadata -Awarnings -Zdump-mir=RelocateUpvars {more}"
    );
    let mut rustc = workshop.rustc(COMPILER, &arguments);
    rustc.args(&program.directives.compile_flags).arg(&program.path);
    rustc.envs(program.directives.rustc_env.iter().map(|(name, value)| (name, value)));
    rustc.env("RUSTC_LOG", "snug=info").env("RUSTC_LOG_COLOR", "never");
    rustc.env("SNUG_REPORT", workshop.path("report"));
    let finished = command::run(&mut rustc)?;
    Ok(finished.expect_success(&program.path.display().to_string())?.stderr)
}

/// The coroutine of `shown`: the one with the most captures and states.
fn reported(workshop: &Workshop) -> Result<Coroutine> {
    let all = report::read(&workshop.path("report"))?;
    let shown = all.into_iter().max_by_key(|it| (it.variants.len(), it.upvars.len(), it.size));
    shown.ok_or_else(|| "the report has no coroutine".into())
}

/// Trace and report must agree.
fn same_refusals(decisions: &[&str], coroutine: &Coroutine) -> Result<()> {
    let traced = decisions.iter().filter(|line| line.contains(": refused: "));
    let traced: Vec<String> = traced.map(|line| line.replace(": refused: ", ": ")).collect();
    let refusals = coroutine.refusals.as_deref().unwrap_or_default();
    let reported: Vec<String> =
        refusals.iter().map(|it| format!("{}: {}: {}", it.phase, it.subject, it.reason)).collect();
    same("refusals, traced and reported", traced, reported)
}

/// What is alive in each state.
fn states(coroutine: &Coroutine) -> String {
    let line = |variant: &report::Variant| {
        let field = |field: &report::Field| {
            let kept = field.kept_by.as_ref().map(|kept| format!(" for a {}", kept.how));
            let name = field.name.as_deref().unwrap_or("_");
            format!("{name}: {}{}", field.size, kept.unwrap_or_default())
        };
        let fields: Vec<String> = variant.fields.iter().map(field).collect();
        format!("    {}({})\n", variant.name, fields.join(", "))
    };
    let is_empty = |it: &&report::Variant| !["Returned", "Panicked"].contains(&it.name.as_str());
    coroutine.variants.iter().filter(is_empty).map(line).collect()
}

fn as_blessed(path: &Path, text: &str) -> Result<()> {
    if blessing() {
        return std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()));
    }
    let blessed = std::fs::read_to_string(path).unwrap_or_default();
    text_difference(&blessed, text).map_or(Ok(()), |difference| {
        Err(format!(
            "{} is not what the pass does now. If that is meant: SNUG_BLESS=1 ./y.sh test mir, and review it.\n{difference}",
            path.display()
        ))
    })
}

/// The second compilation finds everything in its cache; the report must be the same.
fn incremental(tools: Tools, program: &Path) -> Result<()> {
    let workshop = Workshop::new(tools, &[])?;
    let program = &Program::read(program)?[0];
    let first = compile(&workshop, program, "-Cincremental=cache")?;
    same("the first run traces", first.contains("refused: a raw pointer"), true)?;
    let refusals = reported(&workshop)?.refusals;
    std::fs::remove_dir_all(workshop.path("report")).map_err(|error| error.to_string())?;
    compile(&workshop, program, "-Cincremental=cache")?;
    same("refusals", reported(&workshop)?.refusals, refusals.clone())?;
    same("there are some", refusals.is_some_and(|refusals| !refusals.is_empty()), true)
}
