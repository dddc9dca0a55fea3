//! Prints how long stating, solving and checking the largest problems takes, in processor
//! time where the system tells it: unlike the bench, that is of use on a busy machine.
//!
//! `cargo run --release --example times`

use std::time::{Duration, Instant};

use snug_packing::generate::Spec;

const ROUNDS: usize = 15;

fn main() {
    let (items, variants) = (10_000, 1_000);
    let random = |one_in| Spec::random(1, items, variants, one_in);
    let start = Instant::now();
    println!("| shape | items in variants | least ms | median ms | check, median ms |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    for (name, spec) in [
        ("scopes", Spec::scopes(1, items, variants)),
        ("runs", Spec::runs(1, items, variants)),
        ("random, in 3 variants each", random(variants.div_ceil(3))),
        ("random, in a fiftieth of the variants", random(50)),
        ("random, in a tenth of the variants", random(10)),
    ] {
        let (mut solving, mut checking) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let begun = now(start);
            let problem = spec.problem().expect("the shapes are sound");
            let packing = problem.pack().expect("the shapes are sound");
            let solved = now(start);
            problem.check(&packing.offsets).expect("answers are right");
            checking.push(now(start) - solved);
            solving.push(solved - begun);
        }
        solving.sort_unstable();
        checking.sort_unstable();
        let incidences: usize = spec.variants.iter().map(Vec::len).sum();
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        println!(
            "| {name} | {incidences} | {:.0} | {:.0} | {:.0} |",
            ms(solving[0]),
            ms(solving[ROUNDS / 2]),
            ms(checking[ROUNDS / 2]),
        );
    }
}

/// The time this process has run on a processor, or else the time since `start`.
fn now(start: Instant) -> Duration {
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let ran = stat.split(' ').next().and_then(|ns| ns.parse().ok());
    ran.map_or_else(|| start.elapsed(), Duration::from_nanos)
}
