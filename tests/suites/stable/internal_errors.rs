//! Internal compiler errors: said once, with Snug's place to report them first, and with stock's exit status.

use std::process::Command;

use snug_tests::Result;
use snug_tests::command::{self, Finished};
use snug_tests::compiler::clean_environment;
use snug_tests::harness::Tools;
use snug_tests::workshop::{contains_all, same};

use snug_tests::user::User;

/// Programs and flags that end in one: an error that is made one, and a bug that was put off.
const CASES: [(&str, &str); 2] = [
    ("fn main() { let x: u32 = \"\"; }", "-Ztreat-err-as-bug"),
    (
        "#![feature(rustc_attrs)]\n#[rustc_delayed_bug_from_inside_query]\nfn main() {}",
        "-Cdebuginfo=0",
    ),
];

/// The first line that says where to report. (Where internal features are used, rustc wants no report.)
fn place(stderr: &str) -> &str {
    stderr.lines().find(|line| line.contains("report")).unwrap_or_default()
}

fn count(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

/// What Snug says must be what stock says, but for the place.
fn compare(what: &str, snug: &Finished, stock: &Finished) -> Result<()> {
    same(what, &snug.status, &stock.status)?;
    for part in ["internal compiler error", "panicked at", "end of query stack", "cannot unwind"] {
        let (snug, stock) = (count(&snug.stderr, part), count(&stock.stderr, part));
        same(&format!("{what}: `{part}`"), snug, stock)?;
    }
    let is_snugs =
        ["to Snug, where", "the bug is Snug's"].iter().any(|it| place(&snug.stderr).contains(it));
    same(&format!("{what}: Snug's place"), is_snugs, true)?;
    let is_rusts = place(&snug.stderr).contains("github.com/rust-lang");
    same(&format!("{what}: Rust's place comes first"), is_rusts, false)
}

pub(crate) fn internal_errors(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?.env("RUSTC_BOOTSTRAP", "1").env("RUSTC_ICE", "0");
    let loader = tools.cargo_snug().with_file_name("../lib/librustc_codegen_snug_llvm.so");
    for (source, flags) in &CASES {
        user.workspace.write("crash.rs", source)?;
        let arguments = format!("crash.rs --emit=metadata -o crash.rmeta {flags}");
        let stock = |more: &[String]| -> Result<Finished> {
            let mut rustc = Command::new(&tools.rustc);
            clean_environment(&mut rustc);
            rustc.args(arguments.split(' ')).args(more).current_dir(user.workspace.path("."));
            command::run(rustc.env("RUSTC_BOOTSTRAP", "1").env("RUSTC_ICE", "0"))
        };
        let stocks = stock(&[])?.expect_exit(101, "stock")?;
        if *source == CASES[0].0 {
            contains_all(place(&stocks.stderr), &["github.com/rust-lang/rust"])?;
        }
        for more in ["", " -O"] {
            let snug = user.snug_rustc(&format!("{arguments}{more}"))?;
            compare(&format!("{arguments}{more}"), &snug, &stocks)?;
            same("said once", count(&snug.stderr, "this is rustc with the codegen backend"), 1)?;
        }
        let by_hand = stock(&[format!("-Zcodegen-backend={}", loader.display())])?;
        compare(&format!("{arguments} by hand"), &by_hand, &stocks)?;
    }
    // Cargo shows it as it shows stock's.
    let flags = "--cfg=x -Ztreat-err-as-bug";
    user.workspace.write("app/src/main.rs", CASES[0].0)?;
    let user = user.env("RUSTFLAGS", flags);
    for options in ["", " --release", " --message-format=json"] {
        let stock = user.cargo(&format!("build -p app{options}"))?.expect_exit(101, "stock")?;
        let snug = user.snug(&format!("build -p app{options}"))?.expect_exit(101, options)?;
        compare(&format!("cargo snug build{options}"), &snug, &stock)?;
        contains_all(&snug.stderr, &["could not compile `app`", "exit status: 101"])?;
    }
    Ok(())
}
