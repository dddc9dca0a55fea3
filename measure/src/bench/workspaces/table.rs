//! What `y bench workspaces` prints: one table, ready for a document, and a line that sums it up.

use super::compilers::ALL;
use super::figures::{Figures, Ratios, Row};
use super::packages::Workspace;
use crate::bench::time::Spent;
use crate::numbers::thousands;
use crate::report::{Findings, Kind, Line, Plot, Table, Value};

/// The rows of a workspace, with what they are about.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) clean: Row,
    pub(super) clean_processor: Row,
    pub(super) edited: Row,
    pub(super) edited_processor: Row,
    pub(super) bytes: Option<Row>,
}

impl Rows {
    pub(super) fn new(figures: &Figures) -> Rows {
        let clock = |spent: &Spent| spent.clock;
        let processor = |spent: &Spent| spent.processor;
        Rows {
            clean: Row::of_times(&figures.clean, clock),
            clean_processor: Row::of_times(&figures.clean, processor),
            edited: Row::of_times(&figures.edited, clock),
            edited_processor: Row::of_times(&figures.edited, processor),
            bytes: figures.bytes.map(Row::of_bytes),
        }
    }

    /// With titles, and how values are written.
    fn titled(&self) -> impl Iterator<Item = (&'static str, &Row, fn(f64) -> String)> {
        let seconds: fn(f64) -> String = |value| format!("{value:.2} s");
        let bytes: fn(f64) -> String = |value| thousands(value as u64);
        let times = [
            ("clean build", &self.clean, seconds),
            ("clean build, processor", &self.clean_processor, seconds),
            ("after an edit", &self.edited, seconds),
            ("after an edit, processor", &self.edited_processor, seconds),
        ];
        times.into_iter().chain(self.bytes.iter().map(move |row| ("program, bytes", row, bytes)))
    }
}

/// The table.
pub(super) fn table(measured: &[(&Workspace, Rows)]) -> String {
    markdown(&cells(measured))
}

/// What `y figures` shows.
pub(super) fn findings(measured: &[(&Workspace, Rows)]) -> Findings {
    let [columns, rows @ ..] = &*cells(measured) else { unreachable!("a table has a head") };
    let line = |(workspace, rows): &(&Workspace, Rows)| Line {
        label: workspace.root.name.into(),
        values: [rows.clean_processor, rows.edited_processor]
            .map(|row| Value::exact(row.ratios.snug_to_stock))
            .to_vec(),
    };
    Findings {
        title: "Building projects from the registry".into(),
        about: summary(measured),
        plots: vec![Plot {
            title: "Processor time of a build with Snug, compared to stock LLVM".into(),
            kind: Kind::Ratios,
            series: vec!["clean build".into(), "after an edit".into()],
            rows: measured.iter().map(line).collect(),
        }],
        tables: vec![Table {
            title: "Medians, and medians of ratios between neighbours".into(),
            columns: columns.to_vec(),
            rows: rows.iter().map(|row| row.to_vec()).collect(),
        }],
        floors: Vec::new(),
    }
}

fn cells(measured: &[(&Workspace, Rows)]) -> Vec<[String; 8]> {
    let titles = ALL.map(|compiler| compiler.title());
    let mut cells = vec![[
        "workspace".to_string(),
        String::new(),
        titles[0].into(),
        titles[1].into(),
        titles[2].into(),
        "upstream / LLVM".into(),
        "Snug / LLVM".into(),
        "Snug / upstream".into(),
    ]];
    for (workspace, rows) in measured {
        for (index, (title, row, shown)) in rows.titled().enumerate() {
            let root = &workspace.root;
            let name = match index {
                0 => format!(
                    "{} {} ({}, `{}`)",
                    root.name, root.version, workspace.kind, workspace.command
                ),
                _ => String::new(),
            };
            let [stock, upstream, snug] = row.values.map(shown);
            let Ratios { upstream_to_stock, snug_to_stock, snug_to_upstream } = row.ratios;
            let [a, b, c] =
                [upstream_to_stock, snug_to_stock, snug_to_upstream].map(|it| format!("{it:.3}"));
            cells.push([name, title.into(), stock, upstream, snug, a, b, c]);
        }
    }
    cells
}

