//! How the time to state and solve a problem grows with its size.
//!
//! Run with `cargo bench`. Each figure includes adding the variants.

use divan::{Bencher, black_box};
use snug_packing::Packing;
use snug_packing::generate::Spec;

/// Items, variants.
const SIZES: [(usize, usize); 6] =
    [(5, 3), (20, 8), (50, 20), (500, 100), (3_000, 300), (10_000, 1_000)];

fn main() {
    divan::main();
}

fn solve(spec: &Spec) -> Packing {
    let problem = black_box(spec).problem().expect("the shapes are sound");
    problem.pack().expect("the shapes are sound")
}

#[divan::bench(args = SIZES)]
fn scopes(bencher: Bencher, (items, variants): (usize, usize)) {
    let spec = Spec::scopes(1, items, variants);
    bencher.bench(|| solve(&spec));
}

#[divan::bench(args = SIZES)]
fn runs(bencher: Bencher, (items, variants): (usize, usize)) {
    let spec = Spec::runs(1, items, variants);
    bencher.bench(|| solve(&spec));
}

/// Each item in about three variants.
#[divan::bench(args = SIZES)]
fn random(bencher: Bencher, (items, variants): (usize, usize)) {
    let spec = Spec::random(1, items, variants, variants.div_ceil(3));
    bencher.bench(|| solve(&spec));
}

/// Each item in a fiftieth of the variants: at the largest size an item conflicts with a
/// third of all others.
#[divan::bench(args = SIZES)]
fn random_fiftieth(bencher: Bencher, (items, variants): (usize, usize)) {
    let spec = Spec::random(1, items, variants, 50);
    bencher.bench(|| solve(&spec));
}

/// Each item in a tenth of the variants: at the largest size everything conflicts.
#[divan::bench(args = SIZES)]
fn random_tenth(bencher: Bencher, (items, variants): (usize, usize)) {
    let spec = Spec::random(1, items, variants, 10);
    bencher.bench(|| solve(&spec));
}

/// All conflicts given as pairs.
#[divan::bench(args = &SIZES[..5])]
fn pairs(bencher: Bencher, (items, variants): (usize, usize)) {
    let mut spec = Spec::runs(1, items, variants);
    for variant in std::mem::take(&mut spec.variants) {
        for (at, &a) in variant.iter().enumerate() {
            spec.conflicts.extend(variant[..at].iter().map(|&b| (b, a)));
        }
    }
    bencher.bench(|| solve(&spec));
}
