//! The tables, as text for a terminal and as cells for `y figures`.

use super::figures::{Comparison, Measured};
use super::programs::ALL;
use super::rows::IDLE;
use crate::numbers::thousands;
use crate::report::Table;

/// Everything, for a terminal.
pub(super) fn tables(measured: &[Measured]) -> String {
    let mut text = String::new();
    for table in cells(measured) {
        text += &aligned(&table);
        text += "\n";
    }
    text += &uncounted(measured);
    text
}

/// Everything, in cells.
pub(super) fn cells(measured: &[Measured]) -> Vec<Table> {
    let mut tables = Vec::new();
    for other in 1..ALL.len() {
        tables.push(times(measured, other));
        tables.push(memory(measured, other));
    }
    tables.extend(connections(measured));
    tables.push(allocations(measured));
    tables.extend(counters(measured));
    tables
}

/// Why there is no table of what the processor counts.
pub(super) fn uncounted(measured: &[Measured]) -> String {
    let usages = measured.iter().flat_map(|it| &it.counters);
    match usages.filter_map(|usage| usage.uncounted.as_deref()).next() {
        Some(why) => format!(
            "Instructions and cache misses are not counted: this machine's processor, or who may use it, does not let us ({why}).\n"
        ),
        None => String::new(),
    }
}

fn table(title: String, columns: &[&str], rows: Vec<Vec<String>>) -> Table {
    Table { title, columns: columns.iter().map(|column| (*column).to_owned()).collect(), rows }
}

fn times(measured: &[Measured], other: usize) -> Table {
    let title = ALL[other].title();
    let row = |it: &Measured| {
        let time = it.time(other);
        vec![
            it.row.name.into(),
            it.rounds.len().to_string(),
            milliseconds(time.values[0]),
            milliseconds(time.values[1]),
            format!("{:.3}", time.ratio),
            between(&time),
            p(time.test.less),
            p(time.test.greater),
            p(time.test.two_sided()),
        ]
    };
    table(
        format!("Processor time, {title} compared to stock"),
        &["", "rounds", "stock, ms", "ms", "ratio", "95 %", "p less", "p more", "p two-sided"],
        measured.iter().map(row).collect(),
    )
}

fn memory(measured: &[Measured], other: usize) -> Table {
    let title = ALL[other].title();
    let row = |it: &Measured| {
        let mut cells = vec![it.row.name.to_owned()];
        for memory in [it.peak(other), it.steady(other)] {
            cells.extend(memory.values.map(|bytes| thousands((bytes / 1024.0).round() as u64)));
            cells.push(format!("{:.3}", memory.ratio));
            cells.push(between(&memory));
        }
        cells
    };
    table(
        format!(
            "Resident memory in KiB, {title} compared to stock: at the peak, and in the steady state"
        ),
        &["", "peak, stock", "peak", "ratio", "95 %", "steady, stock", "steady", "ratio", "95 %"],
        measured.iter().map(row).collect(),
    )
}

/// Bytes of an idle connection.
fn connections(measured: &[Measured]) -> Option<Table> {
    let idle = measured.iter().find(|it| it.row.name == IDLE)?;
    let super::process::Work::Idle { connections } = idle.row.work else { return None };
    let each = |bytes: f64| thousands((bytes / f64::from(connections)).round().max(0.0) as u64);
    let mut rows = Vec::new();
    for (other, compiler) in ALL.into_iter().enumerate() {
        let growth = idle.growth(other);
        let live = idle.live();
        let heap = live.map_or("?".into(), |live| each(live[other]));
        let ratio = live.map_or("?".into(), |live| format!("{:.3}", live[other] / live[0]));
        let resident = each(growth.values[1]);
        rows.push(vec![
            compiler.title().into(),
            resident,
            format!("{:.3}", growth.ratio),
            heap,
            ratio,
        ]);
    }
    Some(table(
        format!("Bytes of each of {} idle connections", thousands(connections.into())),
        &["", "resident", "ratio", "allocated", "ratio"],
        rows,
    ))
}

