//! Snug on stock on Snug: the crate in between has another idea of the futures than both others.

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::command::Finished;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::harness::{self, Tools};
use snug_tests::workshop::{Workshop, contains_all, same};

use crate::crates::{
    CLASSIC, CRANELIFT, Check, DYLIB, DYNAMIC, LLVM, RLIB, named, programs, with_glue, with_store,
};
use crate::errors::{absent, between, marker, refused};

const CHECKS: &[(&str, Check)] = &[
    ("a dylib below", dylib_below),
    ("a dylib", dylib_between),
    ("the rest of the program is a library", library_above),
    ("only macros are used", only_macros),
    ("two of stock", chain),
    ("no link", no_link),
    ("misleading names", misleading_names),
    ("incremental", incremental),
    ("no false alarm", no_false_alarm),
    ("replaced", replaced),
];

pub(crate) fn tests(tools: Tools) -> Vec<Trial> {
    let mut tests = Vec::new();
    for snug in Compiler::all_of_snug() {
        let name = format!("mixing: stock between ({snug})");
        tests.push(harness::test(name, move || refuses(tools, snug)));
    }
    tests.extend(named(tools, "stock between, ", CHECKS));
    tests
}

fn glue_is_stocks(failed: &Finished) -> Result<()> {
    let help = ["compile `glue` with Snug, too", "everything without it"];
    refused(failed, &between("glue", "store"), &help)
}

fn refuses(tools: Tools, snug: Compiler) -> Result<()> {
    let workshop = with_glue(tools, snug, Compiler::Stock)?;
    workshop.write("both.rs", "extern crate store; extern crate glue; fn main() {}")?;
    workshop.write("unused.rs", "extern crate glue; fn main() {}")?;
    for program in ["app.rs", "both.rs", "unused.rs"] {
        for form in ["", "--emit=metadata", "--crate-type=cdylib", "--crate-type=rlib", "--test"] {
            glue_is_stocks(&workshop.refuse(snug, &format!("{program} {form} -o made"))?)?;
            absent(&workshop, &["made"])?;
        }
    }
    // `cargo check`: nobody has made any code.
    let workshop = programs(tools)?;
    let check = "--crate-type=lib --emit=metadata";
    workshop.compile(snug, &format!("store.rs {check}"))?;
    workshop.compile(Compiler::Stock, &format!("glue.rs {check}"))?;
    glue_is_stocks(&workshop.refuse(snug, "app.rs --emit=metadata")?)
}

/// What rustc prints of a crate's dependencies has words that may be names, too.
fn misleading_names(tools: Tools) -> Result<()> {
    for name in ["hash", "host_hash", "kind", "Dependencies"] {
        let workshop = with_store(tools, LLVM, &format!("{RLIB} --crate-name={name}"))?;
        let renamed = format!("--extern store=lib{name}.rlib");
        workshop.compile(Compiler::Stock, &format!("glue.rs {RLIB} {renamed}"))?;
        let failed = workshop.refuse(CRANELIFT, &format!("app.rs {renamed}"))?;
        refused(&failed, &between("glue", name), &["compile `glue` with Snug, too"])?;
    }
    Ok(())
}

fn dylib_below(tools: Tools) -> Result<()> {
    let workshop = with_store(tools, LLVM, DYLIB)?;
    workshop.compile(Compiler::Stock, &format!("glue.rs {RLIB} {DYNAMIC}"))?;
    glue_is_stocks(&workshop.refuse(CRANELIFT, &format!("app.rs {DYNAMIC}"))?)
}

/// Stock can only make it if someone gives the linker what it asks for.
fn dylib_between(tools: Tools) -> Result<()> {
    for kind in [RLIB, DYLIB] {
        let workshop = with_store(tools, LLVM, kind)?;
        let library = format!("lib{}.a", marker(tools, "store", LLVM)?);
        workshop.write(&library, "!<arch>\n")?;
        workshop.compile(Compiler::Stock, &format!("glue.rs {DYLIB}"))?;
        glue_is_stocks(&workshop.refuse(CRANELIFT, &format!("app.rs {DYNAMIC}"))?)?;
        glue_is_stocks(&workshop.refuse(LLVM, &format!("app.rs {DYNAMIC} --emit=metadata"))?)?;
    }
    Ok(())
}

