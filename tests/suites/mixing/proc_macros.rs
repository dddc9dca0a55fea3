//! Proc macros and build scripts are programs of their own: what they are made of does not mix with
//! what they are used for.

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::harness::{self, Tools};
use snug_tests::workshop::{Workshop, same};

use crate::crates::{
    CLASSIC, CRANELIFT, Check, LLVM, RLIB, each_layout, named, programs, with_store,
};
use crate::errors::{between, modes, refused};

const CHECKS: &[(&str, Check)] = &[
    ("are checked themselves", are_checked),
    ("in libraries", in_libraries),
    ("and build scripts", build_scripts),
];

pub(crate) fn tests(tools: Tools) -> Vec<Trial> {
    let mut tests = Vec::new();
    for maker in each_layout().into_iter().chain([Compiler::Stock]) {
        let name = format!("mixing: proc macros of {maker}");
        tests.push(harness::test(name, move || used_by_all(tools, maker)));
    }
    tests.extend(named(tools, "proc macros ", CHECKS));
    tests
}

/// A folder with a proc macro that runs a future of `store`, and none of what it is made of.
fn with_maker(tools: Tools, maker: Compiler) -> Result<Workshop> {
    let workshop = programs(tools)?;
    let made_of = workshop.path("made-of");
    std::fs::create_dir(made_of).map_err(|error| error.to_string())?;
    workshop.compile(maker, &format!("store.rs {RLIB} --out-dir=made-of -Cmetadata=made-of"))?;
    workshop.compile(maker, "maker.rs --crate-type=proc-macro -Lmade-of")?;
    Ok(workshop)
}

/// Whoever uses the macro, alone or next to a `store` of their own.
fn used_by_all(tools: Tools, maker: Compiler) -> Result<()> {
    let workshop = with_maker(tools, maker)?;
    let user = "fn main() { println!(\"{}\", maker::answer!(3)); }";
    let beside = "fn main() {
        println!(\"{}\", maker::answer!(3));
        assert_eq!(store::sizes(), store::sizes!());
    }";
    workshop.write("user.rs", user)?;
    workshop.write("beside.rs", beside)?;
    for compiler in each_layout().into_iter().chain([Compiler::Stock]) {
        workshop.compile(compiler, "user.rs --extern maker")?;
        same("output", workshop.run("user")?.as_str(), "24\n")?;
        workshop.compile(compiler, "user.rs --extern maker --emit=metadata")?;
        workshop.compile(compiler, &format!("store.rs {RLIB}"))?;
        workshop.compile(compiler, "beside.rs --extern maker --extern store")?;
        same("output", workshop.run("beside")?.as_str(), "24\n")?;
    }
    Ok(())
}

/// A proc macro is refused as any other program is.
fn are_checked(tools: Tools) -> Result<()> {
    let workshop = with_store(tools, LLVM, RLIB)?;
    let maker = "maker.rs --crate-type=proc-macro";
    let failed = workshop.refuse(Compiler::Snug(Generator::Cranelift, Layout::Classic), maker)?;
    refused(&failed, &modes(("store", Layout::Packed), ("maker", Layout::Classic)), &["`store`"])?;
    workshop.compile(Compiler::Stock, &format!("glue.rs {RLIB}"))?;
    let with_glue = format!("{}extern crate glue;", workshop.read("maker.rs")?);
    workshop.write("maker.rs", &with_glue)?;
    refused(&workshop.refuse(CRANELIFT, maker)?, &between("glue", "store"), &["`glue`"])
}

/// A library that passes a proc macro on is not made of it.
fn in_libraries(tools: Tools) -> Result<()> {
    for (maker, library, user) in [
        (LLVM, Compiler::Stock, CRANELIFT),
        (LLVM, Compiler::Stock, CLASSIC),
        (CLASSIC, Compiler::Stock, Compiler::Stock),
        (CLASSIC, LLVM, CRANELIFT),
        (Compiler::Stock, Compiler::Stock, LLVM),
        (Compiler::Stock, LLVM, LLVM),
    ] {
        let workshop = with_maker(tools, maker)?;
        workshop.write(
            "library.rs",
            "pub use maker::answer;
            pub async fn three() -> u64 { answer!(3) }",
        )?;
        workshop.write(
            "user.rs",
            "fn main() {
                let three = library::three();
                println!(\"{} {}\", library::answer!(4), store::finish(three));
            }",
        )?;
        workshop.compile(library, &format!("library.rs {RLIB} --extern maker"))?;
        // One more crate of Snug, so that it has a reason to look at the others.
        workshop.compile(user, &format!("store.rs {RLIB}"))?;
        workshop.compile(user, "user.rs --extern library --extern store")?;
        same("output", workshop.run("user")?.as_str(), "32 24\n")?;
    }
    Ok(())
}

/// The script has another layout than the crate that it is run for, or none.
fn build_scripts(tools: Tools) -> Result<()> {
    for (script, compiler) in
        [(LLVM, CLASSIC), (CLASSIC, LLVM), (CRANELIFT, Compiler::Stock), (Compiler::Stock, LLVM)]
    {
        let workshop = with_store(tools, script, RLIB)?;
        let build = "fn main() {
            println!(\"cargo::rustc-cfg=sum_is_{}\", store::finish(store::without_captures()));
        }";
        workshop.write("build.rs", build)?;
        workshop.compile(script, "build.rs --extern store")?;
        let told = workshop.run("build")?;
        let cfg = told.trim().strip_prefix("cargo::rustc-cfg=").unwrap_or_default();
        let made = "
            #[cfg(sum_is_5)]
            fn main() { println!(\"{}\", store::finish(store::hold([2; 1024]))); }";
        workshop.write("made.rs", made)?;
        workshop.compile(compiler, &format!("store.rs {RLIB}"))?;
        workshop
            .compile(compiler, &format!("made.rs --extern store --cfg={cfg} -Aunexpected_cfgs"))?;
        same("output", workshop.run("made")?.as_str(), "2\n")?;
    }
    Ok(())
}
