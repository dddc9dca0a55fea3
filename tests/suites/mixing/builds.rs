//! What Cargo and people do with crates that fit: it works as with stock.

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::command;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::harness::{self, Tools};
use snug_tests::workshop::same;

use crate::crates::{
    CLASSIC, CRANELIFT, Check, LLVM, RLIB, answers, named, output, programs, with_glue,
};
use crate::errors::{absent, link_tripped, modes, refused};

/// Each twin in the middle, and around the other.
const TURNS: [[Compiler; 3]; 2] = [[LLVM, CRANELIFT, LLVM], [CRANELIFT, LLVM, CRANELIFT]];

/// Arguments for all three crates, and for `app` alone.
const BUILDS: &[(&str, &str, &str)] = &[
    ("incremental", "-Cincremental=cache", ""),
    ("codegen units", "-Ccodegen-units=8", ""),
    ("saved temporary files", "-Csave-temps", ""),
    ("optimised", "-Copt-level=2", ""),
    ("debug info", "-g", ""),
    ("split debug info, packed", "-g -Csplit-debuginfo=packed", ""),
    ("split debug info, unpacked", "-g -Csplit-debuginfo=unpacked", ""),
    ("panic=abort", "-Cpanic=abort", ""),
    ("several threads", "-Zthreads=2", ""),
    ("shared generics", "-Zshare-generics=yes", ""),
    ("no shared generics", "-Zshare-generics=no", ""),
    ("all MIR optimisations", "-Zmir-opt-level=4 -Zinline-mir", ""),
    ("dead code", "-Clink-dead-code", ""),
    ("GNU ld", "", "-Clink-arg=-fuse-ld=bfd"),
    ("stripped", "", "-Cstrip=symbols"),
    ("static libc", "", "-Ctarget-feature=+crt-static"),
    ("metadata in both files", "--emit=metadata,link", ""),
];

/// The same, for the LLVM twin: Cranelift knows no LTO.
const LLVM_BUILDS: &[(&str, &str, &str)] = &[
    ("fat LTO", "-Copt-level=1", "-Clto=fat"),
    ("thin LTO", "-Copt-level=1", "-Clto=thin"),
    ("fat LTO, unoptimised", "", "-Clto=fat"),
    ("no bitcode", "-Cembed-bitcode=no", ""),
];

const CHECKS: &[(&str, Check)] = &[
    ("check", check),
    ("without a temporary folder", no_temporary_folder),
    ("pipelined", pipelined),
    ("linked later", linked_later),
    ("incremental, another layout upstream", incremental),
];

pub(crate) fn tests(tools: Tools) -> Vec<Trial> {
    let mut tests = Vec::new();
    let mixed = BUILDS.iter().zip(TURNS.into_iter().cycle());
    for (build, twins) in mixed.chain(LLVM_BUILDS.iter().map(|build| (build, [LLVM; 3]))) {
        let name = format!("mixing: Snug builds, {}", build.0);
        tests.push(harness::test(name, move || works(tools, twins, build)));
    }
    tests.extend(named(tools, "Snug builds, ", CHECKS));
    tests
}

fn works(tools: Tools, twins: [Compiler; 3], build: &(&str, &str, &str)) -> Result<()> {
    let (name, all, last) = build;
    let [store, glue, app] = twins;
    let workshop = programs(tools)?;
    // What is made twice is made from caches and beside the files of the first time.
    for _ in 0..if *name == "incremental" { 2 } else { 1 } {
        workshop.compile(store, &format!("store.rs {RLIB} {all}"))?;
        workshop.compile(glue, &format!("glue.rs {RLIB} {all}"))?;
        workshop.compile(app, &format!("app.rs {all} {last}"))?;
        let (printed, expected) = (workshop.run("app")?, output(tools, LLVM)?);
        same("answers", answers(&printed), answers(&expected))?;
        // Without unwinding there is less to save, as in stock.
        if *name != "panic=abort" {
            same("output", printed, expected)?;
        }
    }
    Ok(())
}

/// `cargo check`, with the first crates checked by one twin and the last one by the other.
fn check(tools: Tools) -> Result<()> {
    for layout in Layout::ALL {
        let workshop = programs(tools)?;
        let snug = |generator| Compiler::Snug(generator, layout);
        for (generator, library) in [(Generator::Llvm, "store"), (Generator::Cranelift, "glue")] {
            let check = format!("{library}.rs --crate-type=lib --emit=metadata");
            workshop.compile(snug(generator), &check)?;
        }
        let externs = "--extern glue=libglue.rmeta --extern store=libstore.rmeta";
        for generator in Generator::ALL {
            workshop.compile(snug(generator), &format!("app.rs --emit=metadata {externs}"))?;
        }
        absent(&workshop, &["app", "libstore.rlib", "libglue.rlib"])?;
        let other = if layout == Layout::Packed { Layout::Classic } else { Layout::Packed };
        let failed = workshop.refuse(
            Compiler::Snug(Generator::Llvm, other),
            &format!("app.rs --emit=metadata {externs}"),
        )?;
        refused(&failed, &modes(("store", layout), ("app", other)), &["`store`, `glue`"])?;
    }
    Ok(())
}

