//! Times of two builds, taken in turn, and how they compare.
//!
//! The machine is never quiet, so single times say little. What is printed is the median of the ratios of
//! neighbours, and between which values it lies with a probability of 95 %: the ratios are sorted, and
//! how many of them are below the true median is like counting heads of a coin, whatever their
//! distribution is. With fewer than six rounds, the interval is all that was measured.

/// What was measured.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Times {
    /// The median of each side, in seconds.
    pub(super) seconds: [f64; 2],
    /// The median of the ratios: the second side to the first.
    pub(super) ratio: f64,
    /// The interval that has the true ratio with a probability of 95 %.
    pub(super) between: [f64; 2],
    /// How often both were measured.
    pub(super) rounds: usize,
}

impl Times {
    /// From the seconds of both sides in each round.
    pub(super) fn of(pairs: &[[f64; 2]]) -> Times {
        let ratios = sorted(pairs.iter().map(|[first, second]| second / first));
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

/// The middle one of sorted values; of an even number, the upper one of both.
fn median(sorted: &[f64]) -> f64 {
    sorted[sorted.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

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
