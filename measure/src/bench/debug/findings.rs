//! What `y figures` shows.

use super::compilers::ALL;
use super::figures::{Figures, PROGRAMS, Sample};
use super::table::{self, SNUG, STOCK, UPSTREAM, builds, depths, frames, shown, stacks};
use crate::bench::floors::Floor;
use crate::bench::ratio::Times;
use crate::numbers::thousands;
use crate::report::{Findings, Kind, Line, Plot, Table, Value};

/// All of it.
pub(super) fn findings(figures: &Figures) -> Findings {
    Findings {
        title: "Programs without optimisation".into(),
        about: format!(
            "Five programs (`bench/debug`) are built and run in cargo's dev profile by four compilers in turn, {} times. Times are \
             processor time; ratios are medians of the ratios of neighbours, and the interval that has the true one with 95 %.",
            figures.rounds.len()
        ),
        plots: vec![times_plot(figures), stack_plot(figures)],
        tables: vec![times(figures), sizes(figures)],
        floors: Floor::asked(&table::floors(figures)),
    }
}

/// How a time is found in a sample.
type Get = Box<dyn Fn(&Sample) -> f64>;

/// Titles of everything that has a time, and how it is found.
fn timed() -> Vec<(String, Get)> {
    let mut all: Vec<(String, Get)> = Vec::new();
    for (title, get) in builds() {
        all.push((title, Box::new(get)));
    }
    for (index, program) in PROGRAMS.into_iter().enumerate() {
        all.push((format!("run: {program}"), Box::new(move |sample| sample.runs[index])));
    }
    all
}

fn times_plot(figures: &Figures) -> Plot {
    let rows = timed().into_iter().map(|(label, get)| {
        let values = [STOCK, UPSTREAM].map(|other| {
            let times = Times::of(&figures.pairs(other, SNUG, &get));
            Some(Value { value: times.ratio, between: Some(times.between) })
        });
        Line { label, values: values.to_vec() }
    });
    Plot {
        title: "Processor time with Snug's Cranelift twin, compared to".into(),
        kind: Kind::Ratios,
        series: vec!["stock LLVM".into(), "upstream cg_clif".into()],
        rows: rows.collect(),
    }
}

fn stack_plot(figures: &Figures) -> Plot {
    let rows = PROGRAMS.into_iter().enumerate().map(|(index, program)| Line {
        label: program.into(),
        values: stacks(figures, index).map(|bytes| Value::exact(bytes as f64)).to_vec(),
    });
    Plot {
        title: "Bytes of stack that the programs need".into(),
        kind: Kind::Bars,
        series: ALL.map(|compiler| compiler.title().to_owned()).to_vec(),
        rows: rows.collect(),
    }
}

fn columns(more: &[&str]) -> Vec<String> {
    let compilers = ALL.into_iter().map(|compiler| compiler.title());
    [""].into_iter().chain(compilers).chain(more.iter().copied()).map(str::to_owned).collect()
}

fn times(figures: &Figures) -> Table {
    let rows = timed().into_iter().map(|(title, get)| {
        let seconds = (0..ALL.len()).map(|index| {
            let times = Times::of(&figures.pairs(index, index, &get));
            format!("{:.2}", times.seconds[0])
        });
        let ratios =
            [STOCK, UPSTREAM].map(|other| shown(&Times::of(&figures.pairs(other, SNUG, &get))));
        [title].into_iter().chain(seconds).chain(ratios).collect()
    });
    Table {
        title: "Seconds of processor time".into(),
        columns: columns(&["Snug Cranelift to stock", "to upstream"]),
        rows: rows.collect(),
    }
}

fn sizes(figures: &Figures) -> Table {
    let row = |title: String, values: [u64; 4]| {
        let shown = values.map(thousands);
        [title].into_iter().chain(shown).collect::<Vec<_>>()
    };
    let mut rows = vec![
        row("programs".into(), figures.bytes),
        row("frames of all functions".into(), frames(figures)),
    ];
    for (index, program) in PROGRAMS.into_iter().enumerate() {
        rows.push(row(format!("stack: {program}"), stacks(figures, index)));
    }
    rows.push(row("calls that 8 MiB of stack are enough for".into(), depths(figures)));
    Table { title: "Bytes".into(), columns: columns(&[]), rows }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::debug::figures::Answer;

    #[test]
    fn every_row_has_as_many_cells_as_there_are_columns() {
        let sample = |seconds: f64| Sample {
            clean: seconds,
            leaf: seconds,
            root: seconds,
            runs: vec![seconds; 5],
            answers: vec![Answer { stack: 1000, ..Answer::default() }; 5],
        };
        let mut figures = Figures { bytes: [4, 4, 3, 4], ..Figures::default() };
        figures.add([2.0, 4.0, 1.0, 2.0].map(sample)).unwrap();
        let findings = findings(&figures);
        for table in &findings.tables {
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{table:?}");
        }
        assert_eq!(findings.plots[0].rows[0].values[0].unwrap().value, 0.5);
        assert_eq!(findings.plots[1].rows[2].values.len(), 4);
    }
}
