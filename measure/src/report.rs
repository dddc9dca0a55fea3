//! What a benchmark has found, as a file that `y figures` draws: the benchmarks write it, and nobody else.
//!
//! ```text
//! y bench NAME --json FILE ──► Report ──► FILE ──► y figures ──► docs/figures.md, docs/figures/*.svg
//! ```
//!
//! A benchmark says what it found as tables, plots and floors ([`Findings`]); what is around it (when, where, by which command) is
//! added here. `y figures` knows nothing of single benchmarks: one that calls [`Sink::write`] is in the document.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::available_parallelism;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use y::config::Config;

/// A benchmark's file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Report {
    /// Its name on the command line.
    pub(crate) benchmark: String,
    /// The command that made it.
    pub(crate) command: String,
    /// The day and the minute, in UTC.
    pub(crate) date: String,
    /// What it ran on.
    pub(crate) machine: String,
    /// The commit that was measured.
    pub(crate) commit: String,
    pub(crate) findings: Findings,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Findings {
    /// A heading.
    pub(crate) title: String,
    /// Sentences for the reader: what was measured, and how.
    pub(crate) about: String,
    pub(crate) plots: Vec<Plot>,
    pub(crate) tables: Vec<Table>,
    pub(crate) floors: Vec<Asked>,
}

/// A table: the first column is words, the others are numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Table {
    pub(crate) title: String,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// A picture: a line for each row, and in it a mark for each series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Plot {
    pub(crate) title: String,
    pub(crate) kind: Kind,
    /// What is compared, at most four things.
    pub(crate) series: Vec<String>,
    pub(crate) rows: Vec<Line>,
}

/// How values are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    /// As points with intervals around them, and a line at 1.
    Ratios,
    /// As bars from 0.
    Bars,
}

/// A row of a picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) label: String,
    /// One for each series; nothing where there is none.
    pub(crate) values: Vec<Option<Value>>,
}

/// A number, and where it lies with 95 %.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Value {
    pub(crate) value: f64,
    pub(crate) between: Option<[f64; 2]>,
}

/// A floor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Asked {
    pub(crate) title: String,
    pub(crate) met: bool,
}

impl Value {
    /// A number that is no estimate.
    pub(crate) fn exact(value: f64) -> Option<Value> {
        Some(Value { value, between: None })
    }
}

/// Where a benchmark's findings go, if anywhere.
#[derive(Clone, Debug)]
pub(crate) struct Sink {
    file: Option<PathBuf>,
    commit: String,
}

impl Sink {
    /// To a file, or nowhere.
    pub(crate) fn new(config: &Config, file: Option<&Path>) -> Sink {
        Sink { file: file.map(Path::to_owned), commit: commit(config) }
    }

    /// Writes findings.
    pub(crate) fn write(&self, benchmark: &str, findings: Findings) -> Result<()> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        let report = Report {
            benchmark: benchmark.into(),
            command: command(env::args().skip(1)),
            date: jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M UTC").to_string(),
            machine: machine(),
            commit: self.commit.clone(),
            findings,
        };
        let text = serde_json::to_string_pretty(&report)?;
        fs::write(file, text + "\n")
            .with_context(|| format!("{} cannot be written", file.display()))
    }
}

impl Report {
    /// Reads a file.
    pub(crate) fn read(file: &Path) -> Result<Report> {
        let text = fs::read_to_string(file)
            .with_context(|| format!("{} cannot be read", file.display()))?;
        serde_json::from_str(&text).with_context(|| {
            format!(
                "{} is not what `./y.sh bench NAME --json FILE` writes: write it again",
                file.display()
            )
        })
    }
}

/// The command line, but for where the file goes: nothing about it is of interest elsewhere.
fn command(arguments: impl Iterator<Item = String>) -> String {
    let mut words = vec!["./y.sh".to_owned()];
    let mut arguments = arguments.peekable();
    while let Some(argument) = arguments.next() {
        match &*argument {
            "--json" => drop(arguments.next()),
            "--sources" => drop(arguments.next()),
            _ if argument.starts_with("--json=") || argument.starts_with("--sources=") => {}
            _ => words.push(argument),
        }
    }
    words.join(" ")
}

fn commit(config: &Config) -> String {
    let described = Command::new("git")
        .args(["describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"])
        .current_dir(config.in_root("."))
        .output();
    match described {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).trim().to_owned()
        }
        _ => "unknown".into(),
    }
}

fn machine() -> String {
    let read = |file: &str| fs::read_to_string(file).unwrap_or_default();
    let cpuinfo = read("/proc/cpuinfo");
    let model = cpuinfo.lines().find(|line| line.starts_with("model name"));
    let model = model.and_then(|line| line.split_once(": ")).map_or("unknown processor", |it| it.1);
    let meminfo = read("/proc/meminfo");
    let memory = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    let memory = memory.and_then(|text| text.trim().trim_end_matches(" kB").parse::<f64>().ok());
    let memory = memory.map_or("?".into(), |kilobytes| format!("{:.0}", kilobytes / 1048576.0));
    let threads = available_parallelism().map_or(1, usize::from);
    let virtual_machine = if cpuinfo.contains(" hypervisor") { ", a virtual machine" } else { "" };
    let kernel = read("/proc/sys/kernel/osrelease");
    format!("{model}, {threads} threads, {memory} GiB{virtual_machine}, Linux {}", kernel.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_do_not_say_where_files_lie() {
        let of = |line: &str| command(line.split(' ').map(str::to_owned));
        let line = "bench runtime --json /home/me/it.json --rounds 3 --sources=/x";
        assert_eq!(of(line), "./y.sh bench runtime --rounds 3");
        assert_eq!(of("bench cases --json=/home/me/it.json"), "./y.sh bench cases");
    }

    #[test]
    fn what_is_written_is_what_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("it.json");
        let value = Some(Value { value: 0.1, between: Some([0.05, 1.0 / 3.0]) });
        let findings = Findings {
            title: "It".into(),
            plots: vec![Plot {
                title: "p".into(),
                kind: Kind::Ratios,
                series: vec!["a".into(), "b".into()],
                rows: vec![Line { label: "r".into(), values: vec![value, None] }],
            }],
            ..Findings::default()
        };
        let sink = Sink { file: Some(file.clone()), commit: "c".into() };
        sink.write("it", findings.clone()).unwrap();
        let report = Report::read(&file).unwrap();
        assert_eq!((report.findings, &*report.benchmark), (findings, "it"));
        fs::write(&file, "{}").unwrap();
        assert!(Report::read(&file).unwrap_err().to_string().contains("write it again"));
    }
}
