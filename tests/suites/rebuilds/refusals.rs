//! What Cargo shows when a crate of another kind gets into a build behind its back: here a library by
//! hand, through `RUSTFLAGS`.

use snug_tests::Result;
use snug_tests::cargo::Cargo;
use snug_tests::command::Finished;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::workshop::{Workshop, contains_all, same};

use super::fleet::{Suite, cargo, fleet, packed};

const STALE: &str = "
pub async fn stale(bytes: [u8; 64]) -> u8 {
    std::future::ready(()).await;
    bytes[1]
}
";

const BETWEEN: &str = "
extern crate stale;
pub fn between() -> impl Future<Output = u8> {
    stale::stale([3; 64])
}
";

const FLAGS: &str = "--crate-type=lib --out-dir=stale";

/// The workspaces, whose program uses a library that Cargo knows nothing of.
fn with_stale(suite: &Suite, function: &str) -> Result<Workshop> {
    let fleet = fleet(suite.tools)?;
    fleet.write("stale.rs", STALE)?;
    fleet.write("between.rs", BETWEEN)?;
    let used = format!("println!(\"{{}}\", size_of_val(&{function}));");
    fleet.edit("fleet/app/src/main.rs", "println!(\"{}\", app::sizes());", &used)?;
    Ok(fleet)
}

fn with_extern(fleet: &Workshop, cargo: Cargo, name: &str) -> Cargo {
    let folder = fleet.path("stale");
    let library = folder.join(format!("lib{name}.rlib"));
    cargo
        .flag(&format!("--extern={name}={}", library.display()))
        .flag("-L")
        .flag(&folder.display().to_string())
}

/// Cargo's own status, and one error besides Cargo's own.
fn expect_one_error(finished: Finished, error: &str) -> Result<()> {
    let refused = finished.expect_exit(101, "cargo")?;
    let errors: Vec<_> =
        refused.stderr.lines().filter(|line| line.trim_start().starts_with("error")).collect();
    let own = "error: could not compile `app` (bin \"app\") due to 1 previous error";
    same("errors", errors, vec![error, own])?;
    contains_all(&refused.stderr, &["\n  = note: ", "\n  = help: "])
}

pub(super) fn other_layout(suite: &Suite, generator: Generator) -> Result<()> {
    let fleet = with_stale(suite, "stale::stale([0; 64])")?;
    fleet.compile(Compiler::Snug(generator, Layout::Classic), &format!("stale.rs {FLAGS}"))?;
    let cargo = with_extern(&fleet, cargo(&fleet, suite.tools, packed(generator)), "stale");
    let error = "error: crate `stale` was compiled with Snug's coroutine layout `classic`, `app` with \
                 `packed`";
    for command in ["check", "build", "run"] {
        expect_one_error(cargo.call(command)?, error)?;
    }
    fleet.compile(packed(generator), &format!("stale.rs {FLAGS}"))?;
    same("size", cargo.succeed("run")?.stdout.as_str(), "66\n")
}

pub(super) fn stock_in_between(suite: &Suite, generator: Generator) -> Result<()> {
    let fleet = with_stale(suite, "between::between()")?;
    fleet.compile(packed(generator), &format!("stale.rs {FLAGS}"))?;
    fleet.compile(Compiler::Stock, &format!("between.rs {FLAGS} -Lstale"))?;
    let cargo = with_extern(&fleet, cargo(&fleet, suite.tools, packed(generator)), "between");
    let error = "error: crate `between` was compiled without Snug, but uses crate `stale`, which was \
                 compiled with it";
    for command in ["check", "build"] {
        expect_one_error(cargo.call(command)?, error)?;
    }
    fleet.compile(packed(generator), &format!("between.rs {FLAGS} -Lstale"))?;
    same("size", cargo.succeed("run")?.stdout.as_str(), "66\n")
}

/// Stock finds the library when it links.
pub(super) fn stock_on_top(suite: &Suite, generator: Generator) -> Result<()> {
    let fleet = with_stale(suite, "stale::stale([0; 64])")?;
    fleet.compile(packed(generator), &format!("stale.rs {FLAGS}"))?;
    let cargo = with_extern(&fleet, cargo(&fleet, suite.tools, Compiler::Stock), "stale");
    let refused = cargo.call("build")?.expect_exit(101, "cargo")?;
    let signs = [
        "snug-coroutine-layout-packed-v",
        "crate-stale-was-compiled-by-the-codegen-backend-Snug",
        "error: could not compile `app` (bin \"app\") due to 1 previous error",
    ];
    contains_all(&refused.stderr, &signs)
}

/// Doc tests need the backend in `RUSTDOCFLAGS`, too.
pub(super) fn doc_tests_of_stock(suite: &Suite, generator: Generator) -> Result<()> {
    let fleet = fleet(suite.tools)?;
    let cargo = cargo(&fleet, suite.tools, packed(generator));
    let stock = cargo.clone().env("RUSTDOCFLAGS", "");
    let refused = stock.call("test -p glue --doc")?.expect_exit(101, "cargo")?;
    let marker = "crate-glue-was-compiled-by-the-codegen-backend-Snug";
    contains_all(&refused.stdout, &[marker, "test result: FAILED. 0 passed; 1 failed"])?;
    contains_all(&cargo.succeed("test -p glue --doc")?.stdout, &["1 passed; 0 failed"])
}