fn allocations(measured: &[Measured]) -> Table {
    let row = |it: &Measured| {
        let mut cells = vec![it.row.name.to_owned()];
        for counted in [
            it.counted(&it.allocations, "allocations"),
            it.counted(&it.allocations, "allocated"),
            it.live(),
        ] {
            match counted {
                Some([stock, snug, _]) => {
                    cells.extend([stock, snug].map(|value| thousands(value.max(0.0) as u64)));
                    cells.push(if stock > 0.0 {
                        format!("{:.3}", snug / stock)
                    } else {
                        "-".into()
                    });
                }
                None => cells.extend(["?", "?", "?"].map(str::to_owned)),
            }
        }
        cells
    };
    table(
        "Allocations of one run, Snug compared to stock: how many, their bytes, and the bytes in use in the steady state".into(),
        &[
            "", "calls, stock", "calls", "ratio", "bytes, stock", "bytes", "ratio", "in use, stock", "in use", "ratio",
        ],
        measured.iter().map(row).collect(),
    )
}

/// What the processor has counted, if it has.
fn counters(measured: &[Measured]) -> Option<Table> {
    let mut rows = Vec::new();
    for it in measured {
        let mut cells = vec![it.row.name.to_owned()];
        for key in ["instructions", "misses"] {
            let [stock, snug, _] = it.counted(&it.counters, key)?;
            cells.extend([stock, snug].map(|value| thousands(value.max(0.0) as u64)));
            cells.push(format!("{:.3}", snug / stock));
        }
        rows.push(cells);
    }
    Some(table(
        "Instructions and cache misses of one run in user space, Snug compared to stock".into(),
        &["", "instructions, stock", "instructions", "ratio", "misses, stock", "misses", "ratio"],
        rows,
    ))
}

fn milliseconds(seconds: f64) -> String {
    format!("{:.1}", seconds * 1e3)
}

fn between(comparison: &Comparison) -> String {
    let [low, high] = comparison.between;
    format!("{low:.3} to {high:.3}")
}

fn p(value: f64) -> String {
    if value < 0.0001 { "< 0.0001".into() } else { format!("{value:.4}") }
}

fn aligned(table: &Table) -> String {
    let lines = || [&table.columns].into_iter().chain(&table.rows);
    let width = |column: usize| lines().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let mut text = format!("{}\n", table.title);
    for line in lines() {
        for (column, cell) in line.iter().enumerate() {
            let width = width(column);
            text +=
                &if column == 0 { format!("{cell:<width$}") } else { format!("  {cell:>width$}") };
        }
        text = text.trim_end().to_owned() + "\n";
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::runtime::figures::Round;
    use crate::bench::runtime::process::Usage;
    use crate::bench::runtime::rows;

    fn measured(name: &str) -> Measured {
        let row = rows::ALL.into_iter().find(|row| row.name == name).unwrap();
        let round: Round = [2e9, 1e9, 2e9]
            .map(|value| Usage::made(&[("begin", 0.0, 0.0), ("end", value, 2048.0 * value / 1e9)]));
        Measured {
            row,
            rounds: vec![round.clone(); 5],
            allocations: round.clone(),
            counters: round,
        }
    }

    #[test]
    fn every_line_has_all_columns() {
        for table in cells(&[measured("unordered"), measured(IDLE)]) {
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{table:?}");
        }
    }

    #[test]
    fn prints_times_with_their_p_values() {
        let text = tables(&[measured("unordered")]);
        let line = text.lines().nth(2).unwrap();
        let cells: Vec<&str> =
            line.split("  ").map(str::trim).filter(|it| !it.is_empty()).collect();
        let expected = [
            "unordered",
            "5",
            "2000.0",
            "1000.0",
            "0.500",
            "0.500 to 0.500",
            "0.0312",
            "1.0000",
            "0.0625",
        ];
        assert_eq!(cells, expected, "{text}");
        assert!(!text.contains("Instructions"), "{text}");
    }

    #[test]
    fn says_why_nothing_was_counted() {
        let mut it = measured("unordered");
        it.counters[0].uncounted = Some("No such file".into());
        assert!(tables(&[it]).contains("not counted"));
    }
}
