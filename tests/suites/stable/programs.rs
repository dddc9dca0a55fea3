//! Programs that cargo runs get the arguments, the environment and the signals that they get under
//! stock, and end as they end there.

use std::collections::BTreeSet;

use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::workshop::{contains_all, same};

use snug_tests::user::{User, without_hashes};

/// Cargo runs programs by this script: it says what it sees, and then does what its first argument is.
const RUNNER: &str = r#"#!/bin/sh
program=$1
shift
case $1 in
    environment) env | grep -v '^_=' | sort ;;
    killed) kill -TERM $$ ;;
    # It takes its time to end.
    ends-slowly) trap 'sleep 0.3; echo cleaned up; exit 3' INT TERM ;;
    lives) ;;
    *) exec "$program" "$@" ;;
esac
touch alive ready
# Not for ever, if nobody ends it.
beats=0
while [ "$1" = lives -o "$1" = ends-slowly ] && [ $beats -lt 200 ]; do
    echo alive >> alive
    beats=$((beats + 1))
    sleep 0.05
done
"#;

const CONFIG: &str =
    "[alias]\nxtask = \"run -q --\"\n[target.'cfg(unix)']\nrunner = \"./runner.sh\"\n";

const PROGRAM: &str =
    "fn main() { println!(\"{:?}\", std::env::args().skip(1).collect::<Vec<_>>()) }
    #[test] fn environment() { std::process::Command::new(\"env\").status().unwrap(); }";

fn user(tools: Tools) -> Result<User> {
    let files =
        [(".cargo/config.toml", CONFIG), ("runner.sh", RUNNER), ("app/src/main.rs", PROGRAM)];
    let user = User::new(tools, &files)?;
    user.workspace.tool("chmod", "+x runner.sh")?.expect_success("chmod")?;
    Ok(user)
}

/// What a line of shell prints is the same, and what it ends with. `$C` is stock cargo, or `cargo snug`.
fn compare(user: &User, line: &str) -> Result<String> {
    let of = |with_snug| -> Result<_> {
        let _ = std::fs::remove_file(user.workspace.path("ready"));
        let ran = user.shell(with_snug, line)?;
        Ok((ran.status, ran.stdout))
    };
    let stock = of(false)?;
    same(line, of(true)?, stock.clone())?;
    Ok(stock.1)
}

/// Snug's options are a program's where cargo's would be.
pub(crate) fn arguments(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    same(
        "run",
        compare(&user, "$C run -q a --layout b -- c")?,
        "[\"a\", \"--layout\", \"b\", \"--\", \"c\"]\n".into(),
    )?;
    for arguments in [
        "run -q -- --report a",
        "run -q --bin app x --llvm y",
        "xtask --backend x",
        "r -qp app a --layout b -r",
    ] {
        contains_all(&compare(&user, &format!("$C {arguments}"))?, &["\", \""])?;
    }
    Ok(())
}

/// Programs, tests and build scripts see the environment that they see under stock.
pub(crate) fn environment(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    let build = "fn main() { let env = std::process::Command::new(\"env\").output().unwrap();
        for line in String::from_utf8(env.stdout).unwrap().lines() { println!(\"cargo::warning={line}\") } }";
    user.workspace.write("app/build.rs", build)?;
    let seen = |with_snug| -> Result<Vec<BTreeSet<String>>> {
        let mut seen = Vec::new();
        for line in
            ["$C run -q environment", "$C test -q -- --nocapture", "touch app/build.rs; $C build"]
        {
            let ran = user.shell(with_snug, line)?.expect_success(line)?;
            let lines = ran.stdout.lines().chain(ran.stderr.lines());
            let lines = lines.map(|line| line.trim_start_matches("warning: app@0.1.0: "));
            // The one thing that is Snug's own, and the name by which build scripts call the compiler.
            let lines = lines.filter(|line| {
                !["C=", "SNUG_SYSROOT=", "RUSTC=", "RUSTDOC="].iter().any(|it| line.starts_with(it))
            });
            let is_variable =
                |line: &&str| line.split_once('=').is_some_and(|(name, _)| !name.contains(' '));
            let plain = lines.filter(is_variable).map(|line| line.replace("target/snug", "target"));
            // Cargo gives every build another folder, whose name depends on what rustc says of itself.
            seen.push(plain.map(|line| without_hashes(&line)).collect());
        }
        Ok(seen)
    };
    let stock = seen(false)?;
    for (of, name) in stock.iter().zip(["CARGO_PKG_NAME=", "CARGO_PKG_NAME=", "OUT_DIR="]) {
        same(name, of.iter().any(|line| line.starts_with(name)), true)?;
    }
    let snug = seen(true)?;
    for (snug, stock) in snug.iter().zip(&stock) {
        same("only with Snug", snug.difference(stock).next(), None)?;
        same("only with stock", stock.difference(snug).next(), None)?;
    }
    // Cargo that is called by a program is stock's, and works where stock's does.
    let nested = "fn main() { let mut cargo = std::process::Command::new(env!(\"CARGO\"));
        assert!(cargo.args([\"build\", \"-q\", \"-p\", \"store\"]).status().unwrap().success()) }";
    user.workspace.write("app/src/main.rs", nested)?;
    user.succeed("run")?;
    same("stock's", user.workspace.path("target/debug/libstore.rlib").exists(), true)
}

/// Programs that a signal ends, signals to cargo, and ctrl-C.
pub(crate) fn signals(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    let ready = "until [ -e ready ]; do sleep 0.05; done";
    compare(&user, "$C run -q killed; echo $?")?;
    for (signal, what) in
        [("TERM", "lives"), ("USR1", "lives"), ("KILL", "lives"), ("TERM", "ends-slowly")]
    {
        let line = format!(
            "$C run -q {what} > out 2>&1 & {ready}; kill -{signal} $!; wait $!; echo $?; cat out"
        );
        compare(&user, &line)?;
        // Nobody has stayed behind.
        let line = "sleep 0.2; before=$(wc -l < alive); sleep 0.3; test $before = $(wc -l < alive) && echo gone";
        same(what, user.shell(false, line)?.stdout.trim(), "gone")?;
    }
    // `script` is a terminal. Whoever types waits for the program, as long as it takes; without the trap some shells
    // would not, and `script` takes the user's.
    let typed = format!(
        "({ready}; printf '\\003'; sleep 2) | \
         SHELL=/bin/sh script -qec \"trap : INT; $C run -q ends-slowly; echo then \\$?\" /dev/null"
    );
    contains_all(&compare(&user, &typed)?, &["cleaned up", "then 3"])
}
