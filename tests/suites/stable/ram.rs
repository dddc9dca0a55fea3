//! `cargo snug ram`: what it says is what the programs say themselves, and what their symbols say.
//!
//! The tasks are those of `firmware.rs`; `embassy.rs` has real ones.

use std::collections::BTreeMap;
use std::path::Path;

use object::{Object, ObjectSymbol, SymbolKind};
use serde_json::Value;
use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::user::User;
use snug_tests::workshop::{contains_all, same};

use crate::firmware::user;

/// The target of the firmware.
pub(crate) const TARGET: &str = "thumbv7em-none-eabihf";

/// What the command says of the one program of a package.
pub(super) fn answer(user: &User, options: &str) -> Result<Value> {
    let said = user.succeed(&format!("ram -q --format json {options}"))?.stdout;
    let value: Value = serde_json::from_str(&said).map_err(|error| format!("{error}: {said}"))?;
    same("programs", value["programs"].as_array().map_or(0, Vec::len), 1)?;
    Ok(value["programs"][0].clone())
}

/// Numbers of what is listed, by the last part of its name.
pub(super) fn listed(program: &Value, list: &str, key: &str) -> BTreeMap<String, u64> {
    let rows = program[list].as_array().into_iter().flatten();
    rows.filter_map(|row| {
        let name = row["name"].as_str()?.rsplit("::").next()?.to_owned();
        Some((name, row[key].as_u64()?))
    })
    .collect()
}

/// Where a program is.
pub(super) fn path(program: &Value) -> &Path {
    Path::new(program["program"].as_str().unwrap_or_default())
}

/// The sizes of statics of a module by their symbols; a task's pool has the task's name.
pub(super) fn symbols(program: &Path, module: &str) -> Result<BTreeMap<String, u64>> {
    let data = std::fs::read(program).map_err(|error| format!("{}: {error}", program.display()))?;
    let file =
        object::File::parse(&*data).map_err(|error| format!("{}: {error}", program.display()))?;
    let sizes = file.symbols().filter_map(|symbol| {
        let name = format!("{:#}", rustc_demangle::demangle(symbol.name().ok()?));
        let name = name.strip_prefix(module)?;
        let name = name.strip_suffix("::POOL").unwrap_or(name).replace("__embassy_main", "main");
        (symbol.kind() == SymbolKind::Data).then(|| (name, symbol.size()))
    });
    Ok(sizes.collect())
}

pub(super) fn numbers(pairs: &[(&str, u64)]) -> BTreeMap<String, u64> {
    pairs.iter().map(|(name, number)| ((*name).to_owned(), *number)).collect()
}

/// What is listed is what the symbols say, nothing is missing, and nothing is counted twice.
fn as_symbols(program: &Value, package: &str) -> Result<()> {
    let symbols = symbols(path(program), &format!("{package}::tasks::"))?;
    let mut all = 0;
    for list in ["tasks", "statics"] {
        let bytes = listed(program, list, "bytes");
        let of_symbols = bytes.keys().filter_map(|name| Some((name.clone(), *symbols.get(name)?)));
        let of_ours: BTreeMap<String, u64> = of_symbols.collect();
        same(list, of_ours.len(), if list == "tasks" { 3 } else { 6 })?;
        for (name, size) in of_ours {
            same(&name, bytes[&name], size)?;
        }
        let rows = program[list].as_array().into_iter().flatten();
        all += rows.filter_map(|row| row["bytes"].as_u64()).sum::<u64>();
    }
    let sections = program["sections"].as_array().into_iter().flatten();
    let sections: u64 = sections.filter_map(|section| section["bytes"].as_u64()).sum();
    same("the sum", program["bytes"].as_u64(), Some(sections))?;
    same("all parts", all + program["rest"].as_u64().unwrap_or(0), sections)?;
    let pools = listed(program, "tasks", "pool_size");
    same("pools", pools, numbers(&[("blink", 3), ("main", 1), ("plain", 2)]))?;
    // Statics that are as big as the futures.
    let as_big = ["blink", "main", "plain"].map(|task| (task, symbols[&task.to_uppercase()]));
    same("futures", listed(program, "tasks", "future"), numbers(&as_big))
}

/// A program of the host: futures are as big as it prints, Snug's and stock's.
pub(crate) fn as_printed(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    let program = answer(&user, "-p host --stock")?;
    as_symbols(&program, "host")?;
    let printed = user.workspace.run("target/snug/ram/release/host")?;
    let printed_by_stock = user.workspace.run("target/snug/ram-stock/release/host")?;
    let futures = listed(&program, "tasks", "future");
    let lines: Vec<String> =
        futures.iter().map(|(name, size)| format!("{name} {size}\n")).collect();
    same("printed", printed.as_str(), lines.concat().as_str())?;
    let statics = listed(&program, "statics", "stock");
    for line in printed_by_stock.lines() {
        let (task, size) = line.split_once(' ').ok_or("no size")?;
        same(task, statics.get(&task.to_uppercase()).map(u64::to_string), Some(size.to_owned()))?;
    }
    let stock =
        symbols(&user.workspace.path("target/snug/ram-stock/release/host"), "host::tasks::")?;
    let of_tasks = listed(&program, "tasks", "stock");
    for task in ["blink", "main", "plain"] {
        same(task, of_tasks.get(task), stock.get(task))?;
    }
    if of_tasks["main"] <= listed(&program, "tasks", "bytes")["main"] {
        return Err(format!("stock's futures are not bigger: {program:#}"));
    }
    same("no memory.x", &program["ram"], &Value::Null)?;
    dev_builds(&user)
}

