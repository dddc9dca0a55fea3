//! The document.

use std::fmt::Write;

use super::picture;
use crate::report::{Report, Table};

const HEAD: &str = "\
# Figures

`./y.sh figures` has written this from what benchmarks have written (`docs/figures/*.json`); nothing in it is typed by hand.
Each part says which command measured it, when, and on what. To measure again: that command with `--json FILE`, then
`./y.sh figures FILE`. What other commands print is in [claims.md](claims.md).
";

/// All of it.
pub(super) fn markdown(reports: &[Report]) -> String {
    let mut text = HEAD.to_owned();
    for report in reports {
        text += "\n";
        text += &part(report);
    }
    text
}

fn part(report: &Report) -> String {
    let findings = &report.findings;
    let mut text = format!("## {}\n\n", findings.title);
    let Report { command, date, commit, machine, .. } = report;
    let _ = writeln!(
        text,
        "`{command}`, {date}, commit {commit}, on: {machine}.\n\n{}",
        findings.about
    );
    for (index, plot) in findings.plots.iter().enumerate() {
        let _ = writeln!(text, "\n![{}]({})", escaped(&plot.title), picture(report, index));
    }
    for table in &findings.tables {
        text += "\n";
        text += &table_of(table);
    }
    if !findings.floors.is_empty() {
        text += "\nAsked for:\n\n";
    }
    for floor in &findings.floors {
        let mark = if floor.met { "met" } else { "**missed**" };
        let _ = writeln!(text, "* {mark}: {}", floor.title);
    }
    text
}

fn table_of(table: &Table) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let ruler = table.columns.iter().enumerate();
    let ruler: Vec<String> =
        ruler.map(|(index, _)| if index == 0 { "---" } else { "---:" }.into()).collect();
    let mut text = format!("{}:\n\n", table.title);
    text += &line(&table.columns);
    text += &format!("|{}|\n", ruler.join("|"));
    for row in &table.rows {
        text += &line(row);
    }
    text
}

/// Text that is only text in Markdown's tables and links.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('[', "\\[").replace(']', "\\]").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Asked, Findings};

    #[test]
    fn a_part_says_where_it_comes_from() {
        let table = Table {
            title: "Bytes".into(),
            columns: vec!["what".into(), "stock".into()],
            rows: vec![vec!["Vec<u8> | x".into(), "7".into()]],
        };
        let findings = Findings {
            title: "It".into(),
            about: "What it is.".into(),
            tables: vec![table],
            floors: vec![Asked { title: "at most 7".into(), met: false }],
            ..Findings::default()
        };
        let report = Report {
            benchmark: "it".into(),
            command: "./y.sh bench it".into(),
            date: "2026-11-30 22:00 UTC".into(),
            machine: "a machine".into(),
            commit: "abc".into(),
            findings,
        };
        let expected = "## It\n\n`./y.sh bench it`, 2026-11-30 22:00 UTC, commit abc, on: a machine.\n\nWhat it is.\n\n\
            Bytes:\n\n| what | stock |\n|---|---:|\n| Vec&lt;u8> \\| x | 7 |\n\nAsked for:\n\n* **missed**: at most 7\n";
        assert_eq!(part(&report), expected);
        assert!(markdown(&[report]).ends_with(expected));
    }
}
