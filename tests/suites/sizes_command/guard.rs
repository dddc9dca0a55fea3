//! `--check`, `--bless`, `--diff`.

use serde_json::Value;
use snug_tests::Result;
use snug_tests::command::{self, Finished};
use snug_tests::harness::Tools;
use snug_tests::toolchain::package;
use snug_tests::user::User;
use snug_tests::workshop::{contains_all, same};

use crate::project::user;

/// The size of the biggest suspension grows by a variable that is kept across it.
const GROWS: (&str, &str, &str) = (
    "net/src/lib.rs",
    "        sent + look(&buffer)",
    "        sent + look(&buffer) + look(&more)",
);
const GROWS_TOO: (&str, &str, &str) =
    ("net/src/lib.rs", "        let sent", "        let more = [3u8; 256];\n        let sent");

pub(crate) fn grow(user: &User) -> Result<()> {
    for (file, from, to) in [GROWS, GROWS_TOO] {
        user.workspace.edit(file, from, to)?;
    }
    Ok(())
}

fn budget(user: &User, lines: &str) -> Result<()> {
    let workspace = "[workspace]\nmembers = [\"app\", \"net\", \"made\"]\nresolver = \"3\"\n";
    user.workspace
        .write("Cargo.toml", &format!("{workspace}[workspace.metadata.snug.budget]\n{lines}"))
}

/// A future above its budget is an error with the name of what is big.
pub(crate) fn budgets(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    budget(&user, "\"net::*\" = 4000\n\"app::serve\" = 2000\n")?;
    contains_all(&user.succeed("sizes -q --check")?.stdout, &["nothing is too big."])?;
    budget(&user, "\"net::Client::*\" = 1000\n")?;
    let failed = user.snug("sizes -q --check")?.expect_failure("--check")?;
    let expected = [
        "error: async fn net::Client::fetch has ",
        ", and its budget is 1,000\n  --> net/src/lib.rs:10:",
        "most of it: `buffer`: `[u8; 1024]` is kept across the await at net/src/lib.rs:12:36, 1,024 bytes",
        "one is too big.",
    ];
    contains_all(&failed.stdout, &expected)?;
    budget(&user, "\"net::client::*\" = 1000\n")?;
    let failed = user.snug("sizes -q --check")?.expect_failure("a budget for nothing")?;
    contains_all(
        &failed.stderr,
        &["error: the budget `net::client::*` in Cargo.toml fits no future", "help: "],
    )
}

/// What has grown is told by the variable that made it grow.
pub(crate) fn ratchet(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    let failed = user.snug("sizes -q --check")?.expect_failure("nothing to compare with")?;
    contains_all(&failed.stderr, &["there is nothing to compare with", "--bless"])?;
    let blessed = user.succeed("sizes -q --bless")?.stdout;
    contains_all(&blessed, &["futures are in `", "snug-sizes.json` now."])?;
    let text = user.workspace.read("snug-sizes.json")?;
    let size = text.len();
    same("kilobytes", size < 8192, true)?;
    same("no lines, hashes or folders", text.contains(".rs") || text.contains("0x"), false)?;
    user.succeed("sizes -q --check")?;
    // Lines above do not matter.
    user.workspace.edit("net/src/lib.rs", "use std::pin", "\n\n\nuse std::pin")?;
    user.succeed("sizes -q --check")?;
    grow(&user)?;
    let failed = user.snug("sizes -q --check")?.expect_failure("a future that has grown")?;
    let expected = [
        "error: async fn net::Client::fetch has grown from ",
        "`more`: `[u8; 256]` is kept across the await at net/src/lib.rs:16:36 now: 256 bytes",
        "error: async fn app::serve has grown from ",
        "awaits async fn net::Client::fetch is kept across the await at app/src/main.rs:5:40: ",
    ];
    contains_all(&failed.stdout, &expected)?;
    user.succeed("sizes -q --bless")?;
    contains_all(&user.succeed("sizes -q --check")?.stdout, &["nothing is too big."])?;
    user.workspace.edit("net/src/lib.rs", "[3u8; 256]", "[3u8; 8]")?;
    // What shrinks is no error, and `--diff` tells it.
    user.succeed("sizes -q --check")?;
    let differences = user.succeed("sizes -q --diff snug-sizes.json")?.stdout;
    contains_all(&differences, &["note: async fn net::Client::fetch has shrunk from "])
}

fn git(user: &User, arguments: &[&str]) -> Result<Finished> {
    let mut git = std::process::Command::new("git");
    git.current_dir(user.here(".")).args(["-c", "user.name=a", "-c", "user.email=a@b"]);
    command::run(git.args(arguments))?.expect_success("git")
}

