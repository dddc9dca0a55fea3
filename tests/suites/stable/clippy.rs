//! `cargo snug clippy`: lints see the sizes that are built, and nothing else changes.

use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::workshop::{contains_all, same};

use snug_tests::user::{User, first_error};

/// A future of 20 KB under stock, and of 10 KB under Snug; a threshold lies between.
const LARGE: &str = "
async fn wait() {}
async fn keep(data: [u8; 10_000]) -> u8 {
    wait().await;
    data[3]
}
pub async fn outer() -> u8 {
    keep([0; 10_000]).await
}
fn main() {
    drop(outer());
    return;
}
";

/// Says to Cargo and to crates what it sees, and what its environment is.
const SEES: &str = "fn main() { for name in [\"LD_PRELOAD\", \"LD_LIBRARY_PATH\", \"RUSTC_BOOTSTRAP\", \"PATH\", \
                    \"SNUG_RUSTC_BACKEND\", \"SNUG_CLIPPY_CARGO\", \"SNUG_CLIPPY_PATH_BEFORE\", \"CARGO\"] { \
                    println!(\"cargo::warning={name} {:?}\", std::env::var_os(name)) } }";

fn user(tools: Tools, files: &[(&str, &str)]) -> Result<User> {
    if !tools.rustc.with_file_name("clippy-driver").exists() {
        return Err("clippy is missing: `rustup component add clippy`".to_owned());
    }
    User::new(tools, files)
}

/// The lints that are about sizes.
pub(crate) fn sizes(tools: Tools) -> Result<()> {
    let user = user(tools, &[("app/src/main.rs", LARGE)])?;
    let lint = "clippy -p app -- -Wclippy::large_futures";
    let stock = user.cargo(lint)?.expect_success("stock")?;
    contains_all(&stock.stderr, &["large future with a size of 2000", "needless_return"])?;
    for backend in ["cranelift", "llvm"] {
        let snug = user.succeed(&format!("--backend {backend} {lint}"))?;
        same(backend, snug.stderr.contains("large future"), false)?;
        contains_all(&snug.stderr, &["needless_return"])?;
    }
    // What is large is found, with its own size.
    user.workspace.write("clippy.toml", "future-size-threshold = 5000\n")?;
    user.workspace.write("app/src/main.rs", &format!("{LARGE}\n"))?;
    let snug = user.succeed(lint)?;
    contains_all(&snug.stderr, &["large future with a size of 1000"])?;
    // `--fix` goes the same way.
    user.succeed("clippy --fix --allow-no-vcs -p app")?;
    same("fixed", user.workspace.read("app/src/main.rs")?.contains("return;"), false)
}

/// The compiler is the stable one, and whatever it starts finds stock's environment.
pub(crate) fn plainness(tools: Tools) -> Result<()> {
    let user = user(tools, &[("app/build.rs", SEES)])?;
    let plain = |text: &str| text.replace("target/snug/", "target/");
    let warnings = |text: &str| -> Vec<String> {
        let text = plain(text);
        text.lines().filter(|line| line.starts_with("warning: app@")).map(str::to_owned).collect()
    };
    let stock = user.cargo("clippy")?.expect_success("stock")?;
    let snug = user.succeed("clippy")?;
    same("environment", warnings(&snug.stderr), warnings(&stock.stderr))?;
    let again = user.succeed("clippy")?;
    same("checked again", again.stderr.contains("Checking"), false)?;
    user.workspace.write("app/src/main.rs", "#![feature(box_patterns)]\nfn main() {}")?;
    let stock = user.cargo("clippy")?.expect_exit(101, "stock")?;
    let snug = user.snug("clippy")?.expect_exit(101, "Snug")?;
    let (snug, stock) = (plain(&snug.stderr), plain(&stock.stderr));
    same("message", first_error(&snug), first_error(&stock))?;
    contains_all(&snug, &["E0554"])?;
    let version = |finished: snug_tests::command::Finished| finished.stdout;
    same(
        "version",
        version(user.succeed("clippy --version")?),
        version(user.cargo("clippy --version")?),
    )
}