/// Cargo compiles downstream crates as soon as there is metadata; the rlib is there when linking.
fn pipelined(tools: Tools) -> Result<()> {
    for (first, second) in [(LLVM, CRANELIFT), (CRANELIFT, LLVM)] {
        let workshop = programs(tools)?;
        let compile = |compiler, name: &str, externs: &str| {
            let arguments = format!("{name}.rs {RLIB} --emit=metadata,link {externs}");
            workshop.compile(compiler, &arguments).map(drop)
        };
        compile(first, "store", "")?;
        let rename = |from: &str, to: &str| {
            std::fs::rename(workshop.path(from), workshop.path(to))
                .map_err(|error| error.to_string())
        };
        rename("libstore.rlib", "not yet")?;
        compile(second, "glue", "--extern store=libstore.rmeta")?;
        compile(Compiler::Stock, "alone", "--extern store=libstore.rmeta")?;
        let failed =
            workshop.refuse(CLASSIC, &format!("alone.rs {RLIB} --extern store=libstore.rmeta"))?;
        let said = modes(("store", Layout::Packed), ("alone", Layout::Classic));
        refused(&failed, &said, &["`store`"])?;
        rename("not yet", "libstore.rlib")?;
        workshop.compile(first, "app.rs")?;
        same("output", workshop.run("app")?, output(tools, LLVM)?)?;
        let failed = workshop.refuse(Compiler::Stock, "app.rs --crate-name=again")?;
        link_tripped(tools, &failed, LLVM, &["store", "glue"])?;
    }
    Ok(())
}

fn linked_later(tools: Tools) -> Result<()> {
    for (compiler, linker) in [(LLVM, LLVM), (LLVM, CRANELIFT), (CRANELIFT, LLVM)] {
        let workshop = programs(tools)?;
        for library in ["store", "glue"] {
            workshop.compile(compiler, &format!("{library}.rs {RLIB} -Zno-link"))?;
            absent(&workshop, &[&format!("lib{library}.rlib")])?;
            workshop.compile(linker, &format!("-Zlink-only {library}.rlink"))?;
        }
        workshop.compile(compiler, "app.rs -Zno-link")?;
        workshop.compile(linker, "-Zlink-only app.rlink")?;
        same("output", workshop.run("app")?, output(tools, compiler)?)?;
        let failed = workshop.refuse(Compiler::Stock, "app.rs --crate-name=again")?;
        link_tripped(tools, &failed, LLVM, &["store", "glue"])?;
    }
    Ok(())
}

/// rustc needs none for this, either.
fn no_temporary_folder(tools: Tools) -> Result<()> {
    for compiler in [Compiler::Stock, LLVM, CRANELIFT] {
        let workshop = programs(tools)?;
        let nowhere = workshop.path("nowhere");
        for arguments in ["store.rs --crate-type=rlib", "alone.rs"] {
            let mut rustc = workshop.rustc(compiler, arguments);
            command::run(rustc.env("TMPDIR", &nowhere))?.expect_success(arguments)?;
        }
    }
    Ok(())
}

/// What was fine in the session that filled the cache is looked at again.
fn incremental(tools: Tools) -> Result<()> {
    let workshop = with_glue(tools, LLVM, LLVM)?;
    let app = "app.rs -Cincremental=cache";
    workshop.compile(LLVM, app)?;
    let other = Compiler::Snug(Generator::Llvm, Layout::CapturesOnly);
    for _ in 0..2 {
        for library in ["store", "glue"] {
            workshop.compile(other, &format!("{library}.rs {RLIB}"))?;
        }
        for _ in 0..2 {
            let failed = workshop.refuse(LLVM, app)?;
            let said = modes(("store", Layout::CapturesOnly), ("app", Layout::Packed));
            refused(&failed, &said, &["`store`, `glue`"])?;
        }
        workshop.compile(other, app)?;
        same("output", workshop.run("app")?, output(tools, other)?)?;
        for library in ["store", "glue"] {
            workshop.compile(LLVM, &format!("{library}.rs {RLIB}"))?;
        }
        workshop.compile(LLVM, app)?;
        same("output", workshop.run("app")?, output(tools, LLVM)?)?;
    }
    Ok(())
}
