//! Prints the figures, and says which floors they miss.

use std::fmt::Write;

use super::compilers::ALL;
use super::figures::{Figures, PROGRAMS, Sample};
use crate::bench::floors::Floor;
use crate::bench::ratio::Times;

pub(super) const STOCK: usize = 0;
pub(super) const UPSTREAM: usize = 1;
pub(super) const SNUG: usize = 2;

/// A line: what it is of, and what counts of a sample.
pub(super) type Line = (String, fn(&Sample) -> f64);

pub(super) fn builds() -> [Line; 3] {
    [
        ("build: clean".to_owned(), |sample| sample.clean),
        ("build: a program edited".to_owned(), |sample| sample.leaf),
        ("build: what all depend on edited".to_owned(), |sample| sample.root),
    ]
}

/// The figures as a table: seconds of processor time, and ratios with intervals.
pub(super) fn table(figures: &Figures) -> String {
    let mut text = String::new();
    let titles = ALL.map(|compiler| format!("{:>18}", compiler.title())).concat();
    let _ = writeln!(text, "{:34}{titles}  Snug Cranelift to stock, to upstream", "");
    let mut line = |title: &str, get: &dyn Fn(&Sample) -> f64| {
        let [stock, upstream] =
            [STOCK, UPSTREAM].map(|other| Times::of(&figures.pairs(other, SNUG, get)));
        let values = (0..ALL.len()).map(|index| {
            let pairs = figures.pairs(index, index, get);
            format!("{:>18.2}", Times::of(&pairs).seconds[0])
        });
        let values: String = values.collect();
        let _ = writeln!(text, "{title:34}{values}  {}, {}", shown(&stock), shown(&upstream));
    };
    for (title, get) in builds() {
        line(&title, &get);
    }
    for (index, program) in PROGRAMS.into_iter().enumerate() {
        line(&format!("run: {program}"), &|sample| sample.runs[index]);
    }
    let whole = |title: &str, values: [u64; 4]| {
        let shown: String = values.map(|value| format!("{value:>18}")).concat();
        let ratio = |other: usize| values[SNUG] as f64 / values[other].max(1) as f64;
        format!("{title:34}{shown}  {:.3}, {:.3}\n", ratio(STOCK), ratio(UPSTREAM))
    };
    text += &whole("programs, bytes", figures.bytes);
    text += &whole("frames of all functions, bytes", frames(figures));
    for (index, program) in PROGRAMS.into_iter().enumerate() {
        text += &whole(&format!("stack: {program}, bytes"), stacks(figures, index));
    }
    text += &whole("calls that 8 MiB are enough for", depths(figures));
    text
}

pub(super) fn shown(times: &Times) -> String {
    format!("{:.3} ({:.3}..{:.3})", times.ratio, times.between[0], times.between[1])
}

pub(super) fn frames(figures: &Figures) -> [u64; 4] {
    [0, 1, 2, 3].map(|index| figures.frames[index].values().sum())
}

/// Bytes of stack that the work of a program takes, the most of all rounds.
pub(super) fn stacks(figures: &Figures, program: usize) -> [u64; 4] {
    let most = |index: usize| {
        let rounds = figures.rounds.iter().map(|sample| sample[index].answers[program].stack);
        rounds.max().unwrap_or(0)
    };
    [0, 1, 2, 3].map(most)
}

pub(super) fn depths(figures: &Figures) -> [u64; 4] {
    let least = |index: usize| {
        let answers = figures.rounds.iter().flat_map(|sample| &sample[index].answers);
        answers.filter_map(|answer| answer.depth).min().unwrap_or(0)
    };
    [0, 1, 2, 3].map(least)
}

/// The geometric mean of the ratios of all runs.
fn runs(figures: &Figures, other: usize) -> f64 {
    let ratio = |index: usize| Times::of(&figures.pairs(other, SNUG, |it| it.runs[index])).ratio;
    let sum: f64 = (0..PROGRAMS.len()).map(|index| ratio(index).ln()).sum();
    (sum / PROGRAMS.len() as f64).exp()
}

/// What is asked of Snug's Cranelift twin.
pub(super) fn floors(figures: &Figures) -> Vec<Floor> {
    let mut floors = Vec::new();
    let mut at_most = |title: &str, value: f64, most: f64| {
        let title = format!("{title}: {value:.3}, at most {most:.2}");
        floors.push(Floor { title, met: value <= most });
    };
    at_most("runs, to stock", runs(figures, STOCK), 1.0);
    at_most("runs, to upstream", runs(figures, UPSTREAM), 0.7);
    let [clean, leaf, _] = builds();
    for (title, get) in [clean, leaf] {
        let to = |other: usize| Times::of(&figures.pairs(other, SNUG, get)).ratio;
        at_most(&format!("{title}, to upstream"), to(UPSTREAM), 1.0);
        at_most(&format!("{title}, to stock"), to(STOCK), 0.85);
    }
    let frames = frames(figures);
    at_most("frames, to upstream", frames[SNUG] as f64 / frames[UPSTREAM].max(1) as f64, 0.55);
    let size = figures.bytes[SNUG] as f64 / figures.bytes[UPSTREAM].max(1) as f64;
    at_most("size, to upstream", size, 0.85);
    floors
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::debug::figures::Answer;

    #[test]
    fn floors_are_of_ratios() {
        let sample = |seconds: f64| Sample {
            clean: seconds,
            leaf: seconds,
            root: seconds,
            runs: vec![seconds; 5],
            answers: vec![Answer::default(); 5],
        };
        let mut figures = Figures { bytes: [4, 4, 3, 4], ..Figures::default() };
        figures.add([2.0, 4.0, 1.0, 2.0].map(sample)).unwrap();
        let floors = floors(&figures);
        assert!(floors.iter().all(|floor| floor.met), "{floors:?}");
        assert!(floors[0].title.contains("runs, to stock: 0.500"), "{}", floors[0].title);
        assert!(table(&figures).contains("run: web"));
        figures.bytes[2] = 4;
        assert!(super::floors(&figures).iter().any(|floor| !floor.met));
    }
}
