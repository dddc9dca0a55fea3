//! Crates see the plain stable compiler that it is.

use std::path::Path;
use std::process::Command;

use snug_tests::Result;
use snug_tests::command;
use snug_tests::compiler::clean_environment;
use snug_tests::harness::Tools;
use snug_tests::workshop::{contains_all, same};

use snug_tests::user::{SMALL, User, first_error};

/// Unstable features are refused, in stock's words.
pub(crate) fn features(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    user.workspace.write("app/src/main.rs", "#![feature(box_patterns)]\nfn main() {}")?;
    let stock = user.cargo("build")?.expect_exit(101, "stock")?;
    let snug = user.snug("build")?.expect_exit(101, "Snug")?;
    same("message", first_error(&snug.stderr), first_error(&stock.stderr))?;
    contains_all(&snug.stderr, &["E0554"])
}

/// A build script that probes as those of anyhow, proc-macro2, serde and rustix do: it compiles programs, asks
/// for the version, and tells what came out.
const PROBE: &str = r##"
use std::io::Write;
use std::process::{Command, Stdio};
fn compiles(rustc: &str, source: &str, more: &[&str]) -> bool {
    let mut child = Command::new(rustc)
        .args(["--edition=2021", "--crate-type=lib", "--emit=metadata", "--out-dir"])
        .arg(std::env::var_os("OUT_DIR").unwrap())
        .args(["--crate-name=probe", "-"]).args(more)
        .stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(source.as_bytes()).unwrap();
    child.wait().unwrap().success()
}
fn main() {
    let rustc = std::env::var("RUSTC").unwrap();
    let version = Command::new(&rustc).arg("--version").output().unwrap().stdout;
    let verbose = Command::new(&rustc).arg("-vV").output().unwrap().stdout;
    let verbose = String::from_utf8(verbose).unwrap();
    let release = verbose.lines().find(|line| line.starts_with("release:")).unwrap();
    let wrapper = std::env::var_os("RUSTC_WRAPPER");
    println!("cargo::warning={}", String::from_utf8(version).unwrap().trim());
    println!("cargo::warning={release} wrapper {wrapper:?}");
    println!("cargo::warning=bootstrap {:?}", std::env::var_os("RUSTC_BOOTSTRAP"));
    for (name, source, more) in [
        ("feature", "#![feature(error_generic_member_access)]", &[][..]),
        ("proc_macro_span", "#![feature(proc_macro_span)] extern crate proc_macro;", &[]),
        ("option Z", "", &["-Zunstable-options"]),
        ("stable", "pub fn f() -> impl Fn(u8) -> u8 { |x| x }", &[]),
        ("core only", "#![no_std]", &[]),
        ("lint", "#![deny(warnings)] #[cfg(x)] fn f() {}", &["--check-cfg=cfg(x)"]),
        ("target", "", &["--target", "wasm32-unknown-unknown"]),
    ] {
        println!("cargo::warning={name}: {}", compiles(&rustc, source, more));
    }
}
"##;

/// Build scripts find out the same as under stock.
pub(crate) fn probes(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[("app/build.rs", PROBE)])?;
    let warnings = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.starts_with("warning: app@")).map(str::to_owned).collect()
    };
    let stock = user.cargo("build")?.expect_success("stock")?;
    let snug = user.succeed("build")?;
    same("probes", warnings(&snug.stderr), warnings(&stock.stderr))?;
    contains_all(&snug.stderr, &["feature: false", "stable: true", "bootstrap None"])
}

/// Programs, build scripts and proc macros do not see Snug in their environment.
pub(crate) fn environment(tools: Tools) -> Result<()> {
    const NAMES: &str = "fn main() { for name in [\"LD_LIBRARY_PATH\", \"RUSTC_BOOTSTRAP\", \
                         \"SNUG_RUSTC_BACKEND\", \"SNUG_RUSTC_LIBRARY_PATH_BEFORE\"] { \
                         println!(\"cargo::warning={name} {:?}\", std::env::var_os(name)) } }";
    let compiled = "fn main() { println!(\"{:?} {:?} {:?}\", option_env!(\"SNUG_RUSTC_BACKEND\"), \
                    option_env!(\"LD_LIBRARY_PATH\"), option_env!(\"RUSTC_BOOTSTRAP\")) }";
    let user = User::new(tools, &[("app/build.rs", NAMES), ("app/src/main.rs", compiled)])?;
    let stock = user.cargo("run -q")?.expect_success("stock")?;
    let snug = user.succeed("run -q")?;
    // Cargo adds its own target folder for build scripts.
    let plain = |text: &str| text.replace("target/snug/", "target/");
    same("in compilations", plain(&snug.stdout), plain(&stock.stdout))?;
    same("in build scripts", plain(&snug.stderr), plain(&stock.stderr))
}

