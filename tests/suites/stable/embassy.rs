//! `examples/firmware`, on embassy itself: what `cargo snug ram` says of it, and what it does in QEMU, under stock and under Snug.
//!
//! The quick form of `./y.sh bench firmware`. What it depends on comes from the registry; `core`, where the toolchain has none for
//! the target, from rustc's sources.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use object::{Object, ObjectSection};
use serde_json::Value;
use snug_tests::Result;
use snug_tests::command;
use snug_tests::harness::Tools;
use snug_tests::programs::table;
use snug_tests::toolchain::package;
use snug_tests::user::User;
use snug_tests::workshop::{Workshop, same};

use crate::ram::{TARGET, answer, listed, numbers, path, symbols};

/// Building it twice may take so long on a busy machine.
const LIMIT: Duration = Duration::from_secs(1800);
/// Running it takes two seconds.
const RUN: Duration = Duration::from_secs(120);

/// What to install if QEMU or the linker for the target is not there: a distribution's compiler may come without that.
pub(crate) fn lacks(tools: Tools) -> Result<Option<String>> {
    let linker = format!("lib/rustlib/{}-unknown-linux-gnu/bin/rust-lld", std::env::consts::ARCH);
    if !tools.sysroot().join(linker).exists() {
        return Ok(Some("install rust-lld".to_owned()));
    }
    let [qemu, ..] = &runner()?[..] else { return Err("the firmware has no runner".to_owned()) };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there = std::env::split_paths(&path).any(|folder| folder.join(qemu).exists());
    Ok((!is_there).then(|| format!("install {qemu}")))
}

fn runner() -> Result<Vec<String>> {
    let programs = table::read()?;
    let firmware = programs.iter().find(|program| program.name == "firmware");
    let runner = firmware.and_then(|program| program.runner.clone());
    let runner = runner.ok_or("the table of programs has no firmware with a runner")?;
    Ok(runner.split(' ').map(str::to_owned).collect())
}

/// Pools are what symbols say, no memory grows, and both programs print the same.
pub(crate) fn as_stock(tools: Tools) -> Result<()> {
    let workshop = Workshop::new(tools, &[])?;
    workshop.copy(&package().join("../examples/firmware"), ".")?;
    // The toolchain's own, if it has them: those of the tests are of the default version.
    let own = tools.sysroot().join("lib/rustlib/src/rust/library");
    let library = if own.exists() { own } else { tools.sources.join("library") };
    let mut user = User::of(tools, workshop).env("CARGO_NET_OFFLINE", "false").patient(LIMIT);
    let mut options = format!("--stock --features stack --locked --target {TARGET}");
    if !tools.sysroot().join("lib/rustlib").join(TARGET).exists() {
        options += " -Zbuild-std=core";
        user = user.env("RUSTC_BOOTSTRAP", "1").env("__CARGO_TESTS_ONLY_SRC_ROOT", library);
    }
    let program = answer(&user, &options)?;
    pools(&program)?;
    let snug = path(&program).to_owned();
    let stock = PathBuf::from(snug.to_string_lossy().replace("/snug/ram/", "/snug/ram-stock/"));
    let (printed, stack) = run(&snug)?;
    let (printed_by_stock, stack_of_stock) = run(&stock)?;
    same("printed", printed.as_str(), printed_by_stock.as_str())?;
    same("it came to its end", printed.contains("cloud is done"), true)?;
    let (sections, sections_of_stock) = (sections(&snug)?, sections(&stock)?);
    let mut figures = vec![("stack".to_owned(), stack, stack_of_stock)];
    for (name, size) in sections {
        figures.push((name.clone(), size, sections_of_stock.get(&name).copied().unwrap_or(0)));
    }
    for (name, snug, stock) in figures {
        if snug > stock {
            return Err(format!("{name}: stock's has {stock} bytes, Snug's {snug}"));
        }
    }
    Ok(())
}

fn pools(program: &Value) -> Result<()> {
    let counts = [
        ("serve", 3),
        ("report", 1),
        ("update", 1),
        ("measure", 2),
        ("collect", 1),
        ("supervisor", 1),
        ("print", 1),
    ];
    same("pools", listed(program, "tasks", "pool_size"), numbers(&counts))?;
    let [bytes, stock, futures] =
        ["bytes", "stock", "future"].map(|key| listed(program, "tasks", key));
    // A symbol is called like the module and the task: `firmware::http::serve::POOL`.
    let symbols: BTreeMap<String, u64> = symbols(path(program), "firmware::")?
        .into_iter()
        .filter_map(|(name, size)| Some((name.rsplit("::").next()?.to_owned(), size)))
        .collect();
    for (task, count) in counts {
        same(task, bytes.get(task), symbols.get(task))?;
        // The rest of each place is a header, and what aligns it.
        let header = (bytes[task] / count).checked_sub(futures[task]);
        same(task, header.is_some_and(|header| (40..48).contains(&header)), true)?;
        if bytes[task] > stock[task] {
            return Err(format!("{task}: {} bytes, stock's has {}", bytes[task], stock[task]));
        }
    }
    same("RAM", program["ram"]["bytes"].as_u64(), Some(256 << 10))?;
    // Much of it is buffers: what a layout can do is a third.
    let [snug, stock] = [&bytes, &stock].map(|all| all.values().sum::<u64>());
    same("three quarters of stock's", snug * 4 <= stock * 3, true)
}

/// What a program prints, and how much stack it has used.
fn run(program: &Path) -> Result<(String, u64)> {
    let runner = runner()?;
    let [qemu, arguments @ ..] = &runner[..] else { return Err("no runner".to_owned()) };
    let mut command = Command::new(qemu);
    command.args(arguments).arg(program);
    let finished = command::run_within(&mut command, RUN)?.expect_success("the firmware")?;
    let stack = finished.stderr.lines().find_map(|line| line.strip_prefix("stack ")?.parse().ok());
    let stack = stack.ok_or_else(|| format!("no stack is said: {}", finished.stderr))?;
    Ok((finished.stdout, stack))
}

/// Code, and what lies in the RAM.
fn sections(program: &Path) -> Result<BTreeMap<String, u64>> {
    let complaint = |error: &dyn std::fmt::Display| format!("{}: {error}", program.display());
    let data = std::fs::read(program).map_err(|error| complaint(&error))?;
    let file = object::File::parse(&*data).map_err(|error| complaint(&error))?;
    let wanted = [".text", ".rodata", ".data", ".bss"];
    let sizes = wanted
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), file.section_by_name(name)?.size())));
    Ok(sizes.collect())
}
