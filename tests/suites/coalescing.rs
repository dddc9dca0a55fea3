//! `SNUG_COALESCE`: what coalescing assumes, that it can be turned off, and that crates with and without it go together.
//!
//! docs/assumptions.md is for users.

use std::collections::BTreeMap;
use std::process::ExitCode;

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::command;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::corpus;
use snug_tests::harness::{self, Shared, Tools};
use snug_tests::program::Extra;
use snug_tests::report;
use snug_tests::side_by_side::SideBySide;
use snug_tests::toolchain::package;
use snug_tests::workshop::{Workshop, contains_all, same};

const VARIABLE: &str = "SNUG_COALESCE";

/// Programs of `run/` that are about what coalescing changes, by the starts of their names.
const COALESCED: [&str; 8] = [
    "arrays-taken-apart",
    "awaitees-",
    "consumed-",
    "merged-copies-in-loops",
    "patterns-",
    "pointers-after-moves",
    "trap-1",
    "ways-out",
];

/// The futures of a crate, and of one that uses them. Both print sizes and results.
const STORE: &str = "
pub struct Big(pub [u8; 500]);

pub async fn wait() {}

pub async fn own(big: Big) -> u8 {
    wait().await;
    big.0[0]
}

pub async fn passes<F: Future<Output = u8>>(future: F, (one, two): (Big, Big)) -> u8 {
    let first = future.await;
    wait().await;
    first + one.0[1] + own(two).await
}

pub fn all() -> impl Future<Output = u8> {
    passes(own(Big([1; 500])), (Big([2; 500]), Big([3; 500])))
}
";

const APP: &str = "
use std::pin::pin;
use std::task::{Context, Poll, Waker};
extern crate store;
use store::{Big, all, wait};

async fn here(big: Big) -> u8 {
    wait().await;
    let moved = big;
    wait().await;
    moved.0[0]
}

fn run<F: Future<Output = u8>>(future: F) {
    let size = size_of::<F>();
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(number) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            println!(\"{number} {size}\");
            return;
        }
    }
}

fn main() {
    run(all());
    run(here(Big([6; 500])));
}
";

fn main() -> ExitCode {
    harness::main(|tools| {
        let mut tests = vec![
            harness::test("unknown values are refused", move || unknown_value(tools)),
            harness::test("an incremental cache notices a change", move || incremental(tools)),
            harness::test("dep-info lists the variable", move || dep_info(tools)),
        ];
        for generator in Generator::ALL {
            tests.push(harness::test(format!("assumption {generator}"), move || {
                assumption(tools, generator)
            }));
            tests.push(harness::test(format!("crates with and without {generator}"), move || {
                mixed(tools, generator)
            }));
            tests.extend(programs(tools, generator)?);
        }
        Ok(tests)
    })
}

fn packed(generator: Generator) -> Compiler {
    Compiler::Snug(generator, Layout::Packed)
}

/// Compiles a file, with the variable set.
fn compile(
    workshop: &Workshop,
    compiler: Compiler,
    value: &str,
    arguments: &str,
) -> Result<String> {
    let finished = command::run(workshop.rustc(compiler, arguments).env(VARIABLE, value))?;
    Ok(finished.expect_success(&format!("`rustc {arguments}` with {VARIABLE}={value}"))?.stderr)
}

/// The program that breaks differs from stock with coalescing, and does not differ without.
fn assumption(tools: Tools, generator: Generator) -> Result<()> {
    let workshop = Workshop::new(tools, &[])?;
    workshop.copy(&package().join("assumptions/kept-by-a-callee.rs"), "main.rs")?;
    workshop.compile(Compiler::Stock, "main.rs")?;
    same("stock", workshop.run("main")?.as_str(), "moved: 1\n")?;
    for (value, printed) in [("on", "moved: 2\n"), ("off", "moved: 1\n"), ("", "moved: 2\n")] {
        compile(&workshop, packed(generator), value, "main.rs")?;
        same(&format!("{VARIABLE}={value}"), workshop.run("main")?.as_str(), printed)?;
    }
    Ok(())
}

