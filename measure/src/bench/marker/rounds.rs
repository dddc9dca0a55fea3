//! Builds with and without markers, in turn.

use std::time::Duration;

use anyhow::Result;

use super::program::{SIDES, Side};
use crate::bench::ratio::Times;

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
}
