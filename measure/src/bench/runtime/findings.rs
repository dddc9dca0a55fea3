//! What `y figures` shows.

use super::figures::{Comparison, Measured};
use super::programs::ALL;
use super::table::{cells, uncounted};
use crate::bench::floors::Floor;
use crate::report::{Findings, Kind, Line, Plot, Value};

/// All of it.
pub(super) fn findings(measured: &[Measured], floors: &[Floor]) -> Findings {
    Findings {
        title: "Optimised programs at work".into(),
        about: about(measured),
        plots: vec![
            plot(measured, "Processor time, compared to stock", Measured::time),
            plot(measured, "Resident memory at the peak, compared to stock", Measured::peak),
        ],
        tables: cells(measured),
        floors: Floor::asked(floors),
    }
}

fn about(measured: &[Measured]) -> String {
    let rounds = measured.iter().map(|it| it.rounds.len());
    let (fewest, most) = (rounds.clone().min().unwrap_or(0), rounds.max().unwrap_or(0));
    let text = format!(
        "The programs of `bench/runtime` (release profile, LLVM), in pairs of the same round, in random order; {fewest} to {most} rounds. \
         Processor time is that of the measured process, after a warm-up; servers have one thread and are asked by a load in a \
         process of its own, compiled by stock rustc. Ratios are Hodges' and Lehmann's estimates with an interval of 95 %, p-values are exact \
         ones of Wilcoxon's signed-rank test, not corrected for the number of rows. {}",
        uncounted(measured)
    );
    text.trim_end().to_owned()
}

fn plot(measured: &[Measured], title: &str, get: fn(&Measured, usize) -> Comparison) -> Plot {
    let line = |it: &Measured| {
        let values = (1..ALL.len()).map(|other| {
            let Comparison { ratio, between, .. } = get(it, other);
            Some(Value { value: ratio, between: Some(between) })
        });
        Line { label: it.row.name.into(), values: values.collect() }
    };
    Plot {
        title: title.into(),
        kind: Kind::Ratios,
        series: ALL[1..].iter().map(|compiler| compiler.title().to_owned()).collect(),
        rows: measured.iter().map(line).collect(),
    }
}
