//! Wilcoxon's signed-rank test for pairs, and the estimate and interval that belong to it.
//!
//! The p-values are exact, also where values are tied: the distribution of the sum of positive ranks is computed for the
//! ranks that were found (a rank in the middle of two is a half, so everything is counted in halves). The estimate is Hodges' and
//! Lehmann's: the median of the means of all pairs of differences. Pairs without a difference are left out, as Wilcoxon did.
//!
//! statrs, which is well kept, has no signed-rank test.

/// What the test says about differences.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct SignedRank {
    /// How likely such small differences are, if they lie around zero.
    pub(super) less: f64,
    /// How likely such large ones are.
    pub(super) greater: f64,
}

impl SignedRank {
    /// Of differences in pairs.
    pub(super) fn of(differences: &[f64]) -> SignedRank {
        let ranked = Ranked::of(differences);
        let chances = distribution(&ranked.ranks);
        let upto: f64 = chances[..=ranked.positive].iter().sum();
        let from: f64 = chances[ranked.positive..].iter().sum();
        SignedRank { less: upto.min(1.0), greater: from.min(1.0) }
    }

    /// How likely such differences are in any direction.
    pub(super) fn two_sided(self) -> f64 {
        (2.0 * self.less.min(self.greater)).min(1.0)
    }
}

/// Where differences lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Location {
    pub(super) estimate: f64,
    /// The interval that has the true value with a probability of at least 95 %; with fewer than six pairs, all that was measured.
    pub(super) between: [f64; 2],
}

impl Location {
    /// Of at least one difference.
    pub(super) fn of(differences: &[f64]) -> Location {
        let count = differences.len();
        let mut means = Vec::with_capacity(count * (count + 1) / 2);
        for (index, first) in differences.iter().enumerate() {
            means.extend(differences[index..].iter().map(|second| (first + second) / 2.0));
        }
        means.sort_by(f64::total_cmp);
        let ranks: Vec<usize> = (1..=count).map(|rank| 2 * rank).collect();
        let outside = quantile(&distribution(&ranks), 0.025).saturating_sub(1);
        let between = [means[outside], means[means.len() - 1 - outside]];
        Location { estimate: median(&means), between }
    }
}

/// Doubled ranks of what is not zero, and the sum of those of positive differences.
struct Ranked {
    ranks: Vec<usize>,
    positive: usize,
}

impl Ranked {
    fn of(differences: &[f64]) -> Ranked {
        let mut sorted: Vec<f64> = differences.iter().copied().filter(|it| *it != 0.0).collect();
        sorted.sort_by(|one, other| one.abs().total_cmp(&other.abs()));
        let mut ranks = Vec::new();
        for tied in sorted.chunk_by(|one, other| one.abs() == other.abs()) {
            // The mean of the first and the last rank, doubled.
            let rank = 2 * ranks.len() + tied.len() + 1;
            ranks.extend(tied.iter().map(|_| rank));
        }
        let positive =
            ranks.iter().zip(&sorted).filter(|(_, it)| **it > 0.0).map(|(rank, _)| rank).sum();
        Ranked { ranks, positive }
    }
}

/// How likely each sum of positive ranks is, if every sign is a coin.
fn distribution(ranks: &[usize]) -> Vec<f64> {
    let mut chances = vec![0.0; ranks.iter().sum::<usize>() + 1];
    chances[0] = 1.0;
    let mut most = 0;
    for rank in ranks {
        most += rank;
        for sum in (0..=most).rev() {
            let with = if sum >= *rank { chances[sum - rank] } else { 0.0 };
            chances[sum] = (chances[sum] + with) / 2.0;
        }
    }
    chances
}

/// The smallest sum of ranks, not doubled, that is not exceeded with a probability of at least `wanted`.
fn quantile(chances: &[f64], wanted: f64) -> usize {
    let mut sum = 0.0;
    let found = chances.iter().position(|chance| {
        sum += chance;
        sum >= wanted
    });
    found.unwrap_or(chances.len() - 1) / 2
}

/// Of sorted values.
fn median(sorted: &[f64]) -> f64 {
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[half] } else { (sorted[half - 1] + sorted[half]) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: f64, other: f64) {
        assert!((one - other).abs() < 1e-9, "{one} is not {other}");
    }

    /// Heights of plants (Cureton, 1967), which R and SciPy have as an example: exact p = 0.04125976562.
    const PLANTS: [f64; 15] =
        [6.0, 8.0, 14.0, 16.0, 23.0, 24.0, 28.0, 29.0, 41.0, -48.0, 49.0, 56.0, 60.0, -67.0, 75.0];

    #[test]
    fn p_values_are_those_of_books() {
        let test = SignedRank::of(&PLANTS);
        near(test.two_sided(), 0.04125976562499978);
        near(test.greater, 0.02062988281249989);
        assert!(test.less > 0.98);
    }

    #[test]
    fn five_of_five_are_one_in_thirty_two() {
        let test = SignedRank::of(&[-1.0, -2.0, -3.0, -4.0, -5.0]);
        near(test.less, 1.0 / 32.0);
        near(test.two_sided(), 1.0 / 16.0);
        near(test.greater, 1.0);
    }

    #[test]
    fn ties_share_ranks_and_zeros_do_not_count() {
        // Ranks 1.5, 1.5 and 3: the sums 0, 1.5, 1.5, 3, 3, 4.5, 4.5 and 6 are equally likely.
        let test = SignedRank::of(&[0.0, 1.0, -1.0, 2.0]);
        near(test.greater, 3.0 / 8.0);
        near(test.less, 7.0 / 8.0);
        let same = SignedRank::of(&[0.0, 0.0]);
        near(same.less, 1.0);
        near(same.two_sided(), 1.0);
    }

    #[test]
    fn intervals_are_those_of_books() {
        // Tables say that fifteen pairs leave out 25 means at each end.
        assert_eq!(Location::of(&PLANTS), Location { estimate: 25.0, between: [4.0, 41.5] });
        let ten: Vec<f64> = (1..=10).map(f64::from).collect();
        let location = Location::of(&ten);
        near(location.estimate, 5.5);
        // The quantile of ten pairs is 9: the ninth mean from each end.
        assert_eq!(location.between, [3.0, 8.0]);
    }

    #[test]
    fn few_pairs_have_all_that_was_measured_between() {
        assert_eq!(Location::of(&[1.0, 3.0, 2.0]).between, [1.0, 3.0]);
        assert_eq!(Location::of(&[2.0]), Location { estimate: 2.0, between: [2.0, 2.0] });
    }

    #[test]
    fn a_shift_moves_the_interval() {
        let shifted: Vec<f64> = PLANTS.iter().map(|it| it + 100.0).collect();
        let (one, other) = (Location::of(&PLANTS), Location::of(&shifted));
        near(one.estimate + 100.0, other.estimate);
        near(one.between[0] + 100.0, other.between[0]);
    }
}
