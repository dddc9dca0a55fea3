//! Examples in pages, printed again.

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::compare::text_difference;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::harness::{self, Tools};
use snug_tests::version::layout_version;
use snug_tests::workshop::{Workshop, contains_all, same};

// The workspace that docs/sizes.md is about.
#[path = "../sizes_command/project.rs"]
#[allow(dead_code, reason = "the other suite uses the rest")]
mod project;

use crate::page::{self, Page};
use crate::{commands, root};

/// All tests of examples, and of how pages are read.
pub(crate) fn tests(tools: Tools) -> Vec<Trial> {
    vec![
        harness::test("pages are read", page::is_read),
        harness::test("commands are read", commands::are_read),
        harness::test("a wrong command is noticed", move || wrong_is_noticed(tools)),
        harness::test("the example of docs/sizes.md", move || why(tools)),
        harness::test("the example of docs/relocation.md", move || decisions(tools)),
        harness::test("one file under stock and Snug", move || one_file(tools)),
        harness::test("layout versions", move || versions(tools)),
    ]
}

/// `cargo snug sizes --why`.
fn why(tools: Tools) -> Result<()> {
    let command = "$ cargo snug sizes --stock --why serve";
    let page = Page::read(&root(), "docs/sizes.md")?;
    let written = page.printed_after(command).ok_or("docs/sizes.md has no such example")?;
    let user = project::user(tools)?;
    let printed = user.succeed("sizes -q --stock --why serve")?.stdout;
    as_printed("docs/sizes.md", written.trim_end(), printed.trim_end())
}

/// The decisions of the pass about the program that docs/relocation.md compiles.
fn decisions(tools: Tools) -> Result<()> {
    let command = "$ RUSTC_LOG=snug=info snug-rustc --edition=2024 f.rs";
    let page = Page::read(&root(), "docs/relocation.md")?;
    let written = page.printed_after(command).ok_or("docs/relocation.md has no such example")?;
    let program =
        "async fn f(g: impl Future<Output = ()>) { g.await }\nfn main() { drop(f(async {})) }\n";
    let workshop = Workshop::new(tools, &[("f.rs", program)])?;
    let compiler = Compiler::Snug(Generator::Cranelift, Layout::Packed);
    let mut rustc = workshop.rustc(compiler, "f.rs");
    rustc.env("RUSTC_LOG", "snug=info").env("RUSTC_LOG_COLOR", "never");
    let printed = snug_tests::command::run(&mut rustc)?.expect_success("f.rs")?.stderr;
    as_printed("docs/relocation.md", written.trim_end(), printed.trim_end())
}

fn as_printed(page: &str, written: &str, printed: &str) -> Result<()> {
    let lines = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    match text_difference(&lines(written), &lines(printed)) {
        None => Ok(()),
        Some(difference) => {
            Err(format!("{page} is not what is printed: {difference}\n\n{printed}"))
        }
    }
}

/// The version in every marker, and the one that is not another's.
fn versions(tools: Tools) -> Result<()> {
    const MARKER: &str = "snug-coroutine-layout-packed-v";
    let version = layout_version(tools, Generator::Llvm)?;
    let mut markers = 0;
    for page in crate::pages()? {
        for after in page.text.split(MARKER).skip(1) {
            let shown: String = after.chars().take_while(char::is_ascii_digit).collect();
            same(&format!("the version in {}", page.name), shown, version.to_string())?;
            markers += 1;
        }
    }
    same("some page shows a marker", markers > 1, true)?;
    let page = Page::read(&root(), "docs/mixing.md")?;
    contains_all(&page.text, &[&format!("than `app` (version {version})")])
}

/// What `./y.sh run` shows of a program that prints a size, so that a difference is right.
fn one_file(tools: Tools) -> Result<()> {
    let program = "async fn wait() {}\nasync fn f(x: [u8; 100]) -> u8 { wait().await; x[0] }\n\
                   fn main() { println!(\"{}\", size_of_val(&f([0; 100]))) }\n";
    let workshop = Workshop::new(tools, &[("f.rs", program)])?;
    let question = |layout| snug_tests::look::Question {
        file: workshop.path("f.rs"),
        generator: Generator::Cranelift,
        layout,
        dumps: Some(workshop.path("dumps")),
        flags: Vec::new(),
    };
    let answer = snug_tests::look::answer(tools, &question(Layout::Packed))?;
    same("agree", answer.agree, false)?;
    let parts = [
        "running: DIFFERENT",
        "-    stdout: 202",
        "+    stdout: 102",
        "RelocateUpvars",
        "captures.x",
    ];
    contains_all(&answer.text, &parts)?;
    let answer = snug_tests::look::answer(tools, &question(Layout::Classic))?;
    same("stock's layouts agree", answer.agree, true)
}

fn wrong_is_noticed(tools: Tools) -> Result<()> {
    for wrong in
        ["./y.sh tset", "./y.sh test --lnog", "cargo snug sizes --wyh a", "./y.sh test \"rum: a\""]
    {
        let page = Page::of_block(wrong);
        let error =
            commands::check(tools, &page).err().ok_or(format!("`{wrong}` is taken for right"))?;
        contains_all(&error, &[wrong])?;
    }
    commands::check(
        tools,
        &Page::of_block("./y.sh test --long \"run: a\"\ncargo snug sizes --why a"),
    )
}
