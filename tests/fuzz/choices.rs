//! Every decision of the generator, drawn from one seed.
//!
//! The generator is xoshiro256++, whose values do not change between versions of the crate: a seed names the same
//! program on every machine, as long as the generator itself stays the same.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};

/// A stream of decisions.
pub struct Choices {
    random: Xoshiro256PlusPlus,
}

impl Choices {
    /// The decisions that belong to a seed.
    pub fn new(seed: u64) -> Choices {
        Choices { random: Xoshiro256PlusPlus::seed_from_u64(seed) }
    }

    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        // The bias is 2^-50, and the same everywhere.
        (self.random.next_u64() % end as u64) as usize
    }

    /// A number from `first` to `last`.
    pub fn between(&mut self, first: usize, last: usize) -> usize {
        first + self.below(last - first + 1)
    }

    /// True in so many of a hundred cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// The position of one of several, each with its weight.
    pub fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let total: u32 = weights.clone().sum();
        let mut left = self.below(total as usize) as u32;
        for (position, weight) in weights.enumerate() {
            if left < weight {
                return position;
            }
            left -= weight;
        }
        unreachable!("the weights add up to their total")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_decides_everything() {
        let draw = |seed| {
            let mut choices = Choices::new(seed);
            (0..20).map(|_| choices.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn weights_are_kept() {
        let mut choices = Choices::new(1);
        let mut counts = [0; 3];
        for _ in 0..1000 {
            counts[choices.weighted([0, 1, 9].into_iter())] += 1;
        }
        assert_eq!(counts[0], 0);
        assert!(counts[1] > 50 && counts[2] > 800, "{counts:?}");
    }
}
