//! Times of two builds, taken in turn.
//!
//! The machine is never quiet, so single times say little. What is printed is the median of the ratios of
//! neighbours, and between which values it lies with a probability of 95 %: the ratios are sorted, and
//! how many of them are below the true median is like counting heads of a coin, whatever their
//! distribution is.

use std::time::Duration;

use anyhow::Result;

use super::program::{SIDES, Side};

/// What was measured.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Times {
    /// The median, in seconds: without markers, and with them.
    pub(super) seconds: [f64; 2],
    /// The median of the ratios: with markers to without.
    pub(super) ratio: f64,
    /// The interval that has the true ratio with a probability of 95 %.
    pub(super) between: [f64; 2],
    /// How often both were measured.
    pub(super) rounds: usize,
}

/// Measures both sides in turn; who begins alternates. `measure` gets the number of the round, too.
pub(super) fn alternate(
    rounds: usize,
    mut measure: impl FnMut(usize, Side) -> Result<Duration>,
) -> Result<Times> {
    let mut pairs = Vec::with_capacity(rounds);
    for round in 0..rounds {
        let mut pair = [0.0; 2];
        let first = round % 2;
        for index in [first, 1 - first] {
            pair[index] = measure(round, SIDES[index])?.as_secs_f64();
        }
        pairs.push(pair);
    }
    Ok(Times::of(&pairs))
}

impl Times {
    fn of(pairs: &[[f64; 2]]) -> Times {
        let ratios = sorted(pairs.iter().map(|[without, with]| with / without));
        // The normal approximation of the binomial distribution: two standard deviations of coins.
        let half = pairs.len() as f64 / 2.0;
        let low = (half - (pairs.len() as f64).sqrt()).floor().max(0.0) as usize;
        Times {
            seconds: [0, 1].map(|side| median(&sorted(pairs.iter().map(|pair| pair[side])))),
            ratio: median(&ratios),
            between: [ratios[low], ratios[ratios.len() - 1 - low]],
            rounds: pairs.len(),
        }
    }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

/// Of an odd number of sorted values.
fn median(sorted: &[f64]) -> f64 {
    sorted[sorted.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::Side::{With, Without};
    use super::*;

    #[test]
    fn both_sides_begin_in_turn() {
        let mut order = Vec::new();
        let times = alternate(3, |round, side| {
            order.push((round, side));
            Ok(Duration::from_secs(if side == Without { 2 } else { 3 }))
        });
        assert_eq!(
            order,
            [(0, Without), (0, With), (1, With), (1, Without), (2, Without), (2, With)]
        );
        let expected = Times { seconds: [2.0, 3.0], ratio: 1.5, between: [1.5, 1.5], rounds: 3 };
        assert_eq!(times.unwrap(), expected);
    }

    #[test]
    fn one_odd_round_changes_nothing() {
        let mut pairs = vec![[1.0, 1.0]; 101];
        pairs[7] = [1.0, 100.0];
        let times = Times::of(&pairs);
        assert_eq!((times.ratio, times.between), (1.0, [1.0, 1.0]));
    }

    #[test]
    fn the_interval_has_what_two_standard_deviations_of_coins_leave() {
        let pairs: Vec<[f64; 2]> = (1..=101).map(|ratio| [1.0, f64::from(ratio)]).collect();
        let times = Times::of(&pairs);
        // 50.5 - sqrt(101) = 40.45.
        assert_eq!((times.ratio, times.between), (51.0, [41.0, 61.0]));
    }
}
