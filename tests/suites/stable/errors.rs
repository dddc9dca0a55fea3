//! What is wrong is said in a sentence that says what to do.

use std::path::Path;

use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::workshop::{contains_all, same};

use snug_tests::user::User;

/// Another toolchain is refused, before anything is compiled.
pub(crate) fn other_toolchain(tools: Tools) -> Result<()> {
    // A toolchain that has another librustc_driver.
    let other = "#!/bin/sh\ncd \"$(dirname \"$0\")/..\" && pwd\n";
    let user = User::new(tools, &[("other/bin/rustc", other), ("other/lib/x", "")])?;
    user.workspace.tool("chmod", "+x other/bin/rustc")?.expect_success("chmod")?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders =
        [user.workspace.path("other/bin")].into_iter().chain(std::env::split_paths(&path));
    let path = std::env::join_paths(folders).map_err(|error| error.to_string())?;
    let user = user.env("PATH", path);
    let refused = user.snug("build")?.expect_failure("another toolchain")?;
    contains_all(
        &refused.stderr,
        &["works with rustc 1.95.0", "is another one", "rustup toolchain install 1.95.0"],
    )?;
    same("compiled", user.workspace.path("target").exists(), false)?;
    let doctor = user.snug("doctor")?.expect_failure("doctor")?;
    contains_all(&doctor.stdout, &["WRONG   toolchain", "is another one", "One thing is wrong."])
}

/// A copy of the installation in the user's folder.
pub(crate) fn copy(tools: Tools, user: &User) -> Result<()> {
    let dist = tools.cargo_snug();
    let dist = dist.ancestors().nth(2).unwrap_or(Path::new("/"));
    user.workspace.copy(dist, "copy")
}

/// What is missing is named, and so is the cure. The copy works wherever it is.
pub(crate) fn missing_files(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    copy(tools, &user)?;
    let prefix = user.workspace.path("copy");
    let user = user.installed(&prefix);
    user.succeed("build")?;
    user.succeed("doctor")?;
    for file in ["snug.so", "snug-rustc", "llvm/rustc", "cranelift/rustdoc"] {
        let path = format!("copy/{}/{file}", tools.snug_folder()?);
        user.workspace.tool("mv", &format!("{path} away"))?.expect_success("mv")?;
        let refused = user.snug("build --release")?.expect_failure(file)?;
        contains_all(&refused.stderr, &[file, "it is missing", "./y.sh install"])?;
        let doctor = user.snug("doctor")?.expect_failure(file)?;
        contains_all(&doctor.stdout, &["WRONG   files of Snug", file, "it is missing"])?;
        user.workspace.tool("mv", &format!("away {path}"))?.expect_success("mv")?;
    }
    user.workspace.write(&format!("copy/{}/snug_llvm.so", tools.snug_folder()?), "damaged")?;
    let doctor = user.snug("doctor")?.expect_failure("damaged")?;
    contains_all(&doctor.stdout, &["snug_llvm.so", "is not the file that was installed"])
}

/// Wrong options are refused with what is right.
pub(crate) fn wrong_options(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    let refused = user.snug("--backend gcc build")?.expect_exit(2, "a backend")?;
    contains_all(&refused.stderr, &["gcc", "cranelift", "llvm"])?;
    let refused = user.snug("build --layout loose")?.expect_exit(2, "a layout")?;
    contains_all(&refused.stderr, &["loose", "packed", "captures-only", "classic"])?;
    let refused = user.snug("build --coalesce maybe")?.expect_exit(2, "a switch")?;
    contains_all(&refused.stderr, &["maybe", "on", "off"])?;
    let refused = user.snug("build --backnd llvm")?.expect_exit(1, "cargo's option")?;
    contains_all(&refused.stderr, &["unexpected argument '--backnd'", "cargo build"])?;
    let refused = user.snug("--backnd llvm build")?.expect_exit(2, "Snug's option")?;
    contains_all(&refused.stderr, &["unexpected argument '--backnd'", "'--backend'"])?;
    let refused = user.snug("build --inline maybe")?.expect_exit(2, "a switch")?;
    contains_all(&refused.stderr, &["maybe", "on", "off"])?;
    let user = user.env("SNUG_BACKEND_store", "gcc");
    let refused = user.snug("build")?.expect_exit(101, "a variable")?;
    contains_all(&refused.stderr, &["unknown backend `gcc`", "SNUG_BACKEND_store"])?;
    contains_all(&user.succeed("--help")?.stdout, &["--backend", "--llvm", "--layout", "doctor"])
}

/// A compiler that a signal ends says what stock's says, and ends in the same way.
pub(crate) fn crashes(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    let deep = format!("fn main() {{ println!(\"{{}}\", {}1) }}", "1 + ".repeat(60_000));
    user.workspace.write("app/src/main.rs", &deep)?;
    let parts = [
        "error: rustc interrupted by SIGSEGV",
        "note: rustc unexpectedly overflowed its stack! this is a bug",
        "help: you can increase rustc's stack size by setting RUST_MIN_STACK=16777216",
        "(signal: 11, SIGSEGV: invalid memory reference)",
    ];
    for finished in [user.cargo("build")?, user.snug("build")?, user.snug("build --release")?] {
        contains_all(&finished.expect_exit(101, "a deep expression")?.stderr, &parts)?;
    }
    Ok(())
}

/// Paths that are no text are refused by the compiler, which does not crash.
pub(crate) fn odd_paths(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    let build = "d=$(printf 'odd\\377') && mkdir -p \"$d\" && cp -r Cargo.* app store \"$d\" && \
                 cd \"$d\" && $C build -p store 2>&1 | grep -a -e error: -e panic -e signal";
    let said = |with_snug| {
        let plain = |text: String| text.replace("target/snug", "target");
        user.shell(with_snug, build).map(|finished| plain(finished.stdout))
    };
    let stock = said(false)?;
    contains_all(&stock, &["is not valid Unicode", "could not compile `store`"])?;
    same("odd paths", said(true)?, stock)
}

/// All is well here; what gets in the way is found.
pub(crate) fn doctor(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    let doctor = user.succeed("doctor")?;
    contains_all(
        &doctor.stdout,
        &["a program with cranelift", "a program with llvm", "All is well."],
    )?;
    let cases = [
        ("RUSTC_BOOTSTRAP", "1", "unset RUSTC_BOOTSTRAP"),
        ("RUSTFLAGS", "-Zcodegen-backend=cranelift", "names a codegen backend"),
        ("RUSTC", "/usr/bin/rustc", "unset RUSTC"),
    ];
    for (name, value, advice) in cases {
        let user = User::new(tools, &[])?.env(name, value);
        let doctor = user.snug("doctor")?.expect_failure(name)?;
        contains_all(&doctor.stdout, &["WRONG   environment", name, advice])?;
    }
    Ok(())
}

/// All versions are named.
pub(crate) fn versions(tools: Tools) -> Result<()> {
    let version = User::new(tools, &[])?.succeed("--version")?.stdout;
    let rustc = tools.version()?;
    let parts = [
        "Snug version: ",
        "Snug coroutine layout version: ",
        &rustc,
        "Cranelift version: ",
        "LLVM version: ",
    ];
    contains_all(&version, &parts)?;
    for backend in [" llvm", " cranelift"] {
        let own = |line: &&str| line.starts_with("Snug version: ") && line.ends_with(backend);
        same(backend, version.lines().filter(own).count(), 1)?;
    }
    let verbose = User::new(tools, &[])?.succeed("-vV")?.stdout;
    contains_all(&verbose, &parts)?;
    contains_all(&verbose, &["commit-hash: ", "host: "])
}
