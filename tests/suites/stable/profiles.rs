//! The profile of a command is what cargo takes it for, wherever that is said, and it chooses the backend.

use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::workshop::contains_all;

use snug_tests::user::User;

const CONFIG: &str = "
[alias]
small = \"build --profile small\"
fast = [\"build\", \"--profile\", \"quick\"]
faster = [\"fast\", \"--offline\"]
b = \"small\"
[profile.quick]
inherits = \"small\"
";

/// In a folder whose configuration is above the one that is farther away.
fn user(tools: Tools) -> Result<User> {
    let above = "[profile.slow]\ninherits = \"dev\"\n[profile.quick]\ninherits = \"dev\"\n";
    let files = [("store/.cargo/config.toml", CONFIG), (".cargo/config.toml", above)];
    Ok(User::new(tools, &files)?.in_folder("store"))
}

/// A command compiles `store` with a backend, as this profile.
fn expect(user: &User, command: &str, profile: &str, generator: &str) -> Result<()> {
    // It is compiled anew.
    let path = "store/src/lib.rs";
    user.workspace.write(path, &format!("{}//\n", user.workspace.read(path)?))?;
    let built = user.succeed(&format!("-v {command}"))?;
    let mut compilations = built
        .stderr
        .lines()
        .filter(|line| line.contains("Running `") && line.contains("--crate-name store"));
    let folder = format!("target/snug/{profile}/deps");
    let rustc = format!("/{generator}/rustc --crate-name store");
    match compilations.next() {
        Some(line) if line.contains(&rustc) && line.contains(&folder) => Ok(()),
        _ => Err(format!("{command}: not {generator} into {folder}: {}", built.describe())),
    }
}

/// Aliases and profiles may stand in cargo's configuration: in files, in the environment, on the command line.
pub(crate) fn in_configuration(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    expect(&user, "small", "small", "llvm")?;
    expect(&user, "b", "small", "llvm")?;
    expect(&user, "build", "debug", "cranelift")?;
    expect(&user, "fast", "quick", "llvm")?;
    expect(&user, "faster", "quick", "llvm")?;
    expect(&user, "build --profile slow", "slow", "cranelift")?;
    expect(&user, "build --config profile.slow.inherits=\"small\" --profile=slow", "slow", "llvm")?;
    expect(&user, "build --config snug.profile.dev.backend=\"llvm\"", "debug", "llvm")?;
    let user = user
        .env("CARGO_ALIAS_MINE", "build --profile mine")
        .env("CARGO_PROFILE_MINE_INHERITS", "quick")
        .env("CARGO_SNUG_PROFILE_DEV_BACKEND", "llvm");
    expect(&user, "mine", "mine", "llvm")?;
    expect(&user, "build", "debug", "llvm")?;
    let refused = user.env("CARGO_SNUG_PROFILE_DEV_BACKEND", "gcc").snug("build")?;
    let refused = refused.expect_failure("a backend")?;
    contains_all(
        &refused.stderr,
        &["CARGO_SNUG_PROFILE_DEV_BACKEND", "`cranelift`, `llvm` or `mixed`"],
    )
}

/// Commands that have a profile of their own, or say it in another way.
pub(crate) fn of_commands(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    expect(&user, "rustc --profile small", "small", "llvm")?;
    expect(&user, "rustc -- -g", "debug", "cranelift")?;
    expect(&user, "test --no-run --profile small", "small", "llvm")?;
    expect(&user, "bench --no-run", "release", "llvm")?;
    expect(&user, "bench --no-run --profile dev", "debug", "cranelift")?;
    expect(&user, "build -vr", "release", "llvm")?;
    expect(&user, "--backend cranelift build -r", "release", "cranelift")?;
    user.workspace.write("store/src/lib.rs", "pub fn f() { let mut x = 1; println!(\"{x}\"); }")?;
    expect(&user, "fix --allow-no-vcs", "debug", "cranelift")?;
    expect(&user, "fix --allow-no-vcs --release", "release", "llvm")
}
