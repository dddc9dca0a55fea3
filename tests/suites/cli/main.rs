//! What users meet: environment variables, errors, unwinding, and other compilers.

use std::process::{Command, ExitCode};

use snug_tests::Result;
use snug_tests::command;
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

fn block(words: [u64; 9], not_kept: u8) -> impl Future<Output = u64> {
    async move {
        let first = words[not_kept as usize];
        wait().await;
        words[3] + first
    }
}

async fn pass<F: Future>(future: F) -> F::Output {
    future.await
}

fn main() {
    drop(block([1; 9], 2));
    println!(\"{}\", size_of_val(&pass(pass(hold([0; 1024])))));
}
";

const PACKED_SIZE: &str = "1028\n";

/// A function for every generator.
type Check = fn(Tools, Generator) -> Result<()>;

const CHECKS: &[(&str, Check)] = &[
    ("unknown layout", unknown_layout),
    ("empty layout is the default", empty_layout),
    ("report in an impossible place", report_in_an_impossible_place),
    ("report", a_report),
    ("no report without asking", no_report),
    ("catch_unwind", catch_unwind),
    ("should_panic", should_panic),
    ("another rustc", another_rustc),
    ("broken installations", broken_installations),
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
        hold.check()?;
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
        // What is saved keeps its slot; what is not saved has none. `classic` moves nothing.
        let block = named("{async block@main.rs:")?;
        let stays = layout != Layout::Classic;
        same("slot of a parameter", hold.upvars[0].slot_offset.is_some(), stays)?;
        same("slot of a capture", block.upvars[0].slot_offset.is_some(), stays)?;
        same("slot of what is not kept", block.upvars[1].slot_offset, None)?;
        // Saved upvars coincide with their slots, whatever the code does with them.
        same("relocations", hold.relocations.is_some(), stays)?;
        if let (Some(hold), Some(block)) = (hold.relocations, block.relocations) {
            same("verified parameters", hold.verified, 1)?;
            same("verified captures", block.verified, 1)?;
            same("captures that are not kept", block.in_place + block.moved, 1)?;
            same("bytes moved", block.bytes_moved, block.moved)?;
        }
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
    clean_environment(&mut rustc);
    rustc.args(template.get_args()).current_dir(workshop.path("."));
    let failed = command::run(&mut rustc)?;
    if failed.success {
        return Err(format!("another rustc should refuse the backend: {}", failed.describe()));
    }
    let built_for = format!("error: this Snug was built for {}", first_compiler(tools)?);
    contains_all(&failed.stderr, &[&built_for, "help: "])
}

/// The compiler that an installation names first.
fn first_compiler(tools: Tools) -> Result<String> {
    let file = tools.llvm.with_file_name("snug/COMPILER");
    let text = std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
    Ok(format!("rustc {}", text.lines().nth(1).unwrap_or_default()))
}

/// What is wrong with an installation is said by its name, and what to do.
fn broken_installations(tools: Tools, generator: Generator) -> Result<()> {
    let (loader, backend) = match generator {
        Generator::Llvm => (&tools.llvm, "snug_llvm.so"),
        Generator::Cranelift => (&tools.cranelift, "snug.so"),
    };
    let loader_name = loader.file_name().unwrap_or_default().to_string_lossy();
    let compiler =
        std::fs::read_to_string(tools.built()?.join("COMPILER")).map_err(|e| e.to_string())?;
    let other = format!("0123456789abcdef\n{}", compiler.lines().nth(1).unwrap_or_default());
    // What becomes of the two files, and what is said.
    let cases: [(Option<&str>, Option<&str>, &str); 5] = [
        (Some(&compiler), None, "is missing"),
        (Some(&compiler), Some("damaged"), "cannot be loaded"),
        (Some(&other), None, "error: this Snug was built for rustc "),
        (Some(&other), Some("damaged"), "error: this Snug was built for rustc "),
        (None, Some("damaged"), "cannot be loaded"),
    ];
    for (compiler, content, said) in cases {
        let workshop = with_program(tools)?;
        workshop.copy(loader, &loader_name)?;
        let files = [("snug/COMPILER".to_owned(), compiler), (format!("snug/{backend}"), content)];
        for (file, content) in files {
            content.map_or(Ok(()), |content| workshop.write(&file, content))?;
        }
        let flag = format!("-Zcodegen-backend={}", workshop.path(&loader_name).display());
        let mut rustc = Command::new(&tools.rustc);
        clean_environment(&mut rustc);
        rustc.env("RUSTC_BOOTSTRAP", "1").arg(flag).arg("main.rs").current_dir(workshop.path("."));
        let failed = command::run(&mut rustc)?.expect_failure(said)?;
        contains_all(&failed.stderr, &[said, "help: "])?;
    }
    Ok(())
}

fn version(tools: Tools, generator: Generator) -> Result<()> {
    let workshop = Workshop::new(tools, &[])?;
    let printed = workshop.compile(packed(generator), "-vV")?.stdout;
    let stock = command::run(Command::new(&tools.rustc).arg("-vV"))?.stdout;
    let release = stock.lines().find(|line| line.starts_with("release: "));
    let release = release.ok_or_else(|| format!("stock has no release: {stock}"))?;
    contains_all(&printed, &[release, "\nSnug: ", ", coroutine layout "])
}
