//! `SNUG_COALESCE` and `SNUG_LIVENESS`: what each assumes, that it can be turned off, and that crates with and without
//! it go together.
//!
//! docs/assumptions.md is for users.

mod coalescing;
mod liveness;
mod sizes;

use std::collections::BTreeMap;
use std::process::ExitCode;

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::command;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::corpus;
use snug_tests::harness::{self, Shared, Tools};
use snug_tests::program::{Extra, Program};
use snug_tests::report::{self, Coroutine};
use snug_tests::side_by_side::SideBySide;
use snug_tests::toolchain::package;
use snug_tests::workshop::{Workshop, contains_all, same};

/// A choice between two ways to compile a crate.
#[derive(Clone, Copy)]
struct Choice {
    /// What the tests call it.
    name: &'static str,
    variable: &'static str,
    /// The value that gives smaller futures, and assumes something.
    smaller: &'static str,
    /// The value that gives bigger ones.
    bigger: &'static str,
    default: &'static str,
    /// The futures of a crate, and of one that uses them. Both print results and sizes.
    store: &'static str,
    app: &'static str,
    /// A program that breaks what is assumed: its file, and what it prints with `bigger`, as under stock, and with `smaller`.
    breaks: (&'static str, &'static str, &'static str),
    /// Programs of `run/` that it changes, by the starts of their names.
    programs: &'static [&'static str],
    /// What the report says of a future.
    reported: fn(&Coroutine) -> Option<&str>,
}

const CHOICES: [Choice; 2] = [coalescing::CHOICE, liveness::CHOICE];

fn main() -> ExitCode {
    harness::main(|tools| {
        let mut tests = Vec::new();
        for choice in CHOICES {
            let name = choice.name;
            let mut add = |what: &str, test: fn(Tools, Choice) -> Result<()>| {
                let name = format!("{name}: {what}");
                tests.push(harness::test(name, move || test(tools, choice)));
            };
            add("unknown values are refused", unknown_value);
            add("an incremental cache notices a change", incremental);
            add("dep-info lists the variable", dep_info);
            add("sizes do not change", sizes::check);
            for generator in Generator::ALL {
                tests.push(harness::test(format!("{name}: assumption {generator}"), move || {
                    assumption(tools, choice, generator)
                }));
                let both = format!("{name}: crates with and without {generator}");
                tests.push(harness::test(both, move || mixed(tools, choice, generator)));
                tests.extend(programs(tools, choice, generator)?);
            }
        }
        Ok(tests)
    })
}

fn packed(generator: Generator) -> Compiler {
    Compiler::Snug(generator, Layout::Packed)
}

impl Choice {
    /// The value that is not the default.
    fn other(self) -> &'static str {
        if self.default == self.smaller { self.bigger } else { self.smaller }
    }

    /// Compiles a file, with the variable set.
    fn compile(
        self,
        workshop: &Workshop,
        compiler: Compiler,
        value: &str,
        arguments: &str,
    ) -> Result<()> {
        let variable = self.variable;
        let finished = command::run(workshop.rustc(compiler, arguments).env(variable, value))?;
        finished.expect_success(&format!("`rustc {arguments}` with {variable}={value}"))?;
        Ok(())
    }

    /// A folder with both crates, and another file.
    fn workshop(self, tools: Tools) -> Result<Workshop> {
        Workshop::new(tools, &[("store.rs", self.store), ("main.rs", self.app)])
    }
}

/// The program that breaks differs from stock with the one value, and does not differ with the other.
fn assumption(tools: Tools, choice: Choice, generator: Generator) -> Result<()> {
    let (file, bigger, smaller) = choice.breaks;
    let workshop = Workshop::new(tools, &[])?;
    workshop.copy(&package().join(file), "main.rs")?;
    workshop.compile(Compiler::Stock, "main.rs")?;
    same("stock", workshop.run("main")?.as_str(), bigger)?;
    let default = if choice.default == choice.smaller { smaller } else { bigger };
    let printed = [(choice.smaller, smaller), (choice.bigger, bigger), ("", default)];
    for (value, printed) in printed {
        choice.compile(&workshop, packed(generator), value, "main.rs")?;
        let what = format!("{}={value}", choice.variable);
        same(&what, workshop.run("main")?.as_str(), printed)?;
    }
    Ok(())
}

/// Every combination of two crates runs and computes what stock's does, and a future has the size that its own crate
/// gives it.
fn mixed(tools: Tools, choice: Choice, generator: Generator) -> Result<()> {
    let (on, off) = (choice.smaller, choice.bigger);
    let stock = choice.workshop(tools)?;
    stock.compile(Compiler::Stock, "store.rs --crate-type=rlib")?;
    stock.compile(Compiler::Stock, "main.rs")?;
    let stock = results(&stock.run("main")?);
    let mut sizes = BTreeMap::new();
    for store in [on, off] {
        for app in [on, off] {
            let workshop = choice.workshop(tools)?;
            let flags = "-Zvalidate-mir -Zlint-mir";
            let library = format!("store.rs --crate-type=rlib {flags}");
            choice.compile(&workshop, packed(generator), store, &library)?;
            choice.compile(&workshop, packed(generator), app, &format!("main.rs {flags}"))?;
            let printed = results(&workshop.run("main")?);
            same("results", &printed[0], &stock[0])?;
            sizes.insert((store, app), numbers(&printed[1])?);
        }
    }
    let stock = numbers(&stock[1])?;
    let of = |store, app| sizes[&(store, app)];
    // The first future is that of `store` alone, the second that of `main`.
    same("its crate decides", of(on, on)[0], of(on, off)[0])?;
    same("its crate decides", of(off, on)[0], of(off, off)[0])?;
    same("its crate decides", of(on, off)[1], of(off, off)[1])?;
    same("its crate decides", of(on, on)[1], of(off, on)[1])?;
    for index in [0, 1] {
        let (on, off, stock) = (of(on, on)[index], of(off, off)[index], stock[index]);
        same(&format!("{on} < {off} <= {stock}"), on < off && off <= stock, true)?;
    }
    Ok(())
}

