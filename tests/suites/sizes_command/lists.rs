//! Lists of futures.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use snug_tests::harness::Tools;
use snug_tests::workshop::{contains_all, same};
use snug_tests::{Result, report};

use crate::project::{json, listed, printed, user};

/// The sizes in a list are those that the program prints, Snug's and stock's; so is the bound, where it is reached.
pub(crate) fn as_printed(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    let snug = printed(&user.succeed("run -q")?.stdout)?;
    let stock = printed(&user.cargo("run -q")?.expect_success("stock")?.stdout)?;
    let list = json(&user, "--stock --top 0")?;
    same("there are some", snug.len() >= 8, true)?;
    for (key, printed) in [("size", &snug), ("stock", &stock), ("bound", &snug)] {
        let mut found = listed(&list, key);
        found.retain(|name, _| printed.contains_key(name));
        same(key, &found, printed)?;
    }
    let sum = |key| -> u64 {
        let all = list["futures"].as_array().into_iter().flatten();
        all.filter_map(|future| future[key].as_u64()).sum()
    };
    same("all sizes", list["total"]["size"].as_u64(), Some(sum("size")))?;
    same("all of stock's", list["total"]["stock"].as_u64(), Some(sum("stock")))?;
    let text = user.succeed("sizes -q --stock")?.stdout;
    contains_all(
        &text,
        &["size", "stock", "async fn app::serve", "app/src/main.rs:4", "spawn at app/src/main.rs"],
    )?;
    contains_all(&text, &["futures in all: ", "; with stock's layout "])
}

/// A build that generates code reports the same of each future.
pub(crate) fn as_built(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    for profile in ["", "--release"] {
        let folder = user.here("built");
        user.succeed(&format!("build -q {profile} --report {}", folder.display()))?;
        // Cargo gives crates other ids when it only checks them.
        let built: BTreeMap<(String, String), (u64, Option<u64>)> = report::read(&folder)?
            .into_iter()
            .map(|it| ((it.body.name, it.name), (it.size, it.bound)))
            .collect();
        let list = json(&user, &format!("--top 0 --full {profile}"))?;
        let mut found = 0;
        for future in list["futures"].as_array().into_iter().flatten() {
            let name = future["name"].as_str().unwrap_or_default();
            let path = name.rsplit(' ').next().unwrap_or_default().to_owned();
            let ty = future["type"].as_str().unwrap_or_default().to_owned();
            let built = built.get(&(path, ty));
            let built = built.ok_or_else(|| format!("only `sizes` knows {future}"))?;
            same(
                name,
                (future["size"].as_u64(), future["bound"].as_u64()),
                (Some(built.0), built.1),
            )?;
            found += 1;
        }
        same("there are some", found >= 8, true)?;
        std::fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn names(list: &Value) -> Vec<String> {
    let futures = list["futures"].as_array().into_iter().flatten();
    futures.filter_map(|future| future["name"].as_str().map(str::to_owned)).collect()
}

/// `--top`, `--crate`, `--filter`, `--sort`.
pub(crate) fn chosen(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    let all = json(&user, "--top 0")?;
    let sizes: Vec<u64> = all["futures"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|future| future["size"].as_u64())
        .collect();
    same("the biggest come first", sizes.is_sorted_by(|one, other| one >= other), true)?;
    same("so many", names(&json(&user, "--top 3")?), names(&all)[..3].to_vec())?;
    let of_net = names(&json(&user, "--crate net")?);
    same("of a crate", of_net.iter().all(|name| name.contains(" net::")), true)?;
    same("there is one", of_net.contains(&"async fn net::kept".to_owned()), true)?;
    let found = names(&json(&user, "--filter (tiny|sum)$")?);
    same("by name", found, vec!["async fn app::sum".to_owned(), "async fn app::tiny".to_owned()])?;
    let own = names(&json(&user, "--sort self --top 1")?);
    same("most of its own", own, vec!["async fn net::Client::fetch".to_owned()])?;
    let saved = json(&user, "--stock --sort saved --top 0")?;
    let saved: Vec<i64> = saved["futures"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|it| it["stock"].as_i64().unwrap_or(0) - it["size"].as_i64().unwrap_or(0))
        .collect();
    same("what saves most", saved.is_sorted_by(|one, other| one >= other), true)?;
    let text = user.succeed("sizes -q --top 2")?.stdout;
    contains_all(&text, &["not shown: `--top 0` shows all."])?;
    contains_all(
        &user.succeed("sizes -q --full")?.stdout,
        &["{async fn body of net::kept<[u8; 333]>()}"],
    )
}

/// `--format markdown`, and JSON as its schema says.
pub(crate) fn forms(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    let markdown = user.succeed("sizes -q --format markdown --top 2")?.stdout;
    let lines: Vec<&str> = markdown.lines().collect();
    same("heading", lines[0], "| size | bound | future | where | task |")?;
    same("rule", lines[1], "| --: | --: | --- | --- | --- |")?;
    contains_all(lines[2], &["async fn app::serve", "| spawn at app/src/main.rs:"])?;
    let list = json(&user, "--top 1")?;
    let keys = |value: &Value| -> Vec<String> {
        value.as_object().map(|it| it.keys().cloned().collect()).unwrap_or_default()
    };
    let expected = ["bound", "crate", "id", "name", "place", "size", "stock", "tasks", "type"];
    same("keys", keys(&list["futures"][0]), expected.map(str::to_owned).to_vec())?;
    same("its place", &list["futures"][0]["place"]["file"], &Value::from("app/src/main.rs"))?;
    same("its task", &list["futures"][0]["tasks"][0]["by"], &Value::from("net::spawn"))
}

/// Only build scripts and proc macros, which run while building, have machine code; and stock's and Snug's other folders
/// stay as they are.
pub(crate) fn no_code(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    user.succeed("sizes -q --stock")?;
    let files = files(&user.here("target/snug/sizes/debug/deps"))?;
    let has = |end: &str| files.iter().any(|file| file.to_string_lossy().ends_with(end));
    same("metadata", has(".rmeta"), true)?;
    same("the proc macro", has(".so"), true)?;
    same("libraries and objects", has(".rlib") || has(".o"), false)?;
    let others = user.here("target/snug/debug").exists() || user.here("target/debug").exists();
    same("other folders", others, false)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let complaint = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(complaint)? {
        found.push(entry.map_err(complaint)?.path());
    }
    Ok(found)
}

/// After an edit, of a dependency, too, the answer is that of a build from nothing.
pub(crate) fn edits(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    let sizes =
        || -> Result<BTreeMap<String, u64>> { Ok(listed(&json(&user, "--top 0")?, "size")) };
    let before = sizes()?;
    same("asked again", &sizes()?, &before)?;
    user.workspace.edit("net/src/lib.rs", "[1u8; 1024]", "[1u8; 2048]")?;
    user.workspace.edit("app/src/main.rs", "[5; 300]", "[5; 301]")?;
    user.workspace.edit("app/src/main.rs", "[u8; 300]", "[u8; 301]")?;
    let after = sizes()?;
    let of = |sizes: &BTreeMap<String, u64>, name: &str| sizes.get(name).copied().unwrap_or(0);
    for (name, grown) in [("async fn net::Client::fetch", 1024), ("async fn app::sum", 1)] {
        same(name, of(&after, name), of(&before, name) + grown)?;
    }
    std::fs::remove_dir_all(user.here("target")).map_err(|error| error.to_string())?;
    same("from nothing", &sizes()?, &after)
}
