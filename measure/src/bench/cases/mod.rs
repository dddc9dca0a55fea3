//! `y bench cases`: what users have reported about the stack and the size of their futures, as programs of ours (`bench/cases`).
//!
//! They are built in cargo's dev and release profiles, with stock and with `cargo snug` (Cranelift in dev builds, LLVM in release
//! builds). Neither bytes nor stack depend on how busy the machine is, so each is looked at once.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use super::compilers::Cargos;
use super::floors::{self, Floor};
use crate::numbers::thousands;
use crate::report::{Findings, Kind, Line, Plot, Sink, Table, Value};
use y::cargo::Run;
use y::config::Config;
use y::disk;
use y::prepare::Prepared;
use y::ui::Ui;

/// What two profiles of two compilers take on disk.
const MEGABYTES: u64 = 600;

/// Names of cases, and who has reported them.
const CASES: [(&str, &str); 5] = [
    (
        "azure",
        "azure-sdk-for-rust #4794: a chain of calls with options, a context and a large result",
    ),
    ("tokio", "tokio #5909: buffers of 64 KiB, one after the other, in an async main"),
    ("datafusion", "datafusion #10033: a data frame that is passed on with its session"),
    ("pants", "pants #17409, #23481: futures around futures around futures"),
    ("embassy", "embassy #4123: timeouts that are async fns"),
];

/// A build of all cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Build {
    title: &'static str,
    snug: bool,
    release: bool,
}

/// All of them, in the order of columns: stock before Snug.
const BUILDS: [Build; 4] = [
    Build { title: "dev, stock", snug: false, release: false },
    Build { title: "dev, Snug", snug: true, release: false },
    Build { title: "release, stock", snug: false, release: true },
    Build { title: "release, Snug", snug: true, release: true },
];

/// What a case prints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Printed {
    /// Of its future.
    bytes: u64,
    stack: u64,
    result: String,
}

/// What a case prints in each build.
type Measured = [Printed; BUILDS.len()];

/// Measures, prints, and fails if programs compute different things or a floor is missed.
pub(super) fn run(config: &Config, ui: &Ui, prepared: &Prepared, sink: &Sink) -> Result<()> {
    disk::require(config, MEGABYTES, "build bench/cases four times")?;
    let folder = config.in_root("build/bench-cases");
    let cargos = Cargos::new(config, prepared)?;
    let mut measured = vec![Measured::default(); CASES.len()];
    for (index, build) in BUILDS.into_iter().enumerate() {
        let program = build.make(config, ui, &cargos, &folder)?;
        for ((name, _), measured) in CASES.into_iter().zip(&mut measured) {
            measured[index] = try_out(&program, name)?;
        }
    }
    same(&measured)?;
    for table in tables(&measured) {
        println!("{}", shown(&table));
    }
    let floors = floors(&measured);
    sink.write("cases", findings(&measured, &floors))?;
    floors::check("cases", &floors)
}

impl Build {
    fn make(self, config: &Config, ui: &Ui, cargos: &Cargos, folder: &Path) -> Result<PathBuf> {
        let mut command = if self.snug { cargos.snug(&[]) } else { cargos.stock() };
        let target = folder.join(if self.snug { "snug" } else { "stock" });
        command
            .args(["build", "--locked"])
            .args(self.release.then_some("--release"))
            .current_dir(config.in_root("bench/cases"))
            .env("CARGO_TARGET_DIR", &target);
        let title = format!("compile bench/cases: {}", self.title);
        let log = folder.join("build.log");
        ui.step(&title, |progress| Run { purpose: &title, command, log }.with(progress))?;
        // `cargo snug` has a folder of its own in there.
        let target = if self.snug { target.join("snug") } else { target };
        Ok(target.join(if self.release { "release" } else { "debug" }).join("cases"))
    }
}

fn try_out(program: &Path, name: &str) -> Result<Printed> {
    let output = Command::new(program).arg(name).output();
    let output = output.with_context(|| format!("{} cannot be run", program.display()))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        bail!("`{} {name}`: {}\n{stderr}", program.display(), output.status);
    }
    parse(&String::from_utf8_lossy(&output.stdout))
}

/// Reads the lines `bytes N`, `stack N` and `result NAME N`.
fn parse(printed: &str) -> Result<Printed> {
    let line = |key: &str| {
        let mut lines = printed.lines().filter_map(|line| line.split_once(' '));
        let found = lines.find(|(found, _)| *found == key).map(|(_, rest)| rest.to_owned());
        found.with_context(|| format!("a case prints no `{key}`: {printed}"))
    };
    Ok(Printed {
        bytes: line("bytes")?.parse()?,
        stack: line("stack")?.parse()?,
        result: line("result")?,
    })
}

fn same(measured: &[Measured]) -> Result<()> {
    for ((name, _), printed) in CASES.into_iter().zip(measured) {
        for (build, of) in BUILDS.into_iter().zip(printed) {
            let [found, expected] = [&of.result, &printed[0].result];
            ensure!(
                found == expected,
                "`{name}`, {}, computes {found}, stock {expected}",
                build.title
            );
        }
    }
    Ok(())
}

