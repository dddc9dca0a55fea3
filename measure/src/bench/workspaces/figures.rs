//! What was measured, and what it says: medians, and ratios between compilers.
//!
//! A ratio is the median of the ratios of neighbours: builds that were made one after the other, on a machine that
//! was as busy for both.

use super::trials::Difference;
use crate::bench::time::Spent;

/// What the three compilers took for the same, one after the other.
pub(super) type Sample = [Spent; 3];

/// Everything about a workspace.
#[derive(Debug, Default)]
pub(super) struct Figures {
    pub(super) clean: Vec<Sample>,
    /// After an edit.
    pub(super) edited: Vec<Sample>,
    /// Sizes of the programs.
    pub(super) bytes: Option<[u64; 3]>,
    /// What programs do that stock's does not.
    pub(super) differences: Vec<Difference>,
}

/// A line of the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Row {
    /// Of each compiler.
    pub(super) values: [f64; 3],
    pub(super) ratios: Ratios,
}

/// How compilers compare.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ratios {
    pub(super) upstream_to_stock: f64,
    pub(super) snug_to_stock: f64,
    pub(super) snug_to_upstream: f64,
}

impl Ratios {
    /// Some function of all three.
    fn of(get: impl Fn(usize, usize) -> f64) -> Ratios {
        let [stock, upstream, snug] = [0, 1, 2];
        Ratios {
            upstream_to_stock: get(upstream, stock),
            snug_to_stock: get(snug, stock),
            snug_to_upstream: get(snug, upstream),
        }
    }

    /// The geometric means.
    pub(super) fn means(all: &[Ratios]) -> Ratios {
        let mean = |get: fn(&Ratios) -> f64| {
            let sum: f64 = all.iter().map(|ratios| get(ratios).ln()).sum();
            (sum / all.len() as f64).exp()
        };
        Ratios {
            upstream_to_stock: mean(|it| it.upstream_to_stock),
            snug_to_stock: mean(|it| it.snug_to_stock),
            snug_to_upstream: mean(|it| it.snug_to_upstream),
        }
    }
}

impl Row {
    /// Medians of times.
    pub(super) fn of_times(samples: &[Sample], get: fn(&Spent) -> f64) -> Row {
        let all = |index: usize| samples.iter().map(move |sample| get(&sample[index]));
        let ratio = |one: usize, other: usize| {
            median(samples.iter().map(|sample| get(&sample[one]) / get(&sample[other])))
        };
        Row { values: [0, 1, 2].map(|index| median(all(index))), ratios: Ratios::of(ratio) }
    }

    /// Sizes.
    pub(super) fn of_bytes(bytes: [u64; 3]) -> Row {
        let values = bytes.map(|bytes| bytes as f64);
        Row { values, ratios: Ratios::of(|one, other| values[one] / values[other]) }
    }
}

/// Of an even number of values, the mean of the two in the middle.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    if values.len() % 2 == 1 { values[half] } else { (values[half - 1] + values[half]) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(clocks: [f64; 3]) -> Sample {
        clocks.map(|clock| Spent { clock, processor: 1.0 })
    }

    #[test]
    fn ratios_are_between_neighbours() {
        // The second round was twice as slow for all, the third has an outlier.
        let samples = [[4.0, 3.0, 2.0], [8.0, 6.0, 4.0], [4.0, 3.0, 9.0]].map(sample);
        let row = Row::of_times(&samples, |spent| spent.clock);
        assert_eq!(row.values, [4.0, 3.0, 4.0]);
        let Ratios { upstream_to_stock, snug_to_stock, snug_to_upstream } = row.ratios;
        assert_eq!((upstream_to_stock, snug_to_stock), (0.75, 0.5));
        assert!((snug_to_upstream - 2.0 / 3.0).abs() < 1e-9);
        assert_eq!(Row::of_times(&samples, |spent| spent.processor).values, [1.0; 3]);
    }

    #[test]
    fn medians() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), 2.0);
        assert_eq!(median([4.0, 1.0, 2.0, 100.0].into_iter()), 3.0);
    }

    #[test]
    fn twice_and_half_are_the_same_on_average() {
        let ratios = |value| Ratios::of(|_, _| value);
        let mean = Ratios::means(&[ratios(2.0), ratios(0.5), ratios(1.0)]);
        assert!((mean.snug_to_stock - 1.0).abs() < 1e-9);
        assert!((Ratios::means(&[ratios(4.0), ratios(1.0)]).snug_to_upstream - 2.0).abs() < 1e-9);
    }

    #[test]
    fn sizes() {
        let row = Row::of_bytes([200, 100, 50]);
        assert_eq!((row.values[2], row.ratios.snug_to_stock), (50.0, 0.25));
    }
}
