//! Prints how far packings are above the optimum or the bound.
//!
//! `cargo run --release --example gap`

use std::time::{Duration, Instant};

use snug_packing::exact;
use snug_packing::generate::Spec;

/// Gaps over one series of problems.
#[derive(Default)]
struct Gaps {
    problems: u32,
    reached: u32,
    sum: f64,
    worst: f64,
    time: Duration,
    longest: Duration,
}

impl Gaps {
    fn of(specs: impl Iterator<Item = Spec>, least: impl Fn(&Spec) -> u64) -> Gaps {
        let mut gaps = Gaps::default();
        for spec in specs {
            let start = Instant::now();
            let problem = spec.problem().expect("the shapes are sound");
            let size = problem.pack().expect("the shapes are sound").size;
            let time = start.elapsed();
            let least = least(&spec);
            let gap = (size - least) as f64 / least.max(1) as f64 * 100.0;
            gaps.problems += 1;
            gaps.reached += u32::from(size == least);
            gaps.sum += gap;
            gaps.worst = gaps.worst.max(gap);
            gaps.time += time;
            gaps.longest = gaps.longest.max(time);
        }
        gaps
    }

    fn print(&self, shape: &str, items: usize, variants: usize) {
        println!(
            "| {shape} | {items} | {variants} | {} | {:.1} % | {:.3} % | {:.2} % | {:.1} | {:.1} |",
            self.problems,
            f64::from(self.reached) * 100.0 / f64::from(self.problems),
            self.sum / f64::from(self.problems),
            self.worst,
            self.time.as_secs_f64() * 1e6 / f64::from(self.problems),
            self.longest.as_secs_f64() * 1e6,
        );
    }
}

fn bound(spec: &Spec) -> u64 {
    let problem = spec.problem().expect("the shapes are sound");
    problem.bound().expect("the shapes are sound")
}

fn shapes(items: usize, variants: usize) -> [(&'static str, impl Fn(u64) -> Spec); 4] {
    let shape = move |kind: usize| {
        move |seed| match kind {
            0 => Spec::scopes(seed, items, variants),
            1 => Spec::runs(seed, items, variants),
            2 => Spec::random(seed, items, variants, 10.min(items / 3)),
            _ => Spec::random(seed, items, variants, 2),
        }
    };
    [
        ("scopes", shape(0)),
        ("runs", shape(1)),
        ("random, sparse", shape(2)),
        ("random, half", shape(3)),
    ]
}

fn main() {
    println!("Over the exact optimum:\n");
    header();
    for (items, variants) in [(4, 3), (6, 4), (7, 5)] {
        for (name, shape) in shapes(items, variants) {
            let least = |spec: &Spec| exact::smallest(spec).expect("the shapes are sound");
            Gaps::of((0..300).map(shape), least).print(name, items, variants);
        }
    }
    println!("\nOver the bound (the optimum may be above it):\n");
    header();
    for (items, variants, count) in [
        (7, 5, 3000),
        (12, 6, 3000),
        (25, 10, 2000),
        (50, 20, 1000),
        (200, 50, 200),
        (1_000, 200, 40),
        (10_000, 1_000, 5),
    ] {
        for (name, shape) in shapes(items, variants) {
            Gaps::of((0..count).map(shape), bound).print(name, items, variants);
        }
    }
}

fn header() {
    println!(
        "| shape | items | variants | problems | reached | mean gap | worst gap | \
         mean µs | longest µs |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
}
