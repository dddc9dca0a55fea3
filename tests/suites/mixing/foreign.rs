//! Programs that C finishes: a library of Snug for C is like one of stock.

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::compiler::{Compiler, Generator};
use snug_tests::harness::{self, Tools};
use snug_tests::workshop::{Workshop, contains_all, same};

use crate::crates::{CRANELIFT, LLVM, RLIB, each_layout, programs, with_glue, with_store};
use crate::errors::{absent, archive_tripped, link_tripped};

/// A test's function, for a compiler of Snug.
type CheckWith = fn(Tools, Compiler) -> Result<()>;

const CHECKS: &[(&str, CheckWith)] = &[
    ("a staticlib in C", staticlib),
    ("all of a staticlib in C", whole_archive),
    ("a cdylib in C", cdylib),
    ("a cdylib in stock", cdylib_in_stock),
    ("without std, in C", without_std),
    ("with C inside", with_c_inside),
];

pub(crate) fn tests(tools: Tools) -> Vec<Trial> {
    let mut tests = Vec::new();
    for (name, check) in CHECKS {
        // In a library for C there is nothing that the layouts could change.
        for snug in each_layout().into_iter().chain([CRANELIFT]) {
            let name = format!("mixing: {name} ({snug})");
            tests.push(harness::test(name, move || check(tools, snug)));
        }
    }
    tests.push(harness::test("mixing: without std, on and under stock", move || bare(tools)));
    tests
}

/// What the programs in C print.
const ANSWERS: &str = "9 45\n";

/// What whoever links a staticlib must link, too.
fn native_libraries(workshop: &Workshop, snug: Compiler, arguments: &str) -> Result<String> {
    let told = workshop.compile(snug, &format!("{arguments} --print=native-static-libs"))?.stderr;
    let line = told.lines().find_map(|line| line.split_once("native-static-libs: "));
    let (_, libraries) = line.ok_or_else(|| format!("no list of libraries: {told}"))?;
    same(&format!("a marker in {libraries}"), libraries.contains("snug"), false)?;
    Ok(libraries.to_owned())
}

fn staticlib(tools: Tools, snug: Compiler) -> Result<()> {
    let workshop = with_glue(tools, snug, snug)?;
    let lto = if snug == LLVM { &["", "-Copt-level=1 -Clto=fat"][..] } else { &[""] };
    for more in lto {
        let compile = format!("exports.rs --crate-type=staticlib {more}");
        let libraries = native_libraries(&workshop, snug, &compile)?;
        let link = format!("linked.c libexports.a {libraries} -o linked");
        workshop.tool("cc", &link)?.expect_success("cc")?;
        same("output", workshop.run("linked")?.as_str(), ANSWERS)?;
    }
    let members = workshop.tool("ar", "t libexports.a")?.expect_success("ar")?.stdout;
    same("members of Snug", members.contains("snug"), false)?;
    let failed = workshop.refuse(Compiler::Stock, "app.rs --crate-type=staticlib")?;
    archive_tripped(tools, &failed, snug, "glue")
}

/// Linkers warn of an object that may need an executable stack, and then give it one.
fn whole_archive(tools: Tools, snug: Compiler) -> Result<()> {
    let workshop = with_glue(tools, snug, snug)?;
    // The member is in the staticlib only beside an rlib.
    workshop.compile(snug, "exports.rs --crate-type=rlib,staticlib")?;
    let members = workshop.tool("ar", "t libexports.a")?.expect_success("ar")?.stdout;
    same("members of Snug", members.lines().filter(|name| name.starts_with("snug-")).count(), 1)?;
    let all = "-Wl,--allow-multiple-definition -Wl,--whole-archive libexports.a \
               -Wl,--no-whole-archive";
    let linked = workshop.tool("cc", &format!("-shared {all} -o whole.so"))?;
    same("warnings", linked.expect_success("cc")?.stderr.as_str(), "")?;
    let segments = workshop.tool("readelf", "-lW whole.so")?.expect_success("readelf")?.stdout;
    let stack = segments.lines().find(|line| line.contains("GNU_STACK")).unwrap_or_default();
    contains_all(stack, &[" RW "])
}

fn cdylib(tools: Tools, snug: Compiler) -> Result<()> {
    let workshop = with_glue(tools, snug, snug)?;
    workshop.tool("cc", "loaded.c -o loaded -ldl")?.expect_success("cc")?;
    let lto = if snug == LLVM { &["", "-Copt-level=1 -Clto=fat"][..] } else { &[""] };
    for more in lto {
        workshop.compile(snug, &format!("exports.rs --crate-type=cdylib {more}"))?;
        same("output", workshop.run("loaded")?.as_str(), ANSWERS)?;
    }
    let symbols = workshop.tool("nm", "-D libexports.so")?.expect_success("nm")?.stdout;
    contains_all(&symbols, &["T answer"])?;
    let needed = workshop.tool("readelf", "-d libexports.so")?.expect_success("readelf")?.stdout;
    contains_all(&needed, &["NEEDED", "libc.so"])?;
    same("symbols of Snug", symbols.to_lowercase().contains("snug"), false)?;
    same("libraries of Snug", needed.contains("snug"), false)
}