/// What build scripts may ask rustc for, and what it writes, comes as stock's does, whichever backend compiles.
pub(crate) fn answers(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    let folder = tools.built()?;
    let ask = |rustc: &Path, arguments: &str| {
        let mut command = Command::new(rustc);
        clean_environment(&mut command);
        command.env("SNUG_SYSROOT", tools.sysroot());
        command.current_dir(user.workspace.path(".")).args(arguments.split_whitespace());
        command::run(&mut command)
    };
    let prints = [
        "calling-conventions",
        "cfg",
        "code-models",
        "crate-name",
        "file-names",
        "host-tuple",
        "relocation-models",
        "split-debuginfo",
        "stack-protector-strategies",
        "sysroot",
        "target-cpus",
        "target-features",
        "target-libdir",
        "target-list",
        "tls-models",
    ];
    let prints = prints.map(|what| format!("--print {what} --crate-type=lib store/src/lib.rs"));
    let emits = ["llvm-ir", "asm", "llvm-bc", "link", "obj", "mir", "metadata", "dep-info"];
    let emits = emits.map(|what| {
        format!(
            "--emit={what} --crate-type=lib --edition=2024 store/src/lib.rs -o made -Cdebuginfo=0"
        )
    });
    let versions = ["-V", "--version"].map(str::to_owned);
    for arguments in prints.iter().chain(&emits).chain(&versions) {
        let answer = |rustc: &Path| -> Result<(String, String, String, bool)> {
            let _ = std::fs::remove_file(user.workspace.path("made"));
            let said = ask(rustc, arguments)?;
            Ok((said.status, said.stdout, said.stderr, user.workspace.path("made").exists()))
        };
        let stock = answer(&tools.rustc)?;
        for backend in ["cranelift", "llvm"] {
            let snug = answer(&folder.join(backend).join("rustc"))?;
            same(&format!("{backend}: {arguments}"), snug, stock.clone())?;
        }
    }
    Ok(())
}

/// `rustc -vV` is stock's answer and one line more, which tells compilers apart. (To build scripts it is stock's:
/// `tests/probes` has those that count lines.)
pub(crate) fn verbose_version(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    let folder = tools.built()?;
    let mut all = Vec::new();
    for arguments in ["-vV", "-V -v", "--version --verbose", "-Vv"] {
        let ask = |rustc: &Path| {
            let mut command = Command::new(rustc);
            clean_environment(&mut command);
            command.env("SNUG_SYSROOT", tools.sysroot());
            command.current_dir(user.workspace.path(".")).args(arguments.split(' '));
            command::run(&mut command)?.expect_success(arguments)
        };
        let stock = ask(&tools.rustc)?.stdout;
        for backend in ["cranelift", "llvm"] {
            let snug = ask(&folder.join(backend).join("rustc"))?.stdout;
            let Some(own) = snug.strip_prefix(&stock) else {
                return Err(format!("{backend} {arguments}: {snug}"));
            };
            same("lines", (own.lines().count(), own.starts_with("Snug: ")), (1, true))?;
            all.push(own.to_owned());
        }
    }
    same("backends look alike", all[0] == all[1], false)
}

/// `snug-rustc` works without cargo, and chooses the backend by what is asked for.
pub(crate) fn by_hand(tools: Tools) -> Result<()> {
    let user = User::new(tools, &[])?;
    let compile = |arguments: &str| user.snug_rustc(arguments);
    let succeed = |arguments: &str| compile(arguments)?.expect_success(arguments);
    let library =
        "--edition=2024 --crate-type=lib --crate-name=store -g store/src/lib.rs --out-dir .";
    succeed(&format!("-O {library}"))?;
    same("optimised", user.generator("libstore.rlib")?, "llvm")?;
    succeed(library)?;
    same("not optimised", user.generator("libstore.rlib")?, "cranelift")?;
    succeed("--edition=2024 app/src/main.rs --extern store=libstore.rlib -o app.exe")?;
    same("it runs", user.workspace.run("app.exe")?.trim(), SMALL)?;
    let version = succeed("--version")?.stdout;
    same("version", version.starts_with(&tools.version()?), true)?;
    let refused = compile("+nightly app/src/main.rs")?.expect_failure("a toolchain")?;
    contains_all(&refused.stderr, &["cannot become `+nightly`", "cargo +nightly snug"])
}