/// Every combination of two crates runs and computes what stock's does, and a future has the size that its own crate
/// gives it.
fn mixed(tools: Tools, generator: Generator) -> Result<()> {
    let files = [("store.rs", STORE), ("main.rs", APP)];
    let stock = Workshop::new(tools, &files)?;
    stock.compile(Compiler::Stock, "store.rs --crate-type=rlib")?;
    stock.compile(Compiler::Stock, "main.rs")?;
    let stock = results(&stock.run("main")?);
    let mut sizes = BTreeMap::new();
    for store in ["on", "off"] {
        for app in ["on", "off"] {
            let workshop = Workshop::new(tools, &files)?;
            let flags = "-Zvalidate-mir -Zlint-mir";
            compile(
                &workshop,
                packed(generator),
                store,
                &format!("store.rs --crate-type=rlib {flags}"),
            )?;
            compile(&workshop, packed(generator), app, &format!("main.rs {flags}"))?;
            let printed = results(&workshop.run("main")?);
            same("results", &printed[0], &stock[0])?;
            sizes.insert((store, app), numbers(&printed[1])?);
        }
    }
    let stock = numbers(&stock[1])?;
    let of = |store, app| sizes[&(store, app)];
    // The first future is that of `store` alone, the second that of `main`.
    same("its crate decides", of("on", "on")[0], of("on", "off")[0])?;
    same("its crate decides", of("off", "on")[0], of("off", "off")[0])?;
    same("its crate decides", of("on", "off")[1], of("off", "off")[1])?;
    same("its crate decides", of("on", "on")[1], of("off", "on")[1])?;
    for index in [0, 1] {
        let (on, off, stock) = (of("on", "on")[index], of("off", "off")[index], stock[index]);
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

/// Programs do without coalescing what they do with stock.
fn programs(tools: Tools, generator: Generator) -> Result<Vec<Trial>> {
    let root = package().join("run");
    let mut tests = Vec::new();
    for program in corpus::programs(&root)? {
        let name = corpus::name(&program, &root);
        if !COALESCED.iter().any(|start| name.starts_with(start)) {
            continue;
        }
        tests.push(harness::test(format!("coalescing off: {name} {generator}"), move || {
            let extra = Extra {
                arguments: &["-Zvalidate-mir", "-Zlint-mir"],
                environment: &[(VARIABLE, "off")],
                ..Extra::default()
            };
            let compiler = packed(generator);
            SideBySide { tools, compiler, extra: &extra, as_expected: true }
                .compare(&program, &Shared::default())
        }));
    }
    same("there are programs", tests.len() > 20, true)?;
    Ok(tests)
}

fn unknown_value(tools: Tools) -> Result<()> {
    let workshop = Workshop::new(tools, &[("main.rs", "fn main() {}")])?;
    for generator in Generator::ALL {
        let mut rustc = workshop.rustc(packed(generator), "main.rs");
        let failed = command::run(rustc.env(VARIABLE, "no"))?.expect_failure("rustc")?;
        contains_all(&failed.stderr, &["unknown value `no`", VARIABLE, "use `on` or `off`"])?;
    }
    Ok(())
}

/// The same cache is used with both values; sizes and the report are those of a clean build.
fn incremental(tools: Tools) -> Result<()> {
    let workshop = Workshop::new(tools, &[("store.rs", STORE), ("main.rs", APP)])?;
    let compiler = packed(Generator::Llvm);
    let mut seen = Vec::new();
    for (number, value) in ["on", "off", "on"].into_iter().enumerate() {
        let cached = "-Cincremental=cache";
        compile(&workshop, compiler, value, &format!("store.rs --crate-type=rlib {cached}"))?;
        let folder = workshop.path(&format!("report{number}"));
        let mut rustc = workshop.rustc(compiler, &format!("main.rs {cached}"));
        rustc.env(VARIABLE, value).env("SNUG_REPORT", &folder);
        command::run(&mut rustc)?.expect_success("rustc")?;
        let here = report::read(&folder)?.into_iter().find(|it| it.name.contains("here"));
        let here = here.ok_or("the report has no `here`")?;
        same("the report says so", here.coalescing.as_deref(), Some(value))?;
        let whole = "`SNUG_COALESCE` is `off`";
        let refusals = here.refusals.unwrap_or_default();
        let is_off = refusals.iter().any(|refusal| refusal.reason == whole);
        same("the report says why", is_off, value == "off")?;
        seen.push(workshop.run("main")?);
    }
    same("sizes change", seen[0] == seen[1], false)?;
    same("and change back", &seen[0], &seen[2])
}

/// So cargo compiles again when the variable changes.
fn dep_info(tools: Tools) -> Result<()> {
    let workshop = Workshop::new(tools, &[("store.rs", STORE)])?;
    let arguments = "store.rs --crate-type=rlib --emit=dep-info,metadata";
    compile(&workshop, packed(Generator::Llvm), "off", arguments)?;
    contains_all(&workshop.read("store.d")?, &["# env-dep:SNUG_COALESCE=off"])
}
