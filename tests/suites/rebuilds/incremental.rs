//! Incremental compilation: what it keeps from the last session fits the layouts of this one.

use snug_tests::Result;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::harness::Tools;
use snug_tests::workshop::{Workshop, same};

use super::fleet::{ALL, Suite, cargo, fleet, packed, tour};

/// An edit: a file, what is in it, and what takes its place.
type Edit = (&'static str, &'static str, &'static str);

const IN_STORE: Edit = (
    "fleet/store/src/lib.rs",
    "    ledger::entry(bytes).await + parcel::weigh(words, 1).await",
    "    let kept = [words[0]; 9];
    let sum = ledger::entry(bytes).await + parcel::weigh(words, 1).await;
    sum + kept[1] - words[0]",
);

const IN_GLUE: Edit = (
    "fleet/glue/src/lib.rs",
    "    async move { future.await }.await",
    "    let kept = [1u16; 7];
    let value = async move { future.await }.await;
    std::hint::black_box(kept);
    value",
);

const IN_PARCEL: Edit = (
    "parcel/src/lib.rs",
    "    first + words[3]",
    "    let second = async move || words[3] + words[4] - first;
    std::future::ready(()).await;
    second().await + first",
);

const IN_APP: Edit = (
    "fleet/app/src/lib.rs",
    "    let own = glue::pass(glue::pass(store::both([3; 300], [4; 50])));",
    "    let own = async |bytes| glue::pass(glue::pass(store::both(bytes, [4; 50]))).await;
    let own = own([3; 300]);",
);

/// An edit, back where it was.
const fn undone((file, from, to): Edit) -> Edit {
    (file, to, from)
}

const ABOVE_GLUE: &[&str] = &["app bin", "app lib", "glue lib", "tour bin"];
const APP: &[&str] = &["app bin", "app lib", "tour bin"];

/// Edits and changes of the layout in turn, and at once.
const SESSIONS: [(Option<Edit>, Layout, &[&str]); 7] = [
    (None, Layout::Packed, ALL),
    (Some(IN_STORE), Layout::Classic, ALL),
    (Some(IN_GLUE), Layout::Classic, ABOVE_GLUE),
    (Some(IN_PARCEL), Layout::Packed, ALL),
    (Some(IN_APP), Layout::Packed, APP),
    (Some(undone(IN_STORE)), Layout::CapturesOnly, ALL),
    (Some(undone(IN_APP)), Layout::Packed, ALL),
];

pub(super) fn edits(suite: &Suite, generator: Generator) -> Result<()> {
    let fleet = fleet(suite.tools)?;
    let mut seen = Vec::new();
    for (number, (edit, layout, compiled)) in SESSIONS.into_iter().enumerate() {
        if let Some((file, from, to)) = edit {
            fleet.edit(file, from, to)?;
        }
        let cargo = cargo(&fleet, suite.tools, Compiler::Snug(generator, layout));
        let toured = tour(&cargo.clone().flag("-Zincremental-verify-ich"), "")?;
        toured.expect_compiled(compiled)?;
        let clean = cargo.env("CARGO_TARGET_DIR", fleet.path(&format!("clean-{number}")));
        let clean = tour(&clean.env("CARGO_INCREMENTAL", "0"), "")?;
        same("sizes", &toured.sizes, &clean.sizes)?;
        same("sizes that were seen before", seen.contains(&clean.sizes), false)?;
        seen.push(clean.sizes);
    }
    Ok(())
}

/// Prints the size of a future that captures 1024 bytes and moves them on.
const PROGRAM: &str = "
async fn hold(bytes: [u8; 1024]) -> u8 {
    std::future::ready(()).await;
    bytes[7]
}

async fn pass<F: Future>(future: F) -> F::Output {
    future.await
}

fn main() {
    println!(\"{}\", size_of_val(&pass(pass(hold([0; 1024])))));
}
";

pub(super) fn one_crate(tools: Tools, generator: Generator) -> Result<()> {
    let workshop = Workshop::new(tools, &[("main.rs", PROGRAM)])?;
    let mut sizes = Vec::new();
    for layout in [Layout::Classic, Layout::Packed, Layout::Packed, Layout::Classic] {
        let compiler = Compiler::Snug(generator, layout);
        workshop.compile(compiler, "main.rs -Cincremental=cache -Zincremental-verify-ich")?;
        sizes.push(workshop.run("main")?);
        workshop.compile(compiler, "main.rs")?;
        same("size", sizes.last(), Some(&workshop.run("main")?))?;
    }
    same("another size", sizes[0] != sizes[1], true)
}

/// The same source and the same cache, but the crate upstream was compiled anew.
pub(super) fn downstream(tools: Tools, generator: Generator) -> Result<()> {
    let library = "
        pub async fn hold(bytes: [u8; 1024]) -> u8 {
            std::future::ready(()).await;
            bytes[7]
        }";
    let user = "
        extern crate library;
        async fn both() -> u8 { library::hold([1; 1024]).await }
        fn main() {
            println!(\"{} {}\", size_of_val(&library::hold([1; 1024])), size_of_val(&both()));
        }";
    let workshop = Workshop::new(tools, &[("library.rs", library), ("user.rs", user)])?;
    let mut sizes = Vec::new();
    for layout in [Layout::Classic, Layout::Packed, Layout::Packed, Layout::Classic] {
        let compiler = Compiler::Snug(generator, layout);
        workshop.compile(compiler, "library.rs --crate-type=lib -Cincremental=upstream")?;
        workshop.compile(compiler, "user.rs -Cincremental=cache -Zincremental-verify-ich")?;
        let printed = workshop.run("user")?;
        workshop.compile(compiler, "user.rs")?;
        same("sizes", &printed, &workshop.run("user")?)?;
        sizes.push(printed);
    }
    same("classic's size again", &sizes[0], &sizes[3])?;
    same("another size", sizes[0] != sizes[1], true)
}

/// The callees of a coroutine, which the MIR inliner asks for, are the same before and after the
/// pass: a session that asks for them without running it must not find a change.
pub(super) fn inlining(tools: Tools, generator: Generator) -> Result<()> {
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
        workshop.compile(packed(generator), arguments)?;
        same("result", workshop.run("main")?.trim(), "4")?;
    }
    Ok(())
}
