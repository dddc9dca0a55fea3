//! Any cargo command does what it does under stock.

use std::collections::BTreeSet;

use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::workshop::{contains_all, same};

use snug_tests::user::{BIG, SMALL, User, first_error};

/// Stock's results and Snug's do not touch each other.
pub(crate) fn own_folders(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    let sizes = |user: &User| -> Result<(String, String)> {
        let stock = user.cargo("run -q")?.expect_success("stock")?.stdout;
        let snug = user.succeed("run -q")?.stdout;
        Ok((stock.trim().to_owned(), snug.trim().to_owned()))
    };
    let expected = (BIG.to_owned(), SMALL.to_owned());
    same("sizes", sizes(&user)?, expected.clone())?;
    same("sizes again", sizes(&user)?, expected)?;
    for again in [user.cargo("build")?, user.snug("build")?] {
        same("compiled again", again.stderr.contains("Compiling"), false)?;
    }
    same("stock's", user.workspace.path("target/debug/app").exists(), true)?;
    same("Snug's", user.workspace.path("target/snug/debug/app").exists(), true)?;
    let user = user.env("CARGO_TARGET_DIR", "elsewhere");
    user.succeed("build")?;
    same("beside", user.workspace.path("elsewhere/snug/debug/app").exists(), true)?;
    user.succeed("build --target-dir here")?;
    same("where told", user.workspace.path("here/debug/app").exists(), true)?;
    user.succeed("clean")?;
    same("cleaned", user.workspace.path("elsewhere/snug/debug").exists(), false)
}

