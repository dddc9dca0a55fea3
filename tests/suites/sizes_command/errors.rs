//! What cannot be answered gets one sentence that says what to do.

use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::user::User;
use snug_tests::workshop::{Workshop, contains_all, same};

use crate::project::user;

#[track_caller]
fn refused(user: &User, line: &str, expected: &[&str]) -> Result<()> {
    let failed = user.snug(line)?.expect_failure(line)?;
    contains_all(&failed.stderr, expected).map_err(|error| format!("{line}: {error}"))?;
    same(line, failed.stderr.matches("error: ").count(), 1)?;
    same("nothing is answered", failed.stdout.as_str(), "")
}

pub(crate) fn sentences(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    refused(
        &user,
        "sizes -q --why serv",
        &["no future is called `serv`", "there is `app::serve`"],
    )?;
    refused(&user, "sizes -q --why src/main.rs:9999", &["no future is called `src/main.rs:9999`"])?;
    refused(&user, "sizes -q --filter (", &["`--filter (` is no regular expression: "])?;
    refused(&user, "sizes -q --filter zzz", &["no future matches `--filter zzz`"])?;
    refused(&user, "sizes -q --crate nett", &["no future of the crate `nett`"])?;
    refused(&user, "sizes -q --sort saved", &["add `--stock`"])?;
    refused(&user, "sizes -q --format sarif", &["`--format sarif` is not for a list"])?;
    refused(&user, "sizes -q --why serve --format json", &["`--format json` is not for --why"])?;
    let failed = user.snug("sizes --bless --check")?;
    contains_all(&failed.stderr, &["cannot be used with"])?;
    // Cargo's own errors stay cargo's.
    user.snug("sizes -q -p nobody")?.expect_exit(101, "an unknown package")?;
    user.workspace.edit("app/src/main.rs", "7\n}", "\"\"\n}")?;
    let failed = user.snug("sizes -q")?.expect_exit(101, "a crate that does not compile")?;
    contains_all(&failed.stderr, &["error[E0308]"])?;
    contains_all(
        &user.succeed("sizes --help")?.stdout,
        &["Show which futures are big", "--why", "[CARGO'S BUILD OPTIONS]"],
    )?;
    let nothing = Workshop::new(tools, &[("a.txt", "")])?;
    refused(&User::of(tools, nothing), "sizes", &["there is no package here", "help: "])?;
    let manifest = "[package]\nname = \"plain\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    let plain = [("Cargo.toml", manifest), ("src/main.rs", "fn main() {}")];
    let plain = User::of(tools, Workshop::new(tools, &plain)?);
    refused(&plain, "sizes -q", &["there are no futures in what this command builds", "help: "])
}

/// Reports of another version, ratchet files that are none: told, and healed by what the message says.
pub(crate) fn broken(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    user.succeed("sizes -q --bless")?;
    let good = user.workspace.read("snug-sizes.json")?;
    user.workspace.write("snug-sizes.json", &good[..good.len() / 2])?;
    refused(
        &user,
        "sizes -q --check",
        &["snug-sizes.json` is no list of sizes, or a broken one", "--bless"],
    )?;
    user.workspace.write("snug-sizes.json", "{\"format\": 99, \"futures\": {}}")?;
    refused(&user, "sizes -q --check", &["has format 99", "--bless"])?;
    user.succeed("sizes -q --bless")?;
    same("healed", user.workspace.read("snug-sizes.json")?, good)?;
    // `net` is not what the build is for now, so the next one leaves it alone.
    user.succeed("sizes -q -p app")?;
    let all = user.here("target/snug/sizes/report");
    let folder = std::fs::read_dir(&all).map_err(|error| error.to_string())?.flatten().next();
    let folder = folder.ok_or("no report")?.path();
    for entry in std::fs::read_dir(&folder).map_err(|error| error.to_string())?.flatten() {
        let path = entry.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("net-") && name.ends_with(".jsonl") {
            std::fs::write(&path, "{\"format\": 1}\n").map_err(|error| error.to_string())?;
        }
    }
    refused(
        &user,
        "sizes -q -p app",
        &["was written by another version of Snug: its format is 1", "remove the folder"],
    )?;
    // Cargo knows that the crates were compiled, not that their reports are gone.
    std::fs::remove_dir_all(&all).map_err(|error| error.to_string())?;
    let whole = user.succeed("sizes -q -p app")?.stdout;
    let folder = std::fs::read_dir(&all).map_err(|error| error.to_string())?.flatten().next();
    for entry in
        std::fs::read_dir(folder.ok_or("no report")?.path()).into_iter().flatten().flatten()
    {
        if entry.file_name().to_string_lossy().starts_with("net-") {
            std::fs::remove_file(entry.path()).map_err(|error| error.to_string())?;
        }
    }
    same("parts that are gone are made again", user.succeed("sizes -q -p app")?.stdout, whole)
}
