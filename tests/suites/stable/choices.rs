//! Which backend and which layout is chosen.

use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::workshop::{contains_all, same};

use crate::user::{BIG, SMALL, User};

const DEV: &str = "target/snug/debug/libstore.rlib";
const RELEASE: &str = "target/snug/release/libstore.rlib";

/// Dev builds are Cranelift's, release builds LLVM's, and so is what inherits from either.
pub(crate) fn by_profile(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    user.succeed("build")?;
    same("dev", user.generator(DEV)?, "cranelift")?;
    user.succeed("build --release")?;
    same("release", user.generator(RELEASE)?, "llvm")?;
    user.succeed("build --profile small")?;
    same("small", user.generator("target/snug/small/libstore.rlib")?, "llvm")
}

/// An option comes before the profile. Each backend's results stay what they are.
pub(crate) fn by_option(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    user.succeed("--backend llvm build")?;
    same("dev", user.generator(DEV)?, "llvm")?;
    user.succeed("build --release --backend=cranelift")?;
    same("release", user.generator(RELEASE)?, "cranelift")?;
    user.succeed("build")?;
    same("dev again", user.generator(DEV)?, "cranelift")?;
    let again = user.succeed("--backend llvm build")?;
    same("compiled again", again.stderr.contains("Compiling"), false)
}

/// Cargo.toml may say it for profiles and for packages.
pub(crate) fn by_manifest(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    let manifest = user.workspace.read("Cargo.toml")?;
    let settings = "[workspace.metadata.snug.profile.dev]\nbackend = \"llvm\"\n";
    user.workspace.write("Cargo.toml", &format!("{manifest}{settings}"))?;
    user.succeed("build")?;
    same("by profile", user.generator(DEV)?, "llvm")?;

    user.workspace.write("Cargo.toml", &manifest)?;
    let package = user.workspace.read("store/Cargo.toml")?;
    let settings = "[package.metadata.snug]\nbackend = \"llvm\"\n";
    user.workspace.write("store/Cargo.toml", &format!("{package}{settings}"))?;
    user.succeed("build")?;
    same("by package", user.generator(DEV)?, "llvm")?;

    user.workspace
        .write("store/Cargo.toml", &format!("{package}[package.metadata.snug]\nx = 1\n"))?;
    let refused = user.snug("build")?.expect_failure("a wrong setting")?;
    let sentence = "`[package.metadata.snug]` of `store` cannot be used";
    same("says so", refused.stderr.contains(sentence), true)
}

/// `--llvm` compiles one package with LLVM, and only that one anew. Both fit together.
pub(crate) fn one_package(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    user.succeed("build")?;
    let built = user.succeed("build --llvm store -v")?;
    same("store", user.generator(DEV)?, "llvm")?;
    let other = "Dirty store";
    same("because of the variable", built.stderr.contains(other), true)?;
    same("it runs", user.succeed("run --llvm store")?.stdout.trim(), SMALL)?;
    let back = user.succeed("run")?;
    same("and back", (back.stdout.trim(), user.generator(DEV)?), (SMALL, "cranelift"))?;
    // Another package's choice is no reason to compile this one.
    user.succeed("build")?;
    let other = user.succeed("build --llvm somebody-else")?;
    same("compiled again", other.stderr.contains("Compiling"), false)
}

/// `--layout` chooses the layout, and compiles everything anew.
pub(crate) fn layouts(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    for (arguments, size) in [
        ("run", SMALL),
        ("run --layout classic", BIG),
        ("--layout packed run", SMALL),
        ("run --release", SMALL),
        ("run --release --layout classic", BIG),
    ] {
        same(arguments, user.succeed(arguments)?.stdout.trim(), size)?;
    }
    Ok(())
}

/// `--coalesce off` gives values that move places of their own, and compiles everything anew.
pub(crate) fn coalescing(tools: Tools) -> Result<()> {
    const MOVES: &str = "
        pub async fn keep(kilobyte: [u8; 1000]) -> u8 {
            async {}.await;
            let moved = kilobyte;
            async {}.await;
            std::hint::black_box(&moved);
            async {}.await;
            moved[0]
        }
        pub fn size() -> usize { size_of_val(&keep([0; 1000])) }
    ";
    let user = User::new(tools, &[("store/src/lib.rs", MOVES)])?;
    let size = |arguments: &str| -> Result<(String, bool)> {
        let run = user.succeed(arguments)?;
        Ok((run.stdout.trim().to_owned(), run.stderr.contains("Compiling store")))
    };
    for options in ["run", "run --release"] {
        same("on", size(options)?, (SMALL.to_owned(), true))?;
        let (off, compiled) = size(&format!("--coalesce off {options}"))?;
        same("off", (off.len(), off > SMALL.to_owned(), compiled), (4, true, true))?;
        same("off again", size(&format!("{options} --coalesce=off"))?, (off, false))?;
        same("on again", size(&format!("{options} --coalesce on"))?, (SMALL.to_owned(), true))?;
    }
    Ok(())
}

/// `RUSTC_LOG` is rustc's own, and Snug's decisions are in it.
pub(crate) fn trace(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    let silent = user.succeed("build")?.stderr;
    same("decisions without being asked", silent.contains("promotion"), false)?;
    user.succeed("clean")?;
    let traced = user.env("RUSTC_LOG", "snug=info").succeed("build")?.stderr;
    contains_all(&traced, &["keep::{closure#0}: promotion: captured `kilobyte`: "])
}

/// `--report` writes a report, wherever the folder is meant from.
pub(crate) fn report(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    user.succeed("build --report reports")?;
    let files = std::fs::read_dir(user.workspace.path("reports")).map_err(|e| e.to_string())?;
    same("files in the workspace's folder", files.count() > 0, true)
}