fn tables(measured: &[Measured]) -> [Table; 2] {
    let stacks = table("Bytes of stack that the work needs", measured, |it| it.stack);
    [table("Bytes of the future", measured, |it| it.bytes), stacks]
}

fn table(title: &str, measured: &[Measured], get: fn(&Printed) -> u64) -> Table {
    let [dev_stock, dev_snug, release_stock, release_snug] = BUILDS.map(|build| build.title);
    let columns = ["", dev_stock, dev_snug, "ratio", release_stock, release_snug, "ratio"];
    let rows = CASES.into_iter().zip(measured).map(|((_, about), printed)| {
        let [a, b, c, d] = printed.each_ref().map(get);
        let ratio = |one: u64, other: u64| format!("{:.3}", other as f64 / one as f64);
        vec![
            about.into(),
            thousands(a),
            thousands(b),
            ratio(a, b),
            thousands(c),
            thousands(d),
            ratio(c, d),
        ]
    });
    Table {
        title: title.into(),
        columns: columns.map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }
}

/// The table for a terminal.
fn shown(table: &Table) -> String {
    let mut text = format!("{}\n", table.title);
    for row in [&table.columns].into_iter().chain(&table.rows) {
        let (about, numbers) = (&row[0], &row[1..]);
        let numbers: String = numbers.iter().map(|cell| format!("{cell:>15}")).collect();
        text += &format!("{numbers}  {about}\n");
    }
    text
}

/// Nobody's future or stack is larger than with stock.
fn floors(measured: &[Measured]) -> Vec<Floor> {
    type Get = fn(&Printed) -> u64;
    let gets: [(&str, Get); 2] = [("bytes", |it| it.bytes), ("stack", |it| it.stack)];
    let mut floors = Vec::new();
    for (what, get) in gets {
        for (profile, stock) in [("dev", 0), ("release", 2)] {
            let larger = |printed: &Measured| get(&printed[stock + 1]) > get(&printed[stock]);
            let names = CASES
                .into_iter()
                .zip(measured)
                .filter(|(_, it)| larger(it))
                .map(|((name, _), _)| name);
            let names: Vec<&str> = names.collect();
            let list = if names.is_empty() { "none".into() } else { names.join(", ") };
            let title = format!("{profile}: cases with more {what} than stock: {list}");
            floors.push(Floor { title, met: names.is_empty() });
        }
    }
    floors
}

fn findings(measured: &[Measured], floors: &[Floor]) -> Findings {
    let plot = |title: &str, get: fn(&Printed) -> u64| {
        let rows = CASES.into_iter().zip(measured).map(|((name, _), printed)| {
            let ratio = |stock: usize| {
                Value::exact(get(&printed[stock + 1]) as f64 / get(&printed[stock]) as f64)
            };
            Line { label: name.into(), values: vec![ratio(0), ratio(2)] }
        });
        let series = vec!["dev".into(), "release".into()];
        Plot { title: title.into(), kind: Kind::Ratios, series, rows: rows.collect() }
    };
    Findings {
        title: "What users have reported".into(),
        about: "Programs of ours after public reports (`bench/cases`), in the dev and the release profile, with stock and with `cargo snug` \
                (Cranelift in dev builds, LLVM in release builds). The stack is painted before the work begins."
            .into(),
        plots: vec![
            plot("Bytes of the future, Snug compared to stock", |it| it.bytes),
            plot("Bytes of stack, Snug compared to stock", |it| it.stack),
        ],
        tables: tables(measured).to_vec(),
        floors: Floor::asked(floors),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(bytes: [u64; 4]) -> Vec<Measured> {
        let printed = bytes.map(|bytes| Printed { bytes, stack: 2 * bytes, result: "x 1".into() });
        vec![printed; CASES.len()]
    }

    #[test]
    fn lines_are_read() {
        let printed = parse("bytes 5\nstack 7\nresult azure 9\n").unwrap();
        assert_eq!(printed, Printed { bytes: 5, stack: 7, result: "azure 9".into() });
        assert!(parse("bytes 5\n").unwrap_err().to_string().contains("no `stack`"));
    }

    #[test]
    fn more_than_stock_misses_a_floor() {
        assert!(floors(&measured([4, 2, 4, 4])).iter().all(|floor| floor.met));
        let mut bad = measured([4, 2, 4, 4]);
        bad[4][3].stack = 100;
        let missed: Vec<Floor> = floors(&bad).into_iter().filter(|floor| !floor.met).collect();
        assert_eq!(missed.len(), 1);
        assert_eq!(missed[0].title, "release: cases with more stack than stock: embassy");
    }

    #[test]
    fn another_result_is_an_error() {
        let mut other = measured([1; 4]);
        assert!(same(&other).is_ok());
        other[1][1].result = "x 2".into();
        assert!(same(&other).unwrap_err().to_string().starts_with("`tokio`, dev, Snug"));
    }

    #[test]
    fn tables_have_ratios() {
        let [bytes, _] = tables(&measured([4, 2, 8, 2]));
        assert_eq!(bytes.rows[0][1..], ["4", "2", "0.500", "8", "2", "0.250"]);
        assert!(shown(&bytes).contains("azure-sdk-for-rust"));
    }
}