/// The first two columns are words, the others numbers.
fn markdown(cells: &[[String; 8]]) -> String {
    let width =
        |column: usize| cells.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 8] = std::array::from_fn(width);
    let mut text = String::new();
    for (index, row) in cells.iter().enumerate() {
        for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
            text += &if column < 2 {
                format!("| {cell:<width$} ")
            } else {
                format!("| {cell:>width$} ")
            };
        }
        text += "|\n";
        if index == 0 {
            for (column, width) in widths.iter().enumerate() {
                text +=
                    &format!("|{}{}", "-".repeat(width + 1), if column < 2 { "-" } else { ":" });
            }
            text += "|\n";
        }
    }
    text
}

/// How Snug compares, over all workspaces: geometric means.
pub(super) fn summary(measured: &[(&Workspace, Rows)]) -> String {
    let means = |get: fn(&Rows) -> Row| {
        let all: Vec<Ratios> = measured.iter().map(|(_, rows)| get(rows).ratios).collect();
        Ratios::means(&all)
    };
    let [clean, edited] = [means(|rows| rows.clean), means(|rows| rows.edited)];
    let [clean_processor, edited_processor] =
        [means(|rows| rows.clean_processor), means(|rows| rows.edited_processor)];
    let part = |get: fn(&Ratios) -> f64| {
        format!(
            "clean builds {:.3} of the time ({:.3} of the processor time), after an edit {:.3} ({:.3})",
            get(&clean),
            get(&clean_processor),
            get(&edited),
            get(&edited_processor)
        )
    };
    format!(
        "Snug, compared to stock LLVM: {}; compared to upstream cg_clif: {}; geometric means of {} workspaces.",
        part(|it| it.snug_to_stock),
        part(|it| it.snug_to_upstream),
        measured.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::workspaces::packages::WORKSPACES;

    fn rows() -> Rows {
        let spent = |clock: f64| Spent { clock, processor: 2.0 * clock };
        let sample = [spent(4.0), spent(2.0), spent(1.0)];
        Rows::new(&Figures {
            clean: vec![sample],
            edited: vec![sample],
            bytes: Some([2000, 1000, 500]),
            differences: Vec::new(),
        })
    }

    #[test]
    fn prints_a_row_for_each_thing_that_was_measured() {
        let text = table(&[(&WORKSPACES[0], rows())]);
        let lines: Vec<&str> = text.lines().collect();
        let cells = |line: &str| -> Vec<String> {
            line.trim_matches('|').split('|').map(|cell| cell.trim().to_string()).collect()
        };
        assert_eq!(lines.len(), 2 + 5);
        assert!(
            lines.iter().all(|line| line.chars().count() == lines[0].chars().count()),
            "{text}"
        );
        assert_eq!(
            cells(lines[2]),
            [
                "ripgrep 15.2.0 (CLI, `build`)",
                "clean build",
                "4.00 s",
                "2.00 s",
                "1.00 s",
                "0.500",
                "0.250",
                "0.500"
            ]
        );
        assert_eq!(cells(lines[3])[2..5], ["8.00 s", "4.00 s", "2.00 s"]);
        assert_eq!(cells(lines[6])[1..5], ["program, bytes", "2,000", "1,000", "500"]);
    }

    #[test]
    fn sums_up_in_a_line() {
        let text = summary(&[(&WORKSPACES[0], rows()), (&WORKSPACES[1], rows())]);
        assert_eq!(
            text,
            "Snug, compared to stock LLVM: clean builds 0.250 of the time (0.250 of the processor time), after an \
             edit 0.250 (0.250); compared to upstream cg_clif: clean builds 0.500 of the time (0.500 of the \
             processor time), after an edit 0.500 (0.500); geometric means of 2 workspaces."
        );
    }
}