/// `--diff` with a commit.
pub(crate) fn commits(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    let failed = user.snug("sizes -q --diff main")?.expect_failure("no repository")?;
    contains_all(
        &failed.stderr,
        &["error: `main` is neither a file nor a commit with `snug-sizes.json`"],
    )?;
    user.succeed("sizes -q --bless")?;
    git(&user, &["init", "-q", "-b", "main"])?;
    git(&user, &["add", "snug-sizes.json"])?;
    git(&user, &["commit", "-q", "-m", "sizes"])?;
    let same_sizes = user.succeed("sizes -q --diff main")?.stdout;
    contains_all(&same_sizes, &["nothing is too big."])?;
    grow(&user)?;
    user.workspace.edit("app/src/main.rs", "async fn sum(", "async fn total(")?;
    user.workspace.edit("app/src/main.rs", "sum([5; 300])", "total([5; 300])")?;
    let differences = user.snug("sizes -q --diff HEAD")?.expect_failure("a difference")?.stdout;
    let expected = [
        "error: async fn net::Client::fetch has grown from ",
        "note: async fn app::total is new: ",
        "note: async fn app::sum is no more: it had ",
    ];
    contains_all(&differences, &expected)
}

/// Annotations, code scanning, a comment, JSON.
pub(crate) fn forms(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    user.succeed("sizes -q --bless")?;
    grow(&user)?;
    let said = |format: &str| -> Result<String> {
        let line = format!("sizes -q --check --format {format}");
        Ok(user.snug(&line)?.expect_failure("--check")?.stdout)
    };
    let parsed = |format: &str| -> Result<Value> {
        let text = said(format)?;
        serde_json::from_str(&text).map_err(|error| format!("{error}: {text}"))
    };
    let github = said("github")?;
    let line = github.lines().find(|line| line.contains("Client::fetch has grown"));
    let line = line.ok_or_else(|| format!("no annotation: {github}"))?;
    let start = "::error title=size of a future,file=net/src/lib.rs,line=10,col=5::async fn net::Client::fetch";
    same("annotation", line.starts_with(start), true)
        .map_err(|error| format!("{error}: {line}"))?;
    contains_all(line, &["%0A`more`: `[u8; 256]` is kept"])?;
    let sarif = parsed("sarif")?;
    same("version", sarif["version"].as_str(), Some("2.1.0"))?;
    let results = sarif["runs"][0]["results"].as_array().ok_or("no results")?;
    let of_net = results.iter().find(|result| {
        result["message"]["text"]
            .as_str()
            .is_some_and(|text| text.contains("Client::fetch has grown"))
    });
    let location = &of_net.ok_or("no result")?["locations"][0]["physicalLocation"];
    same("line", location["region"]["startLine"].as_u64(), Some(10))?;
    contains_all(
        &said("markdown")?,
        &["| future | before | now | why |", "| `async fn net::Client::fetch` |"],
    )?;
    let json = parsed("json")?;
    let findings = json["findings"].as_array().ok_or("no findings")?;
    same("all are worse", findings.iter().all(|it| it["worse"] == true), true)?;
    let cause = findings.iter().find(|it| it["cause"]["value"] == "`more`: `[u8; 256]`");
    same("the cause", cause.is_some(), true)
}

/// The steps of `action.yml`, as a runner's shell would run them.
pub(crate) fn action(tools: Tools) -> Result<()> {
    let action = std::fs::read_to_string(package().join("../action.yml"));
    let action = action.map_err(|error| format!("action.yml: {error}"))?;
    let steps: Vec<&str> =
        action.lines().filter_map(|line| line.trim_start().strip_prefix("run: ")).collect();
    same("steps", steps.len(), 2)?;
    let user = user(tools)?;
    let run = |step: &str| -> Result<Finished> {
        let line = step
            .replace("${{ inputs.arguments }}", "--workspace")
            .replace("${{ inputs.compare-with }}", "snug-sizes.json");
        user.in_shell(&format!("GITHUB_STEP_SUMMARY=summary.md; {line}"))
    };
    user.succeed("sizes -q --bless")?;
    run(steps[0])?.expect_success(steps[0])?;
    grow(&user)?;
    let failed = run(steps[0])?.expect_failure(steps[0])?;
    contains_all(&failed.stdout, &["::error title=size of a future,file=net/src/lib.rs,line=10"])?;
    run(steps[1])?.expect_failure(steps[1])?;
    contains_all(&user.workspace.read("summary.md")?, &["| `async fn net::Client::fetch` |"])
}
