//! How good packings are, against exact search and the bound.
//!
//! `cargo run --release --example gap` prints these gaps in more detail.

use snug_packing::exact;
use snug_packing::generate::Spec;

/// The mean and the worst gap in percent of the least size.
fn gaps(specs: impl Iterator<Item = Spec>, least: impl Fn(&Spec) -> u64) -> (f64, f64) {
    let (mut count, mut sum, mut worst) = (0, 0.0, 0.0_f64);
    for spec in specs {
        let size = spec.problem().unwrap().pack().unwrap().size;
        let least = least(&spec);
        assert!(least <= size, "{spec:?} packed into {size} of {least} bytes");
        let gap = (size - least) as f64 / least.max(1) as f64 * 100.0;
        count += 1;
        sum += gap;
        worst = worst.max(gap);
    }
    (sum / f64::from(count), worst)
}

fn smallest(spec: &Spec) -> u64 {
    exact::smallest(spec).unwrap()
}

fn bound(spec: &Spec) -> u64 {
    spec.problem().unwrap().bound().unwrap()
}

/// Up to seven items the search is exhaustive within its budget.
#[test]
fn few_items_are_packed_optimally() {
    for items in 1..=7 {
        let seeds = 0..60;
        let scopes = seeds.clone().map(|seed| Spec::scopes(seed, items, 4));
        let runs = seeds.clone().map(|seed| Spec::runs(seed, items, 4));
        let random = seeds.map(|seed| Spec::random(seed, items, 5, 2));
        assert_eq!(gaps(scopes.chain(runs).chain(random), smallest), (0.0, 0.0));
    }
}

/// The same for any sizes, with pins and the other rules.
#[test]
fn few_odd_items_are_packed_optimally() {
    let mut random = 1_u64;
    let mut byte = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (random >> 56) as u8
    };
    let mut tried = 0;
    while tried < 1_000 {
        let bytes: Vec<u8> = (0..60).map(|_| byte()).collect();
        let mut spec = Spec::from_bytes(&bytes, 6);
        spec.limit = None;
        let Some(best) = exact::lowest(&spec) else {
            continue;
        };
        let problem = spec.problem().unwrap();
        let packing = problem.pack().unwrap();
        let found = (packing.size, problem.low_end(&packing.offsets));
        assert_eq!(found, best, "{spec:?}");
        tried += 1;
    }
}

/// Of the smallest packings, the one that the search finds has the lowest low end.
#[test]
fn few_captures_lie_as_low_as_they_can() {
    for items in 1..=6 {
        let scopes = (0..60).map(|seed| Spec::scopes(seed, items, 4).captured(seed));
        let runs = (0..60).map(|seed| Spec::runs(seed, items, 4).captured(seed));
        let random = (0..60).map(|seed| Spec::random(seed, items, 5, 2).captured(seed));
        for spec in scopes.chain(runs).chain(random) {
            let problem = spec.problem().unwrap();
            let packing = problem.pack().unwrap();
            let found = (packing.size, problem.low_end(&packing.offsets));
            assert_eq!(Some(found), exact::lowest(&spec), "{spec:?}");
        }
    }
}

#[test]
fn usual_shapes_are_within_a_percent_of_the_bound() {
    for (items, variants, seeds) in [(10, 5, 300), (50, 20, 100), (200, 50, 20)] {
        let scopes = (0..seeds).map(|seed| Spec::scopes(seed, items, variants));
        let (mean, worst) = gaps(scopes, bound);
        assert!(mean < 0.5 && worst < 15.0, "scopes: {mean} {worst}");
        let runs = (0..seeds).map(|seed| Spec::runs(seed, items, variants));
        let (mean, worst) = gaps(runs, bound);
        assert!(mean < 0.5 && worst < 15.0, "runs: {mean} {worst}");
    }
}
