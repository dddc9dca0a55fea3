//! What was measured, and how compilers compare: round by round, in pairs.

use super::process::Usage;
use super::programs::ALL;
use super::rows::Row;
use crate::bench::wilcoxon::{Location, SignedRank};

/// What the compilers' programs have used in one round, in the order of [`ALL`].
pub(super) type Round = [Usage; ALL.len()];

/// Everything about a row.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) row: Row,
    pub(super) rounds: Vec<Round>,
    /// One run each that counts allocations.
    pub(super) allocations: Round,
    /// One run each that lets the processor count.
    pub(super) counters: Round,
}

/// A compiler's programs, compared with stock's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Comparison {
    /// Medians: stock's, and the other's.
    pub(super) values: [f64; 2],
    /// The other's part of stock's, and where it lies with 95 %.
    pub(super) ratio: f64,
    pub(super) between: [f64; 2],
    /// p-values of one side each: that it is less, and more.
    pub(super) test: SignedRank,
}

impl Comparison {
    /// Of pairs.
    pub(super) fn of(pairs: &[[f64; 2]]) -> Comparison {
        let logarithms: Vec<f64> =
            pairs.iter().map(|[stock, other]| (other / stock).ln()).collect();
        let location = Location::of(&logarithms);
        Comparison {
            values: [0, 1].map(|side| median(pairs.iter().map(|pair| pair[side]))),
            ratio: location.estimate.exp(),
            between: location.between.map(f64::exp),
            test: SignedRank::of(&logarithms),
        }
    }
}

impl Measured {
    /// Compares processor time with stock's.
    pub(super) fn time(&self, other: usize) -> Comparison {
        self.compared(other, Usage::processor)
    }

    /// Compares the largest memory that processes ever had.
    pub(super) fn peak(&self, other: usize) -> Comparison {
        self.compared(other, |usage| usage.at("end", "peak").unwrap_or(f64::NAN))
    }

    /// Compares the memory that processes have while the work holds all that it needs.
    pub(super) fn steady(&self, other: usize) -> Comparison {
        self.compared(other, |usage| usage.steady("rss").unwrap_or(f64::NAN))
    }

    /// Compares how much memory grew until then.
    pub(super) fn growth(&self, other: usize) -> Comparison {
        self.compared(other, |usage| {
            let grown = usage.steady("rss").zip(usage.at("begin", "rss"));
            grown.map_or(f64::NAN, |(steady, begin)| steady - begin)
        })
    }

    fn compared(&self, other: usize, get: impl Fn(&Usage) -> f64) -> Comparison {
        let pairs: Vec<[f64; 2]> =
            self.rounds.iter().map(|round| [get(&round[0]), get(&round[other])]).collect();
        Comparison::of(&pairs)
    }

    /// What was counted during the work, by each compiler's program, if all counted it.
    pub(super) fn counted(&self, of: &Round, key: &str) -> Option<[f64; ALL.len()]> {
        let [first, second, third] = of.each_ref().map(|usage| usage.between(key));
        Some([first?, second?, third?])
    }

    /// Bytes that were allocated and not freed, more than at the beginning.
    pub(super) fn live(&self) -> Option<[f64; ALL.len()]> {
        let live = |usage: &Usage| Some(usage.steady("heap")? - usage.at("begin", "heap")?);
        let [first, second, third] = self.allocations.each_ref().map(live);
        Some([first?, second?, third?])
    }
}

/// How many rounds a row needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Power {
    /// The part that a difference of is to be seen.
    pub(super) effect: f64,
    /// How likely it is to be seen, at one-sided p < 0.05.
    pub(super) power: f64,
}

/// Fewer rounds than these say nothing about how much times vary.
pub(super) const FEWEST: usize = 10;

impl Power {
    /// How many rounds are needed for all comparisons with stock, from how much the ratios vary. What they are on average does
    /// not matter here, so that looking at it again and again finds nothing that is not there.
    pub(super) fn rounds(self, rounds: &[Round]) -> usize {
        let needed = (1..ALL.len()).map(|other| {
            let ratio = |round: &Round| (round[other].processor() / round[0].processor()).ln();
            self.needed(spread(rounds.iter().map(ratio)))
        });
        needed.max().unwrap_or(0).max(FEWEST)
    }

    /// The formula for paired t-tests, and what the signed-rank test needs more of normal values: pi / 3.
    fn needed(self, spread: f64) -> usize {
        let parts = (quantile(0.95) + quantile(self.power)) * spread / (1.0 + self.effect).ln();
        (parts * parts * std::f64::consts::FRAC_PI_3).ceil() as usize
    }
}

/// The standard deviation, from the middle half of the values: single rounds that somebody else disturbed do not count.
fn spread(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let at = |part: f64| values[(part * (values.len() - 1) as f64).round() as usize];
    (at(0.75) - at(0.25)) / (2.0 * quantile(0.75))
}

/// Of the standard normal distribution, by bisection: `probability` is at least a half.
fn quantile(probability: f64) -> f64 {
    let (mut low, mut high) = (0.0, 10.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if normal(middle) < probability { low = middle } else { high = middle }
    }
    low
}

/// The distribution function, for values above zero: Marsaglia's series.
fn normal(value: f64) -> f64 {
    let (mut sum, mut term, mut index) = (value, value, 1.0);
    while term > 1e-17 * sum {
        index += 2.0;
        term *= value * value / index;
        sum += term;
    }
    0.5 + sum * (-value * value / 2.0).exp() / std::f64::consts::TAU.sqrt()
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    if values.len() % 2 == 1 { values[half] } else { (values[half - 1] + values[half]) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_of_pairs() {
        // The machine is twice as slow in every second round.
        let pairs: Vec<[f64; 2]> = (0..10)
            .map(|round| {
                let slow = f64::from(1 + round % 2);
                [2.0 * slow, (1.5 + 0.001 * f64::from(round)) * slow]
            })
            .collect();
        let comparison = Comparison::of(&pairs);
        assert!((comparison.ratio - 0.752).abs() < 0.001, "{comparison:?}");
        assert!(comparison.between[0] >= 0.75 && comparison.between[1] < 0.755, "{comparison:?}");
        assert!((comparison.test.less - 1.0 / 1024.0).abs() < 1e-12);
        assert_eq!(comparison.values[0], 3.0);
    }

    #[test]
    fn quantiles_are_those_of_tables() {
        for (probability, value) in
            [(0.75, 0.67449), (0.9, 1.28155), (0.95, 1.64485), (0.999, 3.09023)]
        {
            assert!((quantile(probability) - value).abs() < 1e-5, "{}", quantile(probability));
        }
    }

    #[test]
    fn more_spread_needs_more_rounds() {
        let power = Power { effect: 0.02, power: 0.9 };
        // ((1.645 + 1.282) * 0.04 / ln 1.02)^2 * pi / 3 = 36.6
        assert_eq!(power.needed(0.04), 37);
        assert_eq!(Power { effect: 0.04, ..power }.needed(0.04), 10);
        assert_eq!(power.needed(0.0), 0);
    }

    #[test]
    fn one_odd_value_is_no_spread() {
        let mut values = vec![0.0; 20];
        values[3] = 100.0;
        assert_eq!(spread(values.into_iter()), 0.0);
        let wide = spread((0..101).map(f64::from));
        assert!((wide - 50.0 / 1.34898).abs() < 0.01, "{wide}");
    }
}
