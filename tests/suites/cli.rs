//! What users meet: environment variables, errors, incremental builds, Cargo, mixing crates,
//! unwinding, and other compilers.

use std::process::{Command, ExitCode};

use snug_tests::Result;
use snug_tests::command::{self, Finished};
use snug_tests::compiler::{Compiler, Generator, Layout, clean_environment};
use snug_tests::harness::{self, Tools};
use snug_tests::report;
use snug_tests::workshop::{Workshop, contains_all, same};

/// Prints the size of a future that captures 1024 bytes and moves them on.
const PROGRAM: &str = "
async fn wait() {}

async fn hold(bytes: [u8; 1024]) -> u8 {
    wait().await;
    bytes[7]
}

fn block(words: [u64; 9]) -> impl Future<Output = u64> {
    async move {
        wait().await;
        words[3]
    }
}

async fn pass<F: Future>(future: F) -> F::Output {
    future.await
}

fn main() {
    drop(block([1; 9]));
    println!(\"{}\", size_of_val(&pass(pass(hold([0; 1024])))));
}
";

const CLASSIC_SIZE: &str = "8203\n";
const PACKED_SIZE: &str = "1028\n";

/// A function for every generator.
type Check = fn(Tools, Generator) -> Result<()>;

const CHECKS: &[(&str, Check)] = &[
    ("unknown layout", unknown_layout),
    ("empty layout is the default", empty_layout),
    ("report in an impossible place", report_in_an_impossible_place),
    ("report", a_report),
    ("no report without asking", no_report),
    ("incremental builds notice the layout", incremental),
    ("cargo notices the layout", cargo_notices),
    ("stock cannot link a Snug crate", stock_cannot_link),
    ("stock can link a classic crate", stock_can_link_classic),
    ("Snug uses crates of stock", snug_on_stock),
    ("Snug links Snug crates in every form", snug_on_snug),
    ("catch_unwind", catch_unwind),
    ("should_panic", should_panic),
    ("another rustc", another_rustc),
    ("version", version),
];

fn main() -> ExitCode {
    harness::main(|tools| {
        let mut tests = Vec::new();
        for generator in Generator::ALL {
            for (name, check) in CHECKS {
                let name = format!("{name} ({generator})");
                tests.push(harness::test(name, move || check(tools, generator)));
            }
        }
        Ok(tests)
    })
}

fn packed(generator: Generator) -> Compiler {
    Compiler::Snug(generator, Layout::Packed)
}

fn with_program(tools: Tools) -> Result<Workshop> {
    Workshop::new(tools, &[("main.rs", PROGRAM)])
}

fn unknown_layout(tools: Tools, generator: Generator) -> Result<()> {
    let workshop = with_program(tools)?;
    let mut rustc = workshop.rustc(packed(generator), "main.rs");
    let failed = command::run(rustc.env("SNUG_LAYOUT", "snuggest"))?.expect_failure("rustc")?;
    let parts = ["error: ", "SNUG_LAYOUT", "snuggest", "`classic`", "`captures-only`", "`packed`"];
    contains_all(&failed.stderr, &parts)?;
    same("errors", failed.stderr.matches("error").count(), 1)
}

fn empty_layout(tools: Tools, generator: Generator) -> Result<()> {
    let workshop = with_program(tools)?;
    for value in [None, Some("")] {
        let mut rustc = workshop.rustc(packed(generator), "main.rs");
        match value {
            None => rustc.env_remove("SNUG_LAYOUT"),
            Some(value) => rustc.env("SNUG_LAYOUT", value),
        };
        command::run(&mut rustc)?.expect_success("rustc")?;
        same("size", workshop.run("main")?.as_str(), PACKED_SIZE)?;
    }
    Ok(())
}

fn report_in_an_impossible_place(tools: Tools, generator: Generator) -> Result<()> {
    let workshop = with_program(tools)?;
    let place = workshop.path("main.rs/reports");
    let mut rustc = workshop.rustc(packed(generator), "main.rs");
    let failed = command::run(rustc.env("SNUG_REPORT", &place))?.expect_failure("rustc")?;
    let place = place.display().to_string();
    contains_all(&failed.stderr, &["error: ", "SNUG_REPORT", &place])
}

/// Reading the report checks its keys and types; here are the values.
fn a_report(tools: Tools, generator: Generator) -> Result<()> {
    for layout in Layout::ALL {
        let workshop = with_program(tools)?;
        let folder = workshop.path("deep/reports");
        let mut rustc = workshop.rustc(Compiler::Snug(generator, layout), "main.rs");
        command::run(rustc.env("SNUG_REPORT", &folder))?.expect_success("rustc")?;
        let coroutines = report::read(&folder)?;
        let named = |start: &str| {
            let found = coroutines.iter().find(|coroutine| coroutine.name.starts_with(start));
            found.ok_or_else(|| format!("no entry for {start} in {coroutines:#?}"))
        };
        let hold = named("{async fn body of hold()}")?;
        hold.check(|_| None)?;
        let size = if layout == Layout::Classic { 2050 } else { 1026 };
        same("size", hold.size, size)?;
        same("align", hold.align, 1)?;
        same("layout", hold.layout.as_str(), &layout.to_string())?;
        same("upvars", hold.upvars.len(), 1)?;
        same("name", hold.upvars[0].name.as_deref(), Some("bytes"))?;
        same("size", hold.upvars[0].size, 1024)?;
        let names: Vec<_> = hold.variants.iter().map(|variant| variant.name.as_str()).collect();
        same("variants", names, vec!["Unresumed", "Returned", "Panicked", "Suspend0"])?;
        let suspended = &hold.variants[3];
        contains_all(&suspended.span, &["main.rs:5:"])?;
        let bytes = suspended.fields.iter().find(|field| field.ty == "[u8; 1024]");
        same("saved size", bytes.map(|field| field.size), Some(1024))?;
        // A parameter is moved on into a local before anything else; what a block captures stays.
        let block = named("{async block@main.rs:")?;
        let stays = layout != Layout::Classic;
        same("slot of a parameter", hold.upvars[0].slot_offset, None)?;
        same("slot of a capture", block.upvars[0].slot_offset.is_some(), stays)?;
        let ids: std::collections::BTreeSet<_> = coroutines.iter().map(|c| &c.id).collect();
        same("ids", ids.len(), coroutines.len())?;
    }
    Ok(())
}

fn no_report(tools: Tools, generator: Generator) -> Result<()> {
    let workshop = with_program(tools)?;
    workshop.compile(packed(generator), "main.rs -o program")?;
    let entries = std::fs::read_dir(workshop.path(".")).map_err(|error| error.to_string())?;
    same("files", entries.count(), 2)
}

fn incremental(tools: Tools, generator: Generator) -> Result<()> {
    let workshop = with_program(tools)?;
    let layouts = [Layout::Classic, Layout::Packed, Layout::Packed, Layout::Classic];
    for layout in layouts {
        let compiler = Compiler::Snug(generator, layout);
        workshop.compile(compiler, "main.rs -Cincremental=cache")?;
        let expected = if layout == Layout::Classic { CLASSIC_SIZE } else { PACKED_SIZE };
        same("size", workshop.run("main")?.as_str(), expected)?;
    }
    Ok(())
}

const MANIFEST: &str = "
[package]
name = 'tiny'
version = '0.1.0'
edition = '2024'

[workspace]
";

fn cargo_notices(tools: Tools, generator: Generator) -> Result<()> {
    let workshop = Workshop::new(tools, &[("src/main.rs", PROGRAM), ("Cargo.toml", MANIFEST)])?;
    let build = |layout| -> Result<Finished> {
        // What rustc is called with, Cargo is told in its own ways.
        let template = workshop.rustc(Compiler::Snug(generator, layout), "");
        let backend = template.get_args().next().unwrap_or_default();
        let mut cargo = Command::new(&tools.cargo);
        clean_environment(&mut cargo);
        cargo.args(["build", "--offline", "-v"]).current_dir(workshop.path("."));
        cargo.env("RUSTC", &tools.rustc).env("RUSTC_BOOTSTRAP", "1");
        cargo.env("CARGO_TARGET_DIR", workshop.path("target"));
        cargo.env("RUSTFLAGS", backend).env("SNUG_LAYOUT", layout.to_string());
        command::run(&mut cargo)?.expect_success("cargo build")
    };
    build(Layout::Classic)?;
    same("size", workshop.run("target/debug/tiny")?.as_str(), CLASSIC_SIZE)?;
    contains_all(&build(Layout::Classic)?.stderr, &["Fresh tiny"])?;
    contains_all(&build(Layout::Packed)?.stderr, &["Dirty tiny", "SNUG_LAYOUT"])?;
    same("size", workshop.run("target/debug/tiny")?.as_str(), PACKED_SIZE)?;
    contains_all(&build(Layout::Packed)?.stderr, &["Fresh tiny"])
}

const LIBRARY: &str = "
pub async fn hold(bytes: [u8; 1024]) -> u8 {
    std::future::ready(()).await;
    bytes[7]
}

pub fn generic<T: Copy + 'static>(value: T) -> impl Future<Output = T> {
    async move {
        std::future::ready(()).await;
        value
    }
}