/// Cranelift's programs are read as well.
fn dev_builds(user: &User) -> Result<()> {
    as_symbols(&answer(user, "-p host --profile dev")?, "host")
}

/// A firmware: a share of its RAM.
pub(crate) fn of_firmware(tools: Tools) -> Result<()> {
    let mut user = user(tools)?;
    let options = format!("-p firmware --target {TARGET}");
    let program = answer(&user, &format!("{options} --stock"))?;
    as_symbols(&program, "firmware")?;
    same("RAM", program["ram"]["bytes"].as_u64(), Some(64 << 10))?;
    same("regions", program["ram"]["regions"].to_string().as_str(), "[\"RAM\"]")?;
    contains_all(&program["ram"]["script"].to_string(), &["/out/memory.x"])?;
    let bytes = program["bytes"].as_u64().unwrap_or(0);
    let percent = program["ram"]["percent"].as_f64().unwrap_or(0.0);
    same("percent", (percent * 65_536.0 / 100.0).round(), bytes as f64)?;
    // Both names of a folder are the user's.
    user.go_to("firmware");
    let text = user.succeed(&format!("ram -q --stock --top 2 {options}"))?.stdout;
    let sum = format!("{percent:.1} % of 65,536");
    let parts = [
        "task firmware::tasks::main",
        "firmware::tasks::BUFFER",
        "(--top 0 shows all)",
        "RAM in",
        &sum,
    ];
    contains_all(&text, &parts)?;
    user.succeed(&format!("ram -q --limit 99% {options}"))?;
    let refused = user.snug(&format!("ram -q --limit 5% {options}"))?.expect_exit(1, "a limit")?;
    contains_all(&refused.stdout, &["That is more than the limit."])?;
    same("at the limit", user.snug(&format!("ram --limit {bytes} {options}"))?.success, true)?;
    let less = format!("ram --limit {} {options}", bytes - 1);
    user.snug(&less)?.expect_exit(1, "one byte too much")?;
    // A script that the user names, and one that is not this program's.
    user.workspace.write("firmware/other.x", "MEMORY { RAM : o = 0x20000000, l = 16K }")?;
    let program = answer(&user, &format!("--memory other.x {options}"))?;
    same("another script", program["ram"]["bytes"].as_u64(), Some(16 << 10))?;
    user.workspace.write("firmware/other.x", "MEMORY { RAM : o = 0x10000000, l = 16K }")?;
    refused_with(
        &user,
        &format!("--memory other.x {options}"),
        &["no region of `other.x`", "--ram"],
    )?;
    // Flags that are hidden: the program is empty.
    let user = user.env("RUSTFLAGS", "");
    refused_with(&user, &options, &["it has no statics", "-Tlink.x", "cargo snug doctor"])
}

fn refused_with(user: &User, options: &str, parts: &[&str]) -> Result<()> {
    let refused = user.snug(&format!("ram -q {options}"))?.expect_exit(1, options)?;
    contains_all(&refused.stderr, parts)
}

/// A sentence each.
pub(crate) fn errors(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    refused_with(&user, "-p embassy-executor", &["this command builds no program", "--examples"])?;
    let missing = super::targets::missing_target(tools)?;
    let add = format!("rustup target add {missing}");
    refused_with(&user, &format!("-p firmware --target {missing}"), &[&add])?;
    refused_with(
        &user,
        "-p firmware --target thumbv99",
        &["`thumbv99`", "rustc does not know it"],
    )?;
    let hint = "`--memory FILE` names the linker script, `--ram BYTES`";
    refused_with(
        &user,
        "-p host --limit 50%",
        &["no `memory.x` says how much RAM there is", hint],
    )?;
    refused_with(&user, "-p host --memory none.x", &["`none.x` cannot be read"])?;
    user.workspace.write("memory.x", "MEMORY { RAM : ORIGIN = much, LENGTH = 1K }")?;
    let wrong = ["memory.x` is not understood", "region `RAM`: `much`"];
    refused_with(&user, "-p host --memory memory.x", &wrong)?;
    // It is not the host's, so it is only read if it is named.
    let text = user.succeed("ram -q -p host")?.stdout;
    same("not of the host", text.contains("That is"), false)?;
    refused_with(&user, "-p host --stock --target-dir x", &["CARGO_TARGET_DIR"])?;
    let text = user.succeed("ram -q -p host --ram 1MiB --limit 90%")?.stdout;
    contains_all(&text, &["% of 1,048,576;", "task host::tasks::blink"])?;
    let refused = user.snug("ram -p host --limit half")?.expect_exit(2, "a limit that is none")?;
    contains_all(&refused.stderr, &["half", "75%"])
}
