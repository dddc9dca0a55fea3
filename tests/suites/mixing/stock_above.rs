//! Stock on Snug: no program.

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::harness::{self, Tools};
use snug_tests::workshop::{Workshop, contains_all, same};

use crate::crates::{
    CLASSIC, CRANELIFT, Check, DYLIB, DYNAMIC, FORMS, Form, LLVM, RLIB, each_layout, named,
    programs, with_glue, with_store,
};
use crate::errors::{absent, archive_tripped, link_tripped, marker};

/// The ways of finishing a program: name, arguments, what is made.
const ENDS: &[(&str, &str, &str)] = &[
    ("executable", "", "app"),
    ("cdylib", "--crate-type=cdylib", "libapp.so"),
    ("dylib", "--crate-type=dylib", "libapp.so"),
    ("proc macro", "--crate-type=proc-macro", "libapp.so"),
    ("tests", "--test", "app"),
    ("std's dylib", "-Cprefer-dynamic", "app"),
    ("panic=abort", "-Cpanic=abort", "app"),
    ("optimised", "-Copt-level=2", "app"),
    ("fat LTO", "-Clto=fat", "app"),
    ("thin LTO", "-Clto=thin", "app"),
    ("fat LTO to a cdylib", "-Clto=fat --crate-type=cdylib", "libapp.so"),
    ("own bitcode left out", "-Cembed-bitcode=no", "app"),
    ("GNU ld", "-Clink-arg=-fuse-ld=bfd", "app"),
    ("dead code", "-Clink-dead-code", "app"),
    ("stripped", "-Cstrip=symbols", "app"),
    ("shared generics", "-Zshare-generics=yes", "app"),
    ("no shared generics", "-Zshare-generics=no", "app"),
    ("static libc", "-Ctarget-feature=+crt-static", "app"),
    ("incremental", "-Cincremental=cache", "app"),
    ("several threads", "-Zthreads=2", "app"),
    ("staticlib", "--crate-type=staticlib", "libapp.a"),
    ("fat LTO to a staticlib", "--crate-type=staticlib -Clto=fat", "libapp.a"),
    ("panic=abort to a staticlib", "--crate-type=staticlib -Cpanic=abort", "libapp.a"),
    ("an rlib, too", "--crate-type=rlib,cdylib", "libapp.so"),
];

const CHECKS: &[(&str, Check)] = &[
    ("and on stock", control),
    ("only generic functions", only_generic_functions),
    ("crates that nothing uses", unused),
    ("both an rlib and a dylib", rlib_and_dylib),
    ("names", names),
    ("linked later", linked_later),
    ("metadata apart", metadata_apart),
    ("what would happen", without_guard),
];

pub(crate) fn tests(tools: Tools) -> Vec<Trial> {
    let mut tests = Vec::new();
    for (index, end) in ENDS.iter().enumerate() {
        let (name, ..) = end;
        let compilers = compilers_for(name, index);
        let test = move || compilers.iter().try_for_each(|snug| no_end(tools, *snug, *end));
        tests.push(harness::test(format!("mixing: stock on Snug, {name}"), test));
    }
    for form in FORMS {
        let name = format!("mixing: stock on Snug, {}", form.name);
        tests.push(harness::test(name, move || no_form(tools, form)));
    }
    tests.extend(named(tools, "stock on Snug, ", CHECKS));
    tests
}

/// All layouts and twins where the ways part, and otherwise in turns.
fn compilers_for(end: &str, index: usize) -> Vec<Compiler> {
    match end {
        "executable" => Compiler::all_of_snug().collect(),
        "cdylib" | "staticlib" => each_layout().to_vec(),
        // Without bitcode, as Cranelift's, there is no LTO, whoever made the crate.
        _ if end.contains("LTO") => {
            vec![Compiler::Snug(Generator::Llvm, Layout::ALL[index % Layout::ALL.len()])]
        }
        _ => vec![each_layout()[index % each_layout().len()]],
    }
}

/// `store` of Snug; `glue` and `app` of stock.
fn no_end(tools: Tools, snug: Compiler, (_, arguments, made): (&str, &str, &str)) -> Result<()> {
    let workshop = with_glue(tools, snug, Compiler::Stock)?;
    let failed = workshop.refuse(Compiler::Stock, &format!("app.rs {arguments}"))?;
    if made == "libapp.a" {
        archive_tripped(tools, &failed, snug, "store")?;
    } else {
        link_tripped(tools, &failed, snug, &["store"])?;
    }
    absent(&workshop, &[made])
}

