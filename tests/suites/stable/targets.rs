//! Targets without a standard library, and flags that are hidden: what is said of them.

use std::process::Command;

use snug_tests::Result;
use snug_tests::command;
use snug_tests::harness::Tools;
use snug_tests::workshop::{contains_all, same};

use snug_tests::user::User;

/// A target of LLVM's that rustc knows, and for which this toolchain has no standard library.
pub(super) fn missing_target(tools: Tools) -> Result<String> {
    let mut rustc = Command::new(&tools.rustc);
    let list = command::run(rustc.args(["--print", "target-list"]))?.expect_success("the list")?;
    let libraries = tools.rustc.with_file_name("../lib/rustlib");
    let mut bare =
        list.stdout.lines().filter(|it| it.starts_with("thumb") && it.contains("-none-"));
    let missing = bare.find(|target| !libraries.join(target).exists());
    missing.map(str::to_owned).ok_or_else(|| "every thumb target is installed".to_owned())
}

/// What is missing is named, and so are both ways to get it, and who compiles.
pub(crate) fn missing(tools: Tools) -> Result<()> {
    let target = missing_target(tools)?;
    let user = User::new(tools, &[("app/src/main.rs", "#![no_std]\nfn main() {}")])?;
    let add = format!("`rustup target add {target}`");
    let parts = [target.as_str(), &add, "-Zbuild-std", "LLVM compiles for `arm`, dev builds, too"];
    let build = format!("build -p app --target {target}");
    let refused = user.snug(&build)?.expect_exit(101, "a target")?;
    contains_all(&refused.stderr, &parts)?;
    contains_all(&refused.stderr, &["E0463"])?;
    let doctor = user.snug(&format!("doctor --target {target}"))?.expect_failure("doctor")?;
    contains_all(&doctor.stdout, &parts)?;
    contains_all(&doctor.stdout, &[&format!("WRONG   target {target}"), "One thing is wrong."])?;
    let host = user.succeed("doctor --target x86_64-unknown-linux-gnu")?;
    contains_all(&host.stdout, &["    ok  target x86_64", "Cranelift compiles dev builds"])?;
    let unknown = user.snug("doctor --target thumbv99")?.expect_failure("doctor")?;
    contains_all(&unknown.stdout, &["WRONG   target thumbv99", "rustc does not know it"])?;
    // Where nothing is compiled, and where the standard library is, there is nothing to say.
    let quiet = user.succeed(&format!("tree --target {target}"))?;
    same("of a tree", quiet.stderr.contains("rustup target add"), false)?;
    // The configuration may name targets, too.
    let config = format!("build.target = [\"{target}\"]\n");
    user.workspace.write(".cargo/config.toml", &config)?;
    contains_all(&user.snug("check -p app")?.expect_exit(101, "configured")?.stderr, &parts)?;
    contains_all(&user.snug("doctor")?.expect_failure("doctor")?.stdout, &parts)
}

/// A variable hides the project's flags: doctor says so, and all is well all the same.
pub(crate) fn hidden_flags(tools: Tools) -> Result<()> {
    let config = "target.'cfg(unix)'.rustflags = [\"--cfg=of_target\"]\n";
    let main = "fn main() { println!(\"{}\", cfg!(of_target)) }";
    let files = [(".cargo/config.toml", config), ("app/src/main.rs", main)];
    let user = User::new(tools, &files)?;
    same("not hidden", user.succeed("run -q")?.stdout.trim(), "true")?;
    same("nothing to say", user.succeed("doctor")?.stdout.contains("look"), false)?;
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
        // Also a variable that is empty hides them.
        let user = User::new(tools, &files)?.env(variable, "");
        same("hidden", user.succeed("run -q")?.stdout.trim(), "false")?;
        let doctor = user.succeed("doctor")?.stdout;
        let sentence = format!("  look  flags: {variable} is set, so cargo ignores");
        contains_all(
            &doctor,
            &[&sentence, "`target.'cfg(unix)'.rustflags`", ".cargo/config.toml"],
        )?;
    }
    Ok(())
}

/// The way by hand in docs/usage.md adds to all flags that a project has.
pub(crate) fn by_hand(tools: Tools) -> Result<()> {
    let print = "fn main() { println!(\"{} {} {} {}\", cfg!(a), cfg!(b), cfg!(c), store::size()) }";
    let cases = [
        ("build.rustflags = [\"--cfg=a\"]\n", "true false false"),
        ("build.rustflags = \"--cfg=a\"\n", "true false false"),
        (
            "build.rustflags = [\"--cfg=a\"]\ntarget.'cfg(unix)'.rustflags = [\"--cfg=b\"]\n\
             target.x86_64-unknown-linux-gnu.rustflags = [\"--cfg=c\"]\n",
            "false true true",
        ),
    ];
    let lib = tools.cargo_snug().with_file_name("../lib");
    for (config, expected) in cases {
        let files = [(".cargo/config.toml", config), ("app/src/main.rs", print)];
        let user = User::new(tools, &files)?.env("RUSTC_BOOTSTRAP", "1");
        let backend = lib.join("librustc_codegen_snug.so");
        let flag = format!("profile.dev.rustflags=[\"-Zcodegen-backend={}\"]", backend.display());
        let run = format!("run -q -Zprofile-rustflags --config {flag}");
        let ran = user.cargo(&run)?.expect_success(config)?;
        same(config, ran.stdout.trim(), &format!("{expected} {}", snug_tests::user::SMALL))?;
    }
    Ok(())
}
