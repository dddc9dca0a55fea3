//! A coroutine's layout is a function of its crate's metadata alone (hazard 11): the same whoever
//! computes it, and whenever. The reports of all these compilations must be equal:
//! twice, with eight threads, incrementally, optimised, by either generator, and in a crate that
//! uses the coroutine of another crate.

use std::collections::BTreeMap;
use std::process::ExitCode;

use snug_tests::Result;
use snug_tests::command;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::harness::{self, Tools};
use snug_tests::report::{self, Coroutine, Field};
use snug_tests::toolchain::package;
use snug_tests::workshop::{Workshop, same};

const USER: &str = "
extern crate upstream;
use upstream::*;

pub fn all() -> usize {
    let closure = closure(async |n| n + 1);
    size_of_val(&plain(1, [2; 40]))
        + size_of_val(&generic(1u16, std::future::ready(()), 2u16))
        + size_of_val(&block(1u16, std::future::ready(())))
        + size_of_val(&without_captures())
        + size_of_val(&inlined(1u16, 2))
        + size_of_val(&closure)
}
";

fn main() -> ExitCode {
    harness::main(|tools| {
        let mut tests = Vec::new();
        for layout in [Layout::CapturesOnly, Layout::Packed] {
            for name in ["kinds-async", "moves", "hundred-captures", "hazard-05-same-variant"] {
                tests.push(harness::test(format!("ways to compile {name} {layout}"), move || {
                    ways_to_compile(tools, name, layout)
                }));
            }
            tests.push(harness::test(format!("another crate {layout}"), move || {
                another_crate(tools, layout)
            }));
            tests.push(harness::test(format!("edited incrementally {layout}"), move || {
                edited_incrementally(tools, layout)
            }));
        }
        Ok(tests)
    })
}

/// The report of one compilation.
fn compile(
    workshop: &Workshop,
    compiler: Compiler,
    arguments: &str,
) -> Result<BTreeMap<String, Coroutine>> {
    let folder = workshop.path("report");
    // There is none before the first compilation.
    let _ = std::fs::remove_dir_all(&folder);
    let mut rustc = workshop.rustc(compiler, arguments);
    rustc.env("SNUG_REPORT", &folder);
    command::run(&mut rustc)?.expect_success(arguments)?;
    Ok(report::by_id(report::read(&folder)?))
}

/// Says which coroutine differs.
fn same_reports(
    what: &str,
    left: &BTreeMap<String, Coroutine>,
    right: &BTreeMap<String, Coroutine>,
) -> Result<()> {
    if left.is_empty() {
        return Err("the report is empty".to_owned());
    }
    for (id, left) in left {
        same(&format!("{what}: {}", left.name), Some(left), right.get(id))?;
    }
    same(what, left.len(), right.len())
}

fn ways_to_compile(tools: Tools, program: &str, layout: Layout) -> Result<()> {
    let workshop = Workshop::new(tools, &[])?;
    let source = package().join("run").join(program).with_extension("rs").display().to_string();
    let llvm = Compiler::Snug(Generator::Llvm, layout);
    let plain = compile(&workshop, llvm, &format!("{source} --emit=obj -o out.o"))?;
    let ways = [
        ("twice", Generator::Llvm, ""),
        ("threads", Generator::Llvm, "-Zthreads=8"),
        ("incremental, first", Generator::Llvm, "-Cincremental=cache"),
        ("incremental, again", Generator::Llvm, "-Cincremental=cache"),
        ("incremental, threads", Generator::Llvm, "-Cincremental=cache2 -Zthreads=8"),
        ("Cranelift", Generator::Cranelift, ""),
        ("Cranelift, threads", Generator::Cranelift, "-Zthreads=8"),
    ];
    for (what, generator, arguments) in ways {
        let compiler = Compiler::Snug(generator, layout);
        let arguments = format!("{source} --emit=obj -o out.o {arguments}");
        same_reports(what, &plain, &compile(&workshop, compiler, &arguments)?)?;
    }
    Ok(())
}

/// What a crate sees of its upstream's coroutines, in every build of the upstream.
fn another_crate(tools: Tools, layout: Layout) -> Result<()> {
    let upstream = package().join("run/auxiliary/upstream.rs").display().to_string();
    let workshop = Workshop::new(tools, &[("user.rs", USER)])?;
    let mut first: Option<BTreeMap<String, Coroutine>> = None;
    for generator in Generator::ALL {
        for flags in ["", "-Cincremental=cache", "-Cincremental=cache", "-Zthreads=8"] {
            let compiler = Compiler::Snug(generator, layout);
            let own =
                compile(&workshop, compiler, &format!("{upstream} --crate-type=lib {flags}"))?;
            let user = "user.rs --crate-type=lib --emit=obj -o user.o";
            let seen = compile(&workshop, compiler, user)?;
            let both = own.iter().filter(|(id, _)| seen.contains_key(*id)).count();
            if both == 0 {
                return Err("no coroutine is in both reports".to_owned());
            }
            for (id, own) in &own {
                if let Some(seen) = seen.get(id) {
                    same("size", own.size, seen.size)?;
                    same("upvars", &own.upvars, &seen.upvars)?;
                    // Only its own crate knows what keeps a value.
                    let fields = |coroutine: &Coroutine| -> Vec<Field> {
                        let fields = coroutine.variants.iter().flat_map(|it| it.fields.clone());
                        fields.map(|field| Field { kept_by: None, ..field }).collect()
                    };
                    same("fields", fields(own), fields(seen))?;
                }
            }
            match &first {
                None => first = Some(seen),
                Some(first) => same_reports(flags, first, &seen)?,
            }
        }
    }
    Ok(())
}

/// Changes that have nothing to do with a coroutine leave its layout alone, and an incremental
/// compilation reports what a fresh one does.
fn edited_incrementally(tools: Tools, layout: Layout) -> Result<()> {
    let source = |before: &str, body: &str| {
        format!(
            "{before}
            async fn wait() {{}}
            async fn edited(a: [u64; 3], b: String) -> u64 {{ wait().await; {body} }}
            async fn other(a: [u8; 5], b: String) -> usize {{ wait().await; a[1] as usize + b.len() }}
            fn main() {{
                println!(\"{{}}\", size_of_val(&edited([1; 3], String::new())));
                println!(\"{{}}\", size_of_val(&other([1; 5], String::new())));
            }}"
        )
    };
    let edits = [
        source("", "a[0]"),
        source("", "a[0] + b.len() as u64"),
        source("fn new() {}\nconst N: usize = 1;", "wait().await; a[0]"),
        source("", "a[0]"),
    ];
    let workshop = Workshop::new(tools, &[])?;
    for generator in Generator::ALL {
        let compiler = Compiler::Snug(generator, layout);
        for edit in &edits {
            workshop.write("main.rs", edit)?;
            let again = compile(
                &workshop,
                compiler,
                &format!("main.rs -Awarnings -Cincremental={generator}"),
            )?;
            let printed = workshop.run("main")?;
            let fresh = compile(&workshop, compiler, "main.rs -Awarnings")?;
            same_reports("incremental", &fresh, &again)?;
            same("sizes", printed, workshop.run("main")?)?;
        }
    }
    Ok(())
}