const LIBRARY_WITH_TESTS: &str = "
/// ```
/// assert!(kinds::size() >= kinds::SIZE - 1);
/// ```
///
/// ```should_panic
/// panic!();
/// ```
///
/// ```compile_fail
/// let x: u8 = \"\";
/// ```
pub fn size() -> usize { size_of_val(&keep([0; 1000])) }
pub const SIZE: usize = env!(\"SIZE_SEEN\").len() + 1;
pub async fn keep(kilobyte: [u8; 1000]) -> u8 { async {}.await; kilobyte[0] }
#[derive(derived::Sized)]
pub struct Derived;
#[cfg(test)]
mod tests {
    #[test] fn passes() { assert_eq!(super::Derived::SIZE, 7) }
    #[test] #[should_panic(expected = \"as it should\")] fn panics() { panic!(\"as it should\") }
    #[test] #[ignore] fn is_ignored() { unreachable!() }
    #[test] fn fails() { assert_eq!(1, 2) }
    #[test] fn returns() -> Result<(), String> { Ok(()) }
}
";

const DERIVE: &str = "
use proc_macro::TokenStream;
#[proc_macro_derive(Sized)]
pub fn derive(_: TokenStream) -> TokenStream {
    \"impl Derived { pub const SIZE: usize = 7; }\".parse().unwrap()
}
";

/// A package with everything that cargo can test.
const KINDS: &[(&str, &str)] = &[
    (
        "Cargo.toml",
        "[workspace]\nmembers = [\"kinds\", \"derived\", \"plugin\"]\nresolver = \"3\"\n",
    ),
    (
        "kinds/Cargo.toml",
        "[package]\nname = \"kinds\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
         [dependencies]\nderived = { path = \"../derived\" }\n\
         [[test]]\nname = \"bare\"\nharness = false\n\
         [[bench]]\nname = \"bench\"\nharness = false\n",
    ),
    (
        "kinds/build.rs",
        "fn main() { println!(\"cargo::rustc-env=SIZE_SEEN={}\", \"x\".repeat(1001)) }",
    ),
    ("kinds/src/lib.rs", LIBRARY_WITH_TESTS),
    ("kinds/tests/outside.rs", "#[test] fn outside() { assert!(kinds::size() > 1000) }"),
    ("kinds/tests/bare.rs", "fn main() { println!(\"bare {:?}\", std::env::args().nth(1)) }"),
    ("kinds/benches/bench.rs", "fn main() { println!(\"bench {}\", kinds::size() > 1000) }"),
    ("kinds/examples/example.rs", "fn main() { println!(\"example\") }"),
    (
        "derived/Cargo.toml",
        "[package]\nname = \"derived\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [lib]\nproc-macro = true\n",
    ),
    ("derived/src/lib.rs", DERIVE),
    (
        "plugin/Cargo.toml",
        "[package]\nname = \"plugin\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [lib]\ncrate-type = [\"cdylib\", \"staticlib\", \"rlib\"]\n",
    ),
    (
        "plugin/src/lib.rs",
        "#[unsafe(no_mangle)] pub extern \"C\" fn seven() -> u8 { 7 }\n\
         #[test] fn is_seven() { assert_eq!(seven(), 7) }",
    ),
];

/// The lines that say how tests came out.
fn results(output: &str) -> BTreeSet<String> {
    let lines = output.lines().filter(|line| {
        (line.starts_with("test ") && !line.starts_with("test result"))
            || line.starts_with("bare")
            || line.starts_with("bench ")
    });
    lines.map(str::to_owned).collect()
}

/// `cargo test` with everything that it can test, unit tests to doc tests.
pub(crate) fn tests(tools: Tools) -> Result<()> {
    let user = User::new(tools, KINDS)?;
    let arguments = "test --workspace --no-fail-fast";
    let stock = user.cargo(arguments)?;
    let snug = user.snug(arguments)?;
    same("exit status", &snug.status, &stock.status)?;
    same("results", results(&snug.stdout), results(&stock.stdout))?;
    let expected = [
        "test tests::fails ... FAILED",
        "test tests::panics - should panic ... ok",
        "test kinds/src/lib.rs - size (line 2) ... ok",
        "test kinds/src/lib.rs - size (line 10) - compile fail ... ok",
        "test outside ... ok",
        "test is_seven ... ok",
        "bare None",
    ];
    contains_all(&snug.stdout, &expected)?;
    let snug = user.succeed("test --release --doc")?;
    contains_all(&snug.stdout, &["test kinds/src/lib.rs - size (line 2) ... ok"])?;
    let snug = user.succeed("bench -p kinds --bench bench")?;
    contains_all(&snug.stdout, &["bench true"])?;
    same("example", user.succeed("run -q -p kinds --example example")?.stdout.trim(), "example")
}

/// Commands that make no program, and commands of others.
pub(crate) fn others(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    user.succeed("check")?;
    user.succeed("doc --no-deps")?;
    same("documented", user.workspace.path("target/snug/doc/store/index.html").exists(), true)?;
    contains_all(&user.succeed("tree")?.stdout, &["store v0.1.0"])?;
    contains_all(&user.succeed("metadata --format-version=1")?.stdout, &["target/snug"])?;
    if tools.cargo.with_file_name("cargo-clippy").exists() {
        user.workspace.edit("app/src/main.rs", "store::size())", "store::size()); return;")?;
        let clippy = user.succeed("clippy --workspace")?;
        contains_all(&clippy.stderr, &["needless_return"])?;
    }
    Ok(())
}

/// What cargo says with its exit status is said on, and so is what programs say.
pub(crate) fn exit_statuses(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    user.workspace.write("app/src/main.rs", "fn main() { std::process::exit(7) }")?;
    user.snug("run")?.expect_exit(7, "the program")?;
    user.workspace.write("app/src/main.rs", "fn main() { panic!() }")?;
    user.snug("run")?.expect_exit(101, "a panic")?;
    user.workspace.write("app/src/main.rs", "fn main() { let x: u8 = \"\"; }")?;
    let stock = user.cargo("build")?.expect_exit(101, "stock")?;
    let snug = user.snug("build")?.expect_exit(101, "an error")?;
    same("message", first_error(&snug.stderr), first_error(&stock.stderr))?;
    user.snug("no-such-command")?.expect_exit(101, "an unknown command").map(drop)
}

/// What users pass to rustc reaches it, and `--target` works.
pub(crate) fn flags(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    let main = "fn main() { println!(\"{} {}\", store::size(), cfg!(flagged)) }";
    user.workspace.write("app/src/main.rs", main)?;
    let user = user.env("RUSTFLAGS", "--cfg=flagged");
    same("RUSTFLAGS", user.succeed("run -q")?.stdout.trim(), format!("{SMALL} true").as_str())?;
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let ran = user.succeed(&format!("run -q --target {target}"))?;
    same("--target", ran.stdout.trim(), format!("{SMALL} true").as_str())?;
    let config = "run -q --config build.rustflags=[\"--cfg=other\"]";
    user.env("RUSTFLAGS", "").succeed(config).map(drop)
}

/// cg_clif starts a compiler to assemble: that must not be Snug's, nor one that knows no features.
pub(crate) fn inline_assembly(tools: Tools) -> Result<()> {
    let main = "use std::arch::asm;
        fn main() {
            let mut x: u64 = 20;
            #[cfg(target_arch = \"x86_64\")]
            unsafe { asm!(\"add {0}, 22\", inout(reg) x) };
            println!(\"{x}\");
        }";
    // With an incremental cache, LLVM would compile it.
    let user = User::new(tools, &[("app/src/main.rs", main)])?.env("CARGO_INCREMENTAL", "0");
    let expected = user.cargo("run -q")?.expect_success("stock")?.stdout;
    same("what it computes", user.succeed("run -q")?.stdout, expected)
}
