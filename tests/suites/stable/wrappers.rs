//! What users have put around rustc, or in its place, and the folders that they want.

use std::path::Path;

use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::workshop::{contains_all, same};

use snug_tests::user::{SMALL, User};

/// Notes what it is called with, and calls it.
const WRAPPER: &str = "#!/bin/sh\necho \"$1\" >> \"${0%.sh}.log\"\nexec \"$@\"\n";

const CONFIG: &str = "[build]\nrustc-wrapper = \"./configured.sh\"\n";

fn user(tools: Tools) -> Result<User> {
    let wrappers = ["all.sh", "members.sh", "configured.sh"];
    let user = User::new(tools, &wrappers.map(|name| (name, WRAPPER)))?;
    let chmod = format!("+x {}", wrappers.join(" "));
    user.workspace.tool("chmod", &chmod)?.expect_success("chmod")?;
    Ok(user)
}

/// All wrappers are called, and call Snug.
pub(crate) fn called(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    // Two packages, and cargo's questions.
    let expect = |user: &User, log: &str, least: usize| -> Result<()> {
        let text = user.workspace.read(log)?;
        let calls = text.lines().filter(|line| line.ends_with("/cranelift/rustc")).count();
        if calls >= least { Ok(()) } else { Err(format!("{log}: {calls} calls:\n{text}")) }
    };
    let all = user.workspace.path("all.sh");
    let members = user.workspace.path("members.sh");
    let user = user.env("RUSTC_WRAPPER", &all);
    same("RUSTC_WRAPPER", user.succeed("run -q")?.stdout.trim(), SMALL)?;
    expect(&user, "all.log", 3)?;
    let user = user.env("RUSTC_WRAPPER", "").env("RUSTC_WORKSPACE_WRAPPER", members);
    user.succeed("clean")?;
    same("RUSTC_WORKSPACE_WRAPPER", user.succeed("run -q")?.stdout.trim(), SMALL)?;
    expect(&user, "members.log", 2)?;
    let user = User::new(tools, &[(".cargo/config.toml", CONFIG), ("configured.sh", WRAPPER)])?;
    user.workspace.tool("chmod", "+x configured.sh")?.expect_success("chmod")?;
    same("build.rustc-wrapper", user.succeed("run -q")?.stdout.trim(), SMALL)?;
    expect(&user, "configured.log", 3)
}

/// clippy, called as whatever calls it calls it.
pub(crate) fn clippy(tools: Tools) -> Result<()> {
    let driver = tools.rustc.with_file_name("clippy-driver");
    if !driver.exists() {
        return Err("clippy is missing: `rustup component add clippy`".to_owned());
    }
    let main = "fn main() { println!(\"{}\", store::size()); return; }";
    let user = User::new(tools, &[("app/src/main.rs", main)])?;
    let user = user.env("RUSTC_WORKSPACE_WRAPPER", driver);
    contains_all(&user.succeed("check")?.stderr, &["needless_return"])
}

/// Another rustc in the configuration is replaced, and doctor says so.
pub(crate) fn replaced(tools: Tools) -> Result<()> {
    let config = "[build]\nrustc = \"./missing\"\nrustdoc = \"./missing\"\n";
    let user = User::new(tools, &[(".cargo/config.toml", config)])?;
    same("build.rustc", user.succeed("run -q")?.stdout.trim(), SMALL)?;
    user.succeed("test --doc -p store")?;
    let cases = [
        (config, "`build.rustc`"),
        ("build.rustdoc = \"x\"", "`build.rustdoc`"),
        ("build.rustflags = [\"-Zcodegen-backend=x\"]", "name a codegen backend"),
        ("target.'cfg(unix)'.rustflags = [\"-Zcodegen-backend=x\"]", "name a codegen backend"),
        ("env.RUSTC_BOOTSTRAP = \"1\"", "`env.RUSTC_BOOTSTRAP`"),
        ("env.RUSTC_BOOTSTRAP = { value = \"1\", force = true }", "`env.RUSTC_BOOTSTRAP`"),
    ];
    for (config, complaint) in cases {
        user.workspace.write(".cargo/config.toml", config)?;
        let doctor = user.snug("doctor")?.expect_failure(complaint)?;
        let place = ".cargo/config.toml";
        contains_all(&doctor.stdout, &["WRONG   cargo's configuration", complaint, place])?;
    }
    Ok(())
}

/// Results go into a folder `snug` in the one that the user wants.
pub(crate) fn folders(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    let exists = |user: &User, path: &str| {
        let found = user.workspace.path(path).exists();
        same(&format!("`{path}` exists"), found, true)
    };
    user.workspace.write(".cargo/config.toml", "build.target-dir = \"configured\"")?;
    user.succeed("build")?;
    exists(&user, "configured/snug/debug/app")?;
    user.succeed("build --config build.target-dir=\"told\" --config build.build-dir=\"between\"")?;
    exists(&user, "told/snug/debug/app")?;
    exists(&user, "between/snug/debug/.fingerprint")?;
    let user = user.env("CARGO_BUILD_BUILD_DIR", "intermediate");
    user.succeed("build")?;
    exists(&user, "intermediate/snug/debug/.fingerprint")?;
    let stock = ["target", "configured/debug", "told/debug", "between/debug", "intermediate/debug"];
    for path in stock {
        same(path, user.workspace.path(path).exists(), false)?;
    }
    Ok(())
}

/// `cargo install` compiles what its `--path` says, in that workspace's folder, for release.
pub(crate) fn install(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[("elsewhere/x", "")])?.in_folder("elsewhere");
    let installed = user.succeed("-v install --path ../app --root ../root")?;
    contains_all(&installed.stderr, &["/llvm/rustc --crate-name store"])?;
    same("it runs", user.workspace.run("root/bin/app")?.trim(), SMALL)?;
    let made = user.workspace.path("target/snug/release/app").exists();
    same("in the workspace's folder", made, true)?;
    let again = user.succeed("-v install --debug --force --path ../app --root ../root")?;
    contains_all(&again.stderr, &["/cranelift/rustc --crate-name store"])
}

/// Somebody else's subcommand that calls cargo, as nextest does.
pub(crate) fn subcommands(tools: Tools) -> Result<()> {
    let script = "#!/bin/sh\nshift\necho \"mine: $*\"\nexec \"$CARGO\" build \"$@\"\n";
    let user = User::new(tools, &[("bin/cargo-mine", script)])?;
    user.workspace.tool("chmod", "+x bin/cargo-mine")?.expect_success("chmod")?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let bin = tools.rustc.parent().map(Path::to_owned);
    let folders = [user.workspace.path("bin")].into_iter().chain(bin);
    let folders = folders.chain(std::env::split_paths(&path));
    let user = user.env("PATH", std::env::join_paths(folders).map_err(|e| e.to_string())?);
    let built = user.succeed("--layout packed mine --release -v")?;
    contains_all(&built.stdout, &["mine: --release -v\n"])?;
    contains_all(&built.stderr, &["/llvm/rustc --crate-name store"])?;
    same("Snug's", user.workspace.run("target/snug/release/app")?.trim(), SMALL)?;
    same("stock's", user.workspace.path("target/release").exists(), false)?;
    // Its options are its own.
    let refused = user.snug("mine --layout packed")?.expect_failure("its option")?;
    contains_all(&refused.stdout, &["mine: --layout packed\n"])?;
    contains_all(&refused.stderr, &["unexpected argument '--layout'"])
}
