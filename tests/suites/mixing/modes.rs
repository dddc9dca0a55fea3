//! Snug on Snug, two layouts: the first crate that sees both is refused.

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::harness::{self, Tools};

use crate::crates::{CLASSIC, DYLIB, DYNAMIC, RLIB, programs, with_glue, with_store};
use crate::errors::{absent, modes, refused};

pub(crate) fn tests(tools: Tools) -> Vec<Trial> {
    let mut tests = Vec::new();
    for generator in Generator::ALL {
        for below in Layout::ALL {
            for above in Layout::ALL.into_iter().filter(|above| *above != below) {
                let name = format!("mixing: {above} on {below} ({generator})");
                tests.push(harness::test(name, move || refuses(tools, generator, below, above)));
            }
        }
        let name = format!("mixing: a layout on several others ({generator})");
        tests.push(harness::test(name, move || names_all(tools, generator)));
    }
    tests.push(harness::test("mixing: more other layouts than fit into a sentence", move || {
        names_many(tools)
    }));
    tests
}

/// The ways to the environment variable that make them agree.
fn ways_out(below: (&str, Layout), above: (&str, Layout)) -> String {
    let ((names, below), (name, above)) = (below, above);
    format!("compile {names} with SNUG_LAYOUT={above}, or `{name}` with SNUG_LAYOUT={below}")
}

fn refuses(tools: Tools, generator: Generator, below: Layout, above: Layout) -> Result<()> {
    // Who compiled the crate upstream does not matter, only how.
    let other = if generator == Generator::Llvm { Generator::Cranelift } else { Generator::Llvm };
    let (mine, snug) = (Compiler::Snug(other, below), Compiler::Snug(generator, above));
    for (kind, flags) in [(RLIB, ""), (DYLIB, DYNAMIC), ("--emit=metadata --crate-type=lib", "")] {
        let workshop = with_store(tools, mine, kind)?;
        let says = |failed, name, names| {
            let help = ways_out((names, below), (name, above));
            refused(&failed, &modes(("store", below), (name, above)), &[&help])
        };
        let check = "--crate-type=lib --emit=metadata";
        let libraries = [check, RLIB, "--crate-type=dylib"];
        let programs = ["", "--emit=metadata", "--test", "--crate-type=staticlib"];
        // It happens before there is a difference.
        let some = if kind == RLIB { usize::MAX } else { 1 };
        for emit in libraries.iter().take(some) {
            says(workshop.refuse(snug, &format!("glue.rs {emit} {flags}"))?, "glue", "`store`")?;
        }
        for emit in programs.iter().take(some) {
            says(workshop.refuse(snug, &format!("alone.rs {emit} {flags}"))?, "alone", "`store`")?;
        }
        let made = ["libglue.rlib", "libglue.so", "libglue.rmeta", "libalone.rmeta"];
        absent(&workshop, &[&made[..], &["alone", "libalone.a"]].concat())?;
        if kind.contains("metadata") {
            continue;
        }
        // It is enough to reach such a crate through others, which fit it.
        workshop.compile(mine, &format!("glue.rs {RLIB} {flags}"))?;
        let failed = workshop.refuse(snug, &format!("app.rs {flags}"))?;
        says(failed, "app", "`store`, `glue`")?;
        absent(&workshop, &["app"])?;
    }
    Ok(())
}

/// Three layouts in one program, and who has which.
fn names_all(tools: Tools, generator: Generator) -> Result<()> {
    let snug = |layout| Compiler::Snug(generator, layout);
    let workshop = with_glue(tools, snug(Layout::Classic), snug(Layout::Classic))?;
    workshop.write("third.rs", "pub async fn third() {}")?;
    workshop.compile(snug(Layout::CapturesOnly), &format!("third.rs {RLIB}"))?;
    workshop.write("all.rs", "extern crate glue; extern crate third; fn main() {}")?;
    let failed = workshop.refuse(snug(Layout::Packed), "all.rs")?;
    let sentence = modes(("store", Layout::Classic), ("all", Layout::Packed));
    // As `classic`, it would not fit `third`.
    let help = "compile `store`, `glue`, `third` with SNUG_LAYOUT=packed (cargo";
    refused(&failed, &sentence, &[help])
}

fn names_many(tools: Tools) -> Result<()> {
    let workshop = programs(tools)?;
    let mut user = String::from("fn main() {}\n");
    for number in 0..11 {
        let name = format!("upstream{number}");
        workshop.write(&format!("{name}.rs"), "")?;
        workshop.compile(CLASSIC, &format!("{name}.rs {RLIB}"))?;
        user.push_str(&format!("extern crate {name};\n"));
    }
    workshop.write("user.rs", &user)?;
    let failed = workshop.refuse(Compiler::Snug(Generator::Llvm, Layout::Packed), "user.rs")?;
    let sentence = modes(("upstream0", Layout::Classic), ("user", Layout::Packed));
    refused(&failed, &sentence, &["`upstream0`, `upstream1`", "`upstream7`, 3 more"])
}