/// What was computed, and the sizes.
fn results(printed: &str) -> [Vec<String>; 2] {
    let column = |index| {
        let words = printed.lines().filter_map(|line| line.split(' ').nth(index));
        words.map(str::to_owned).collect()
    };
    [column(0), column(1)]
}

fn numbers(words: &[String]) -> Result<[u64; 2]> {
    let numbers: Vec<u64> = words.iter().filter_map(|word| word.parse().ok()).collect();
    numbers.try_into().map_err(|_| format!("{words:?} are not two sizes"))
}

/// The programs of `run/` that a choice is about, with their names.
fn chosen(choice: Choice) -> Result<Vec<(String, Program)>> {
    let root = package().join("run");
    let programs = corpus::programs(&root)?.into_iter();
    let mut named: Vec<_> = programs.map(|it| (corpus::name(&it, &root), it)).collect();
    named.retain(|(name, _)| choice.programs.iter().any(|start| name.starts_with(start)));
    Ok(named)
}

/// Programs do what they do with stock.
fn programs(tools: Tools, choice: Choice, generator: Generator) -> Result<Vec<Trial>> {
    let value = choice.other();
    let mut tests = Vec::new();
    for (name, program) in chosen(choice)? {
        let name = format!("{} {value}: {name} {generator}", choice.name);
        tests.push(harness::test(name, move || {
            let extra = Extra {
                arguments: &["-Zvalidate-mir", "-Zlint-mir"],
                environment: &[(choice.variable, value)],
                ..Extra::default()
            };
            let compiler = packed(generator);
            SideBySide { tools, compiler, extra: &extra, as_expected: true }
                .compare(&program, &Shared::default())
        }));
    }
    same("there are programs", tests.len() >= 15, true)?;
    Ok(tests)
}

fn unknown_value(tools: Tools, choice: Choice) -> Result<()> {
    let workshop = Workshop::new(tools, &[("main.rs", "fn main() {}")])?;
    for generator in Generator::ALL {
        let mut rustc = workshop.rustc(packed(generator), "main.rs");
        let failed = command::run(rustc.env(choice.variable, "no"))?.expect_failure("rustc")?;
        contains_all(&failed.stderr, &["unknown value `no`", choice.variable, "use `"])?;
        contains_all(&failed.stderr, &[choice.smaller, choice.bigger])?;
    }
    Ok(())
}

/// The same cache is used with both values; sizes and the report are those of a clean build.
fn incremental(tools: Tools, choice: Choice) -> Result<()> {
    let workshop = choice.workshop(tools)?;
    let compiler = packed(Generator::Llvm);
    let mut seen = Vec::new();
    for (number, value) in [choice.smaller, choice.bigger, choice.smaller].into_iter().enumerate() {
        let cached = "-Cincremental=cache";
        let library = format!("store.rs --crate-type=rlib {cached}");
        choice.compile(&workshop, compiler, value, &library)?;
        let folder = workshop.path(&format!("report{number}"));
        let mut rustc = workshop.rustc(compiler, &format!("main.rs {cached}"));
        rustc.env(choice.variable, value).env("SNUG_REPORT", &folder);
        command::run(&mut rustc)?.expect_success("rustc")?;
        let here = report::read(&folder)?.into_iter().find(|it| it.name.contains("here"));
        let here = here.ok_or("the report has no `here`")?;
        same("the report says so", (choice.reported)(&here), Some(value))?;
        let refusals = here.refusals.unwrap_or_default();
        let whole = "`SNUG_COALESCE` is `off`";
        let is_off = refusals.iter().any(|refusal| refusal.reason == whole);
        same("the report says why", is_off, value == "off")?;
        seen.push(workshop.run("main")?);
    }
    same("sizes change", seen[0] == seen[1], false)?;
    same("and change back", &seen[0], &seen[2])
}

/// So cargo compiles again when the variable changes.
fn dep_info(tools: Tools, choice: Choice) -> Result<()> {
    let workshop = choice.workshop(tools)?;
    let arguments = "store.rs --crate-type=rlib --emit=dep-info,metadata";
    choice.compile(&workshop, packed(Generator::Llvm), choice.bigger, arguments)?;
    let line = format!("# env-dep:{}={}", choice.variable, choice.bigger);
    contains_all(&workshop.read("store.d")?, &[&line])
}