pub fn without_captures() -> impl Future<Output = u64> {
    async {
        let words = [5u64; 9];
        std::future::ready(()).await;
        words[3]
    }
}
";

const USER: &str = "
extern crate library;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

fn finish<F: Future>(future: F) -> F::Output {
    let size = size_of_val(&future);
    let Poll::Ready(value) = pin!(future).poll(&mut Context::from_waker(Waker::noop())) else {
        panic!(\"not ready\")
    };
    assert!(size > 1);
    value
}

async fn both(bytes: [u8; 1024]) -> u64 {
    library::hold(bytes).await as u64 + library::without_captures().await
}

fn main() {
    println!(\"{}\", finish(library::hold([3; 1024])));
    println!(\"{}\", finish(library::generic([7u16; 3]))[2]);
    println!(\"{}\", finish(library::without_captures()));
    println!(\"{}\", finish(both([4; 1024])));
}
";

const USER_OUTPUT: &str = "3\n7\n5\n9\n";

fn two_crates(tools: Tools) -> Result<Workshop> {
    Workshop::new(tools, &[("library.rs", LIBRARY), ("user.rs", USER)])
}

fn stock_cannot_link(tools: Tools, generator: Generator) -> Result<()> {
    for layout in [Layout::CapturesOnly, Layout::Packed] {
        let workshop = two_crates(tools)?;
        let snug = Compiler::Snug(generator, layout);
        workshop.compile(snug, "library.rs --crate-type=lib")?;
        let mut link = workshop.rustc(Compiler::Stock, "user.rs");
        let failed = command::run(&mut link)?.expect_failure("stock's link of a Snug crate")?;
        let marker = format!("snug-coroutine-layout-{layout}-v");
        contains_all(&failed.stderr, &[&marker, "link-with-the-backend-that-built-this-crate"])?;
    }
    Ok(())
}

fn stock_can_link_classic(tools: Tools, generator: Generator) -> Result<()> {
    let workshop = two_crates(tools)?;
    let snug = Compiler::Snug(generator, Layout::Classic);
    workshop.compile(snug, "library.rs --crate-type=lib")?;
    workshop.compile(Compiler::Stock, "user.rs")?;
    same("output", workshop.run("user")?.as_str(), USER_OUTPUT)
}

fn snug_on_stock(tools: Tools, generator: Generator) -> Result<()> {
    for layout in Layout::ALL {
        for flags in ["", "-Copt-level=2 -Cdebuginfo=2"] {
            let workshop = two_crates(tools)?;
            let compile_library = format!("library.rs --crate-type=lib {flags}");
            workshop.compile(Compiler::Stock, &compile_library)?;
            let snug = Compiler::Snug(generator, layout);
            workshop.compile(snug, &format!("user.rs {flags}"))?;
            same("output", workshop.run("user")?.as_str(), USER_OUTPUT)?;
        }
    }
    Ok(())
}

fn snug_on_snug(tools: Tools, generator: Generator) -> Result<()> {
    for kind in ["rlib", "dylib -Cprefer-dynamic -Crpath"] {
        let workshop = two_crates(tools)?;
        workshop.compile(packed(generator), &format!("library.rs --crate-type={kind}"))?;
        // The twins lay out alike: either may finish what the other began.
        for other in Generator::ALL {
            workshop.compile(packed(other), "user.rs -Crpath")?;
            same("output", workshop.run("user")?.as_str(), USER_OUTPUT)?;
        }
    }
    Ok(())
}

fn catch_unwind(tools: Tools, generator: Generator) -> Result<()> {
    let program = "
        struct Loud;
        impl Drop for Loud {
            fn drop(&mut self) {
                println!(\"dropped\");
            }
        }
        fn main() {
            let caught = std::panic::catch_unwind(|| {
                let _loud = Loud;
                panic!(\"expected\");
            });
            println!(\"{}\", caught.is_err());
        }";
    let workshop = Workshop::new(tools, &[("main.rs", program)])?;
    workshop.compile(packed(generator), "main.rs")?;
    same("output", workshop.run("main")?.as_str(), "dropped\ntrue\n")
}

fn should_panic(tools: Tools, generator: Generator) -> Result<()> {
    let program = "
        #[test]
        #[should_panic(expected = \"one\")]
        fn panics() {
            panic!(\"one reason\");
        }
        #[test]
        fn passes() {}";
    let workshop = Workshop::new(tools, &[("main.rs", program)])?;
    workshop.compile(packed(generator), "main.rs --test")?;
    contains_all(&workshop.run("main")?, &["2 passed; 0 failed"])
}

/// Any other compiler will do; where there is none, there is nothing to try.
fn another_rustc(tools: Tools, generator: Generator) -> Result<()> {
    let mut which = Command::new("rustup");
    which.args(["which", "rustc", "--toolchain", "nightly"]).env("RUSTUP_AUTO_INSTALL", "0");
    let nightly = command::run(&mut which).ok().filter(|found| found.success);
    let Some(nightly) = nightly else {
        println!("skipped: there is no nightly toolchain to load the backend in");
        return Ok(());
    };
    let workshop = with_program(tools)?;
    let template = workshop.rustc(packed(generator), "main.rs");
    let mut rustc = Command::new(nightly.stdout.trim());
    rustc.args(template.get_args()).current_dir(workshop.path("."));
    let failed = command::run(&mut rustc)?;
    if failed.success {
        return Err(format!("another rustc should refuse the backend: {}", failed.describe()));
    }
    contains_all(&failed.stderr, &["error", "1.95.0"])?;
    let unclear = ["undefined symbol", "cannot open shared object file", "panicked"];
    match unclear.iter().find(|part| failed.stderr.contains(**part)) {
        None => Ok(()),
        Some(part) => Err(format!("`{part}` says nothing to users: {}", failed.describe())),
    }
}

fn version(tools: Tools, generator: Generator) -> Result<()> {
    let workshop = Workshop::new(tools, &[])?;
    let printed = workshop.compile(packed(generator), "-vV")?.stdout;
    contains_all(&printed, &["release: 1.95.0", "Snug version: ", "coroutine layout version: "])
}
