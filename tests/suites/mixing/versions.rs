//! Layouts that have the same name, but are of two versions of Snug.
//!
//! The build with faults pretends to be another version if it is told to (`SNUG_LAYOUT_VERSION`).

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::command::{self, Finished};
use snug_tests::harness::{self, Tools};
use snug_tests::workshop::{Workshop, same};

use crate::crates::{CLASSIC, CRANELIFT, LLVM, RLIB, output, programs, with_store};
use crate::errors::{absent, layout_version, refused};

/// Versions that no Snug under test has.
const OTHERS: [&str; 2] = ["1", "1000"];

pub(crate) fn tests(tools: Tools) -> Result<Vec<Trial>> {
    let damaged: Tools = Box::leak(Box::new(tools.damaged()?));
    let mut tests = vec![harness::test("mixing: another build with the same version", move || {
        same_version(tools, damaged)
    })];
    for other in OTHERS {
        let name = |what| format!("mixing: version {other} {what}");
        tests.push(harness::test(name("below"), move || below(tools, damaged, other)));
        tests.push(harness::test(name("above"), move || above(tools, damaged, other)));
    }
    Ok(tests)
}

/// Calls the compiler that pretends.
fn pretend(damaged: Tools, at: &Workshop, version: &str, arguments: &str) -> Result<Finished> {
    let mut command = at.rustc_of(damaged, LLVM, arguments);
    command::run(command.env("SNUG_LAYOUT_VERSION", version))
}

fn sentence(below: (&str, &str), above: (&str, &str)) -> String {
    format!(
        "crate `{}` was compiled by another version of Snug (coroutine layout version {}) than \
         `{}` (version {})",
        below.0, below.1, above.0, above.1
    )
}

fn below(tools: Tools, damaged: Tools, version: &str) -> Result<()> {
    let current = layout_version(tools)?;
    for kind in [RLIB, "--crate-type=lib --emit=metadata"] {
        let workshop = programs(tools)?;
        pretend(damaged, &workshop, version, &format!("store.rs {kind}"))?
            .expect_success("rustc")?;
        // Another layout is another version's as well: that is the first thing to mend.
        for (compiler, emit) in [(LLVM, ""), (CRANELIFT, "--emit=metadata"), (CLASSIC, "")] {
            let failed = workshop.refuse(compiler, &format!("alone.rs {emit}"))?;
            refused(&failed, &sentence(("store", version), ("alone", &current)), &["`store`"])?;
        }
        absent(&workshop, &["alone", "libalone.rmeta"])?;
        if kind == RLIB {
            let glue = format!("glue.rs {RLIB}");
            pretend(damaged, &workshop, version, &glue)?.expect_success("rustc")?;
            let failed = workshop.refuse(LLVM, "app.rs")?;
            let says = sentence(("store", version), ("app", &current));
            refused(&failed, &says, &["`store`, `glue`"])?;
        }
    }
    Ok(())
}

fn above(tools: Tools, damaged: Tools, version: &str) -> Result<()> {
    let workshop = with_store(tools, LLVM, RLIB)?;
    let failed = pretend(damaged, &workshop, version, "alone.rs")?.expect_failure("rustc")?;
    let current = layout_version(tools)?;
    refused(&failed, &sentence(("store", &current), ("alone", version)), &["`store`"])?;
    absent(&workshop, &["alone"])
}

fn same_version(tools: Tools, damaged: Tools) -> Result<()> {
    let version = layout_version(tools)?;
    let theirs = |workshop: &Workshop, arguments: &str| {
        pretend(damaged, workshop, &version, arguments)?.expect_success("rustc")
    };
    let workshop = with_store(tools, LLVM, RLIB)?;
    theirs(&workshop, &format!("glue.rs {RLIB}"))?;
    workshop.compile(CRANELIFT, "app.rs")?;
    same("output", workshop.run("app")?, output(tools, LLVM)?)?;
    let workshop = programs(tools)?;
    theirs(&workshop, &format!("store.rs {RLIB}"))?;
    workshop.compile(CRANELIFT, &format!("glue.rs {RLIB}"))?;
    theirs(&workshop, "app.rs")?;
    same("output", workshop.run("app")?, output(tools, LLVM)?)
}