/// The first crate of Snug above notices, whatever becomes of it.
fn library_above(tools: Tools) -> Result<()> {
    let workshop = with_glue(tools, LLVM, Compiler::Stock)?;
    workshop.write(
        "above.rs",
        "pub fn twice() -> [u8; 2] { [glue::store::finish(glue::both([1; 1024])) as u8; 2] }",
    )?;
    glue_is_stocks(&workshop.refuse(LLVM, &format!("above.rs {RLIB} --extern glue"))?)?;
    absent(&workshop, &["libabove.rlib"])?;
    // Stock does not notice when it compiles, but when it links.
    workshop.compile(Compiler::Stock, &format!("above.rs {RLIB} --extern glue"))?;
    workshop.write("top.rs", "extern crate above; fn main() { above::twice(); }")?;
    glue_is_stocks(&workshop.refuse(LLVM, "top.rs")?)
}

/// Macros by example expand to code in the crate in between.
fn only_macros(tools: Tools) -> Result<()> {
    let workshop = with_store(tools, LLVM, RLIB)?;
    workshop.write(
        "glue.rs",
        "#[macro_use] extern crate store;
        pub fn sizes() -> Vec<(&'static str, usize)> { sizes!() }",
    )?;
    workshop.compile(Compiler::Stock, &format!("glue.rs {RLIB}"))?;
    workshop.write("top.rs", "extern crate glue; fn main() { glue::sizes(); }")?;
    glue_is_stocks(&workshop.refuse(LLVM, "top.rs")?)
}

/// `second` uses `first` uses `store`: it is `first` that must be compiled again, before `second`.
fn chain(tools: Tools) -> Result<()> {
    let workshop = with_store(tools, LLVM, RLIB)?;
    workshop.write("first.rs", "pub async fn first() -> u8 { store::hold([1; 1024]).await }")?;
    workshop.write("second.rs", "pub async fn second() -> u8 { first::first().await }")?;
    workshop.write("top.rs", "extern crate second; fn main() { let _ = second::second(); }")?;
    workshop.compile(Compiler::Stock, &format!("first.rs {RLIB} --extern store"))?;
    workshop.compile(Compiler::Stock, &format!("second.rs {RLIB} --extern first"))?;
    let failed = workshop.refuse(CRANELIFT, "top.rs")?;
    refused(&failed, &between("first", "store"), &["compile `first` with Snug"])
}

/// `#[no_link]` takes a crate out of the program, but not its generic functions, nor its types.
fn no_link(tools: Tools) -> Result<()> {
    let workshop = with_store(tools, LLVM, RLIB)?;
    workshop.write(
        "glue.rs",
        "#[no_link] extern crate store;
        pub fn make(bytes: [u8; 1000]) -> impl Future<Output = Vec<[u8; 1000]>> {
            store::generic(bytes, 2)
        }",
    )?;
    workshop.compile(Compiler::Stock, &format!("glue.rs {RLIB} -Zshare-generics=no"))?;
    let poll = "
        extern crate glue;
        use std::{pin::pin, task::{Context, Waker}};
        fn main() {
            let _ = pin!(glue::make([3; 1000])).poll(&mut Context::from_waker(Waker::noop()));
        }";
    for (link, name) in [("#[no_link]", "not_linked"), ("", "linked")] {
        workshop.write(&format!("{name}.rs"), &format!("{link} extern crate store; {poll}"))?;
        glue_is_stocks(&workshop.refuse(LLVM, &format!("{name}.rs -Zshare-generics=no"))?)?;
    }
    workshop.write("through_glue.rs", poll)?;
    glue_is_stocks(&workshop.refuse(LLVM, "through_glue.rs -Zshare-generics=no")?)
}

/// The caches are those of sessions in which everything was fine.
fn incremental(tools: Tools) -> Result<()> {
    let workshop = programs(tools)?;
    let compile = |compiler: Compiler, name: &str| {
        workshop.compile(compiler, &format!("{name}.rs {RLIB}"))?;
        Ok::<(), String>(())
    };
    let app = "app.rs -Cincremental=cache";
    for round in 0..2 {
        for (store, glue) in [(LLVM, LLVM), (Compiler::Stock, Compiler::Stock)] {
            compile(store, "store")?;
            compile(glue, "glue")?;
            workshop.compile(LLVM, app)?;
            workshop.run("app")?;
        }
        compile(LLVM, "store")?;
        compile(Compiler::Stock, "glue")?;
        for again in 0..2 {
            glue_is_stocks(&workshop.refuse(LLVM, app)?)
                .map_err(|error| format!("{round}.{again}: {error}"))?;
        }
    }
    let captures = Compiler::Snug(Generator::Cranelift, Layout::CapturesOnly);
    compile(captures, "store")?;
    compile(captures, "glue")?;
    let failed = workshop.refuse(LLVM, app)?;
    contains_all(
        &failed.stderr,
        &["`store` was compiled with Snug's coroutine layout `captures-only`"],
    )
}

/// Crates of stock that know nothing of Snug's, next to one of Snug; one of them has its name.
fn no_false_alarm(tools: Tools) -> Result<()> {
    let workshop = programs(tools)?;
    let folder =
        |name: &str| format!("--out-dir={name} -Cmetadata={name} -Cextra-filename=-{name}");
    for name in ["ours", "theirs"] {
        std::fs::create_dir(workshop.path(name)).map_err(|error| error.to_string())?;
    }
    workshop.compile(LLVM, &format!("store.rs {RLIB} {}", folder("ours")))?;
    workshop.compile(Compiler::Stock, &format!("store.rs {RLIB} {}", folder("theirs")))?;
    let theirs = format!("glue.rs {RLIB} {} -Ltheirs", folder("theirs"));
    workshop.compile(Compiler::Stock, &theirs)?;
    workshop.write(
        "both.rs",
        "extern crate store;
        extern crate glue;
        use glue::store as theirs;
        fn main() {
            assert_eq!(store::sizes(), store::sizes!());
            assert_eq!(theirs::sizes(), theirs::sizes!());
            assert_eq!(glue::sizes(), glue::sizes!());
            assert_ne!(store::sizes(), theirs::sizes());
            println!(\"{}\", theirs::finish(store::hold([5; 1024])));
            println!(\"{}\", store::finish(glue::around(theirs::hold([6; 1024]))).0);
        }",
    )?;
    let both = "--extern store=ours/libstore-ours.rlib --extern glue=theirs/libglue-theirs.rlib";
    let both = format!("both.rs {both} -Ltheirs");
    for snug in [LLVM, CRANELIFT] {
        workshop.compile(snug, &both)?;
        same("output", workshop.run("both")?.as_str(), "5\n6\n")?;
    }
    // Whereas two layouts of Snug are not fine, even if the crates know nothing of each other.
    workshop.compile(CLASSIC, &format!("store.rs {RLIB} {}", folder("theirs")))?;
    workshop.compile(CLASSIC, &theirs)?;
    let failed = workshop.refuse(LLVM, &both)?;
    contains_all(&failed.stderr, &["layout `classic`, `both` with `packed`", "`store`, `glue`"])
}

/// A crate that was compiled against stock's `store` does not fit Snug's, nor the other way round:
/// rustc tells them apart, because Snug makes their hashes differ.
fn replaced(tools: Tools) -> Result<()> {
    for layout in Layout::ALL {
        let snug = Compiler::Snug(Generator::Llvm, layout);
        for (glue, later) in [(Compiler::Stock, snug), (snug, Compiler::Stock)] {
            let workshop = with_glue(tools, glue, glue)?;
            workshop.compile(later, &format!("store.rs {RLIB}"))?;
            for app in [Compiler::Stock, snug] {
                let failed = refuse_stale(&workshop, app)?;
                contains_all(&failed.stderr, &["error[E0460]", "newer version of crate `store`"])?;
            }
        }
    }
    Ok(())
}

fn refuse_stale(workshop: &Workshop, app: Compiler) -> Result<Finished> {
    workshop.refuse(app, "app.rs --emit=metadata")
}