/// That Snug is the only reason: the same commands work without it.
fn control(tools: Tools) -> Result<()> {
    let workshop = with_glue(tools, Compiler::Stock, Compiler::Stock)?;
    for (_, arguments, made) in ENDS {
        workshop.compile(Compiler::Stock, &format!("app.rs {arguments}"))?;
        std::fs::remove_file(workshop.path(made)).map_err(|error| format!("{made}: {error}"))?;
    }
    Ok(())
}

/// The first crate of stock that is linked is refused, whatever kinds of crates there are.
fn no_form(tools: Tools, form: &Form) -> Result<()> {
    for snug in [LLVM, CRANELIFT] {
        let workshop = programs(tools)?;
        workshop.compile(snug, &format!("store.rs {}", form.store))?;
        let glue = format!("glue.rs {}", form.glue);
        if form.glue.contains("dylib") {
            let failed = workshop.refuse(Compiler::Stock, &glue)?;
            link_tripped(tools, &failed, LLVM, &["store"])?;
        } else {
            workshop.compile(Compiler::Stock, &glue)?;
            let failed = workshop.refuse(Compiler::Stock, &format!("app.rs {}", form.app))?;
            link_tripped(tools, &failed, LLVM, &["store"])?;
        }
        workshop.compile(snug, &glue)?;
        let failed = workshop.refuse(Compiler::Stock, &format!("app.rs {}", form.app))?;
        link_tripped(tools, &failed, LLVM, &["store", "glue"])?;
        absent(&workshop, &["app"])?;
    }
    Ok(())
}

