//! Whatever changes a layout makes Cargo and incremental compilation build anew; nothing else does.

use std::path::PathBuf;
use std::process::Command;

use snug_tests::Result;
use snug_tests::command;
use snug_tests::compiler::{Compiler, Generator, Layout, clean_environment};
use snug_tests::harness::Tools;
use snug_tests::report;
use snug_tests::workshop::{Workshop, contains_all, same};

use super::{CLASSIC_SIZE, PACKED_SIZE, PROGRAM, packed, with_program};

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

// In stock, what lives across two awaits keeps its bytes for ever: Snug's layout would be smaller.
pub fn without_captures() -> impl Future<Output = u64> {
    async {
        let mut sum = 0;
        for _ in 0..2 {
            let words = [1u64; 9];
            std::future::ready(()).await;
            std::future::ready(()).await;
            sum += words[3];
        }
        for _ in 0..3 {
            let words = [1u64; 9];
            std::future::ready(()).await;
            std::future::ready(()).await;
            sum += words[4];
        }
        sum
    }
}

#[inline(never)]
pub fn size_of_without_captures() -> usize {
    size_of_val(&without_captures())
}
";

pub(super) fn incremental(tools: Tools, generator: Generator) -> Result<()> {
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

/// The callees of a coroutine, which the MIR inliner asks for, are the same before and after the
/// pass: a session that asks for them without running it must not find a change.
pub(super) fn incremental_inlining(tools: Tools, generator: Generator) -> Result<()> {
    let source = |caller: &str| {
        format!(
            "use std::{{future::Future, pin::pin, task::{{Context, Poll, Waker}}}};
            fn one(x: &str) -> usize {{ x.len() }}
            fn two(x: &str) -> usize {{ 2 * x.len() }}
            async fn leaf(s: String, t: String) -> usize {{
                let n = one(&s);
                let m = if n > 2 {{ two(&t) }} else {{ one(&t) }};
                std::future::ready(()).await;
                n + m + two(&s)
            }}
            fn drive() -> usize {{
                {caller}
                let mut leaf = pin!(leaf(\"a\".into(), \"b\".into()));
                let mut context = Context::from_waker(Waker::noop());
                loop {{
                    if let Poll::Ready(n) = leaf.as_mut().poll(&mut context) {{ return n; }}
                }}
            }}
            fn main() {{ println!(\"{{}}\", drive()); }}"
        )
    };
    let workshop = Workshop::new(tools, &[])?;
    for caller in ["", "std::hint::black_box(1);", ""] {
        workshop.write("main.rs", &source(caller))?;
        let arguments = "main.rs -Cincremental=cache -Zincremental-verify-ich -Zmir-opt-level=4";
        workshop.compile(Compiler::Snug(generator, Layout::Packed), arguments)?;
        same("result", workshop.run("main")?.trim(), "4")?;
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

/// A small package that Cargo builds with Snug.
struct Package<'a> {
    workshop: Workshop,
    tools: Tools,
    compiler: Compiler,
    variables: Vec<(&'a str, PathBuf)>,
}

impl Package<'_> {
    fn new(tools: Tools, compiler: Compiler) -> Result<Self> {
        let files = [("src/main.rs", PROGRAM), ("Cargo.toml", MANIFEST)];
        let workshop = Workshop::new(tools, &files)?;
        Ok(Package { workshop, tools, compiler, variables: Vec::new() })
    }

    fn build(&self) -> Result<String> {
        // What rustc is called with, Cargo is told in its own ways.
        let template = self.workshop.rustc(self.compiler, "");
        let mut cargo = Command::new(&self.tools.cargo);
        clean_environment(&mut cargo);
        cargo.args(["build", "--offline", "-v"]).current_dir(self.workshop.path("."));
        cargo.env("RUSTC", &self.tools.rustc);
        cargo.env("CARGO_TARGET_DIR", self.workshop.path("target"));
        cargo.env("RUSTFLAGS", template.get_args().next().unwrap_or_default());
        for name in ["RUSTC_BOOTSTRAP", "SNUG_LAYOUT"] {
            let value = template.get_envs().find(|(other, _)| *other == name);
            cargo.env(name, value.and_then(|(_, value)| value).unwrap_or_default());
        }
        cargo.envs(self.variables.iter().map(|(name, value)| (name, value)));
        Ok(command::run(&mut cargo)?.expect_success("cargo build")?.stderr)
    }

    fn run(&self) -> Result<String> {
        self.workshop.run("target/debug/tiny")
    }
}

pub(super) fn cargo_notices_layout(tools: Tools, generator: Generator) -> Result<()> {
    let mut package = Package::new(tools, Compiler::Snug(generator, Layout::Classic))?;
    package.build()?;
    same("size", package.run()?.as_str(), CLASSIC_SIZE)?;
    contains_all(&package.build()?, &["Fresh tiny"])?;
    package.compiler = packed(generator);
    contains_all(&package.build()?, &["Dirty tiny", "SNUG_LAYOUT"])?;
    same("size", package.run()?.as_str(), PACKED_SIZE)?;
    contains_all(&package.build()?, &["Fresh tiny"])
}

pub(super) fn cargo_notices_report(tools: Tools, generator: Generator) -> Result<()> {
    let mut package = Package::new(tools, packed(generator))?;
    package.build()?;
    let folder = package.workshop.path("reports");
    package.variables.push(("SNUG_REPORT", folder.clone()));
    contains_all(&package.build()?, &["Dirty tiny", "SNUG_REPORT"])?;
    let coroutines = report::read(&folder)?;
    same("an entry", coroutines.iter().any(|found| found.name.contains("hold")), true)?;
    contains_all(&package.build()?, &["Fresh tiny"])
}

/// The same source and the same cache, but the crate upstream was compiled anew.
pub(super) fn incremental_downstream(tools: Tools, generator: Generator) -> Result<()> {
    let user = "
        extern crate library;
        async fn both() -> u8 { library::hold([1; 1024]).await }
        fn main() {
            println!(\"{} {}\", size_of_val(&library::hold([1; 1024])), size_of_val(&both()));
        }";
    let workshop = Workshop::new(tools, &[("library.rs", LIBRARY), ("user.rs", user)])?;
    let mut sizes = Vec::new();
    for layout in [Layout::Classic, Layout::Packed, Layout::Packed, Layout::Classic] {
        let compiler = Compiler::Snug(generator, layout);
        workshop.compile(compiler, "library.rs --crate-type=lib -Cincremental=upstream")?;
        workshop.compile(compiler, "user.rs -Cincremental=cache")?;
        let printed = workshop.run("user")?;
        workshop.compile(compiler, "user.rs")?;
        same("sizes", &printed, &workshop.run("user")?)?;
        sizes.push(printed);
    }
    same("classic's size again", &sizes[0], &sizes[3])?;
    same("another size", sizes[0] != sizes[1], true)
}