/// Nothing of Rust passes between the two: such a library may be used by whoever likes to.
fn cdylib_in_stock(tools: Tools, snug: Compiler) -> Result<()> {
    let workshop = with_glue(tools, snug, snug)?;
    workshop.compile(snug, "exports.rs --crate-type=cdylib")?;
    workshop.compile(Compiler::Stock, "user_of_exports.rs -Clink-arg=-Wl,-rpath,$ORIGIN")?;
    same("output", workshop.run("user_of_exports")?.as_str(), ANSWERS)
}

/// No panic runtime, no allocator, no libc.
const BARE: &str = "--crate-type=staticlib -Cpanic=abort -Copt-level=1";

/// `core` was compiled for programs that unwind; what mentions that must not be linked. Cranelift's code
/// mentions it, too, and never calls it.
fn without_unwinding(snug: Compiler) -> &'static str {
    match snug {
        Compiler::Snug(Generator::Cranelift, _) => {
            "-Wl,--gc-sections -Wl,--defsym=rust_eh_personality=0"
        }
        _ => "-Wl,--gc-sections",
    }
}

fn without_std(tools: Tools, snug: Compiler) -> Result<()> {
    let workshop = programs(tools)?;
    workshop.compile(snug, &format!("bare.rs {RLIB} -Cpanic=abort -Copt-level=1"))?;
    let libraries = native_libraries(&workshop, snug, &format!("bare_exports.rs {BARE}"))?;
    let without = without_unwinding(snug);
    let link = format!("linked.c libbare_exports.a {libraries} {without} -o linked");
    workshop.tool("cc", &link)?.expect_success("cc")?;
    same("output", workshop.run("linked")?.as_str(), ANSWERS)?;
    let stocks = format!("bare_exports.rs {BARE} --crate-name=app");
    let failed = workshop.refuse(Compiler::Stock, &stocks)?;
    archive_tripped(tools, &failed, snug, "bare")
}

/// std is above this crate of Snug, but is not on it.
const USER_OF_BARE: &str = "
    #![no_std]
    extern crate bare;
    extern crate std;
    fn main() {
        std::println!(\"{}\", bare::finish(bare::hold([6; 64])));
    }";

fn bare(tools: Tools) -> Result<()> {
    let workshop = programs(tools)?;
    for snug in [LLVM, CRANELIFT] {
        workshop.compile(Compiler::Stock, &format!("bare.rs {RLIB} -Cpanic=abort"))?;
        workshop.compile(snug, &format!("bare_exports.rs {BARE}"))?;
        let without = without_unwinding(snug);
        let link = format!("linked.c libbare_exports.a {without} -o linked");
        workshop.tool("cc", &link)?.expect_success("cc")?;
        same("output", workshop.run("linked")?.as_str(), ANSWERS)?;
        workshop.compile(snug, &format!("bare.rs {RLIB} -Cpanic=abort"))?;
        workshop.write("user.rs", USER_OF_BARE)?;
        let failed = workshop.refuse(Compiler::Stock, "user.rs -Cpanic=abort -o refused")?;
        link_tripped(tools, &failed, LLVM, &["bare"])?;
        absent(&workshop, &["refused"])?;
        for linking in ["-Cpanic=abort", "", "-Cprefer-dynamic -Crpath"] {
            workshop.compile(snug, &format!("bare.rs {RLIB} {linking}"))?;
            workshop.compile(snug, &format!("user.rs {linking}"))?;
            same("output", workshop.run("user")?.as_str(), "6\n")?;
        }
    }
    Ok(())
}

/// An rlib of Snug that bundles a native library, as the one that stops stock's staticlibs is.
fn with_c_inside(tools: Tools, snug: Compiler) -> Result<()> {
    let workshop = with_store(tools, snug, RLIB)?;
    workshop.tool("cc", "-c -fPIC inside.c -o inside.o")?.expect_success("cc")?;
    workshop.tool("ar", "rcs libinside.a inside.o")?.expect_success("ar")?;
    workshop.compile(snug, &format!("wraps_c.rs {RLIB} --extern store"))?;
    // It is in the rlib now.
    std::fs::remove_file(workshop.path("libinside.a")).map_err(|error| error.to_string())?;
    workshop.write("user.rs", "fn main() { println!(\"{}\", wraps_c::answer(9)); }")?;
    workshop.compile(snug, "user.rs --extern wraps_c")?;
    same("output", workshop.run("user")?.as_str(), "45\n")?;
    let exports = "#[unsafe(no_mangle)] extern \"C\" fn answer(x: u8) -> u64 { wraps_c::answer(x) }
        #[unsafe(no_mangle)] extern \"C\" fn plain(x: u8) -> u64 { x.into() }";
    workshop.write("app.rs", exports)?;
    let compile = "app.rs --crate-type=staticlib --extern wraps_c";
    let libraries = native_libraries(&workshop, snug, compile)?;
    let link = format!("linked.c libapp.a {libraries} -o linked");
    workshop.tool("cc", &link)?.expect_success("cc")?;
    same("output", workshop.run("linked")?.as_str(), ANSWERS)?;
    std::fs::remove_file(workshop.path("libapp.a")).map_err(|error| error.to_string())?;
    let failed = workshop.refuse(Compiler::Stock, compile)?;
    contains_all(
        &failed.stderr,
        &["duplicate symbol name (this is how Snug can tell you:) crate `"],
    )?;
    absent(&workshop, &["libapp.a"])?;
    let failed = workshop.refuse(Compiler::Stock, "user.rs --extern wraps_c")?;
    link_tripped(tools, &failed, snug, &["store", "wraps_c"])
}