/// Nothing of the crate's machine code is needed.
fn only_generic_functions(tools: Tools) -> Result<()> {
    let generic = "
        pub fn returned<T: Copy>(value: T) -> impl Future<Output = T> {
            async move {
                std::future::ready(()).await;
                value
            }
        }
        pub async fn taken<T>(value: T) -> usize {
            size_of_val(&value)
        }";
    let app = "
        fn main() {
            let sizes = [size_of_val(&generic::returned([1u64; 7])), size_of_val(&generic::taken(1u8))];
            println!(\"{sizes:?}\");
        }";
    for snug in each_layout() {
        for kind in [RLIB, DYLIB] {
            let workshop = Workshop::new(tools, &[("generic.rs", generic), ("app.rs", app)])?;
            for (compiler, works) in [(Compiler::Stock, true), (snug, false)] {
                workshop.compile(compiler, &format!("generic.rs {kind}"))?;
                let compile = "app.rs -Zshare-generics=no --extern generic";
                if works {
                    workshop.compile(Compiler::Stock, compile)?;
                    std::fs::remove_file(workshop.path("app")).map_err(|e| e.to_string())?;
                } else {
                    let failed = workshop.refuse(Compiler::Stock, compile)?;
                    link_tripped(tools, &failed, snug, &["generic"])?;
                    absent(&workshop, &["app"])?;
                }
            }
        }
    }
    Ok(())
}

/// Whatever makes rustc load a crate makes it a part of the program; `--extern` alone does not.
fn unused(tools: Tools) -> Result<()> {
    let workshop = with_store(tools, LLVM, RLIB)?;
    let loads = [
        ("extern crate store; fn main() {}", ""),
        ("#[macro_use] extern crate store; fn main() {}", ""),
        ("extern crate store as _; fn main() {}", ""),
        ("use store as _; fn main() {}", "--extern store"),
        (
            "fn main() { let _ = stringify!(store::size!()); }",
            "-Zunstable-options --extern force:store",
        ),
    ];
    for (program, arguments) in loads {
        workshop.write("user.rs", program)?;
        let failed = workshop.refuse(Compiler::Stock, &format!("user.rs {arguments}"))?;
        link_tripped(tools, &failed, LLVM, &["store"])?;
        let failed = workshop.refuse(CLASSIC, &format!("user.rs {arguments}"))?;
        contains_all(&failed.stderr, &["`store`", "`packed`, `user` with `classic`"])?;
    }
    workshop.write("user.rs", "fn main() {}")?;
    for compiler in [Compiler::Stock, CLASSIC] {
        workshop.compile(compiler, "user.rs --extern store")?;
        workshop.run("user")?;
    }
    Ok(())
}

fn rlib_and_dylib(tools: Tools) -> Result<()> {
    let workshop = with_store(tools, LLVM, "--crate-type=rlib,dylib -Cprefer-dynamic -Crpath")?;
    for arguments in ["", DYNAMIC, "--crate-type=cdylib", "--crate-type=dylib -Cprefer-dynamic"] {
        let failed = workshop.refuse(Compiler::Stock, &format!("alone.rs {arguments}"))?;
        link_tripped(tools, &failed, LLVM, &["store"])?;
    }
    workshop.compile(LLVM, "alone.rs -Cprefer-dynamic -Crpath")?;
    same("output", workshop.run("alone")?.as_str(), "3\n")
}

/// Of crates; whole linker lines are made of them.
fn names(tools: Tools) -> Result<()> {
    let long = "long_".repeat(20);
    for name in [&*long, "x", "with_underscores", "Upper", "snug", "layout_packed_v2"] {
        let workshop = programs(tools)?;
        let user = format!("extern crate {name}; fn main() {{ {name}::sizes(); }}");
        workshop.write("app.rs", &user)?;
        workshop.compile(LLVM, &format!("store.rs --crate-name={name} {RLIB}"))?;
        for linker in ["", "-Clink-arg=-fuse-ld=bfd"] {
            let failed = workshop.refuse(Compiler::Stock, &format!("app.rs {linker}"))?;
            // A linker that looks for a file says so if its name is too long.
            link_tripped(tools, &failed, LLVM, &[name])?;
        }
        let failed = workshop.refuse(Compiler::Stock, "app.rs --crate-type=staticlib")?;
        archive_tripped(tools, &failed, LLVM, name)?;
        workshop.compile(LLVM, "app.rs")?;
        workshop.run("app")?;
    }
    // What rustc makes of a file's name, and of Cargo's.
    let workshop = with_store(tools, LLVM, &format!("{RLIB} -Cextra-filename=-0123 -Cmetadata=a"))?;
    workshop.write("with-hyphens.rs", "extern crate store; pub use store::*;")?;
    workshop.compile(LLVM, &format!("with-hyphens.rs {RLIB}"))?;
    workshop.write("user.rs", "extern crate with_hyphens; fn main() { with_hyphens::sizes(); }")?;
    let failed = workshop.refuse(Compiler::Stock, "user.rs")?;
    link_tripped(tools, &failed, LLVM, &["store", "with_hyphens"])
}

/// What stock compiled is stock's, whoever links it.
fn linked_later(tools: Tools) -> Result<()> {
    for (compiler, linker) in [
        (Compiler::Stock, Compiler::Stock),
        (Compiler::Stock, LLVM),
        (Compiler::Stock, CRANELIFT),
        (LLVM, Compiler::Stock),
    ] {
        let workshop = with_store(tools, LLVM, RLIB)?;
        workshop.compile(compiler, "alone.rs -Zno-link")?;
        let failed = workshop.refuse(linker, "-Zlink-only alone.rlink")?;
        let missed: &[&str] =
            if compiler == Compiler::Stock { &["store"] } else { &["store", "alone"] };
        link_tripped(tools, &failed, LLVM, missed)?;
        absent(&workshop, &["alone"])?;
    }
    Ok(())
}

/// rlibs with next to no metadata, as Cargo may make them one day.
fn metadata_apart(tools: Tools) -> Result<()> {
    let apart = "--crate-type=rlib -Zembed-metadata=no --emit=metadata,link";
    let workshop = with_store(tools, CRANELIFT, apart)?;
    let both = "--extern store=libstore.rlib --extern store=libstore.rmeta";
    let failed = workshop.refuse(Compiler::Stock, &format!("alone.rs {both}"))?;
    link_tripped(tools, &failed, LLVM, &["store"])?;
    let failed = workshop.refuse(
        Compiler::Stock,
        &format!("alone.rs {both} --crate-type=staticlib --crate-name=app"),
    )?;
    archive_tripped(tools, &failed, LLVM, "store")?;
    workshop.compile(CRANELIFT, &format!("alone.rs {both}"))?;
    same("output", workshop.run("alone")?.as_str(), "3\n")
}

/// Whoever gives the linker what it asks for gets a program in which the crates disagree: the errors
/// above are not for nothing, and `app` would notice if there were none.
fn without_guard(tools: Tools) -> Result<()> {
    let workshop = with_glue(tools, LLVM, Compiler::Stock)?;
    let library = format!("lib{}.a", marker(tools, "store", LLVM)?);
    workshop.write(&library, "!<arch>\n")?;
    workshop.compile(Compiler::Stock, "app.rs")?;
    let ran = workshop.tool(&workshop.path("app").display().to_string(), "")?;
    same("the program works", ran.success, false)?;
    contains_all(
        &ran.stderr,
        &["left: [(\"store::hold\", 2050)", "right: [(\"store::hold\", 1026)"],
    )
}
