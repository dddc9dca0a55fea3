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

type Shape = fn(u64, usize, usize) -> Spec;

const SHAPES: [(&str, Shape); 4] = [
    ("scopes", Spec::scopes),
    ("runs", Spec::runs),
    ("random, in 3 variants each", |seed, items, variants| {
        Spec::random(seed, items, variants, variants.div_ceil(3))
    }),
    ("random, in half of the variants", |seed, items, variants| {
        Spec::random(seed, items, variants, 2)
    }),
];

fn main() {
    println!("Over the exact optimum:\n");
    header();
    for (items, variants) in [(4, 3), (6, 4), (7, 5)] {
        for (name, shape) in SHAPES {
            let specs = (0..300).map(|seed| shape(seed, items, variants));
            let least = |spec: &Spec| exact::smallest(spec).expect("the shapes are sound");
            Gaps::of(specs, least).print(name, items, variants);
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
        // Where everything conflicts with everything, the bound says nothing.
        let shapes = &SHAPES[..if items <= 12 { 4 } else { 3 }];
        for (name, shape) in shapes {
            let specs = (0..count).map(|seed| shape(seed, items, variants));
            Gaps::of(specs, bound).print(name, items, variants);
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
