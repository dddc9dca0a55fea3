//! Compares the layouts of two builds of the same program.

use std::cmp::Reverse;

use super::report::{Relocations, Report};

/// A future in both builds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Future {
    pub(super) name: String,
    /// Its size in bytes with stock's layout.
    pub(super) stock: u64,
    /// Its size in bytes with Snug's layout.
    pub(super) snug: u64,
    /// The size in bytes that no layout can be below.
    pub(super) bound: Option<u64>,
}

/// What became of all futures.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    /// Those that are smaller, the ones with the biggest difference first.
    pub(super) shrunk: Vec<Future>,
    /// Those that are bigger. There should be none.
    pub(super) grown: Vec<Future>,
    /// How many kept their size.
    pub(super) kept: usize,
    /// The names of those that only one build has. They are not in the sums.
    pub(super) unmatched: Vec<String>,
    /// The sum in bytes of all sizes with stock's layouts.
    pub(super) stock: u64,
    /// The sum in bytes of all sizes with Snug's layouts.
    pub(super) snug: u64,
    /// The sum in bytes of all bounds; of Snug's size where there is none.
    pub(super) bound: u64,
    /// What Snug does with captured variables, in all futures.
    pub(super) relocations: Relocations,
}

impl Comparison {
    /// Compares what stock's and Snug's layouts give.
    pub(super) fn new(stock: Report, mut snug: Report) -> Comparison {
        let mut comparison = Comparison::default();
        for (id, old) in stock.layouts {
            match snug.layouts.remove(&id) {
                Some(new) => {
                    comparison.relocations += new.relocations;
                    comparison.add(Future {
                        name: new.name,
                        stock: old.size,
                        snug: new.size,
                        bound: new.bound,
                    });
                }
                None => comparison.unmatched.push(old.name),
            }
        }
        let only_snug = snug.layouts.into_values().map(|layout| layout.name);
        comparison.unmatched.extend(only_snug);
        let by_difference =
            |future: &Future| (Reverse(future.stock.abs_diff(future.snug)), future.name.clone());
        comparison.shrunk.sort_by_cached_key(by_difference);
        comparison.grown.sort_by_cached_key(by_difference);
        comparison.unmatched.sort();
        comparison
    }

    fn add(&mut self, future: Future) {
        self.stock += future.stock;
        self.snug += future.snug;
        self.bound += future.bound.unwrap_or(future.snug);
        match future.snug.cmp(&future.stock) {
            std::cmp::Ordering::Less => self.shrunk.push(future),
            std::cmp::Ordering::Equal => self.kept += 1,
            std::cmp::Ordering::Greater => self.grown.push(future),
        }
    }

    /// How many futures both builds have.
    pub(super) fn count(&self) -> usize {
        self.shrunk.len() + self.grown.len() + self.kept
    }

    /// Snug's sum as a part of stock's.
    pub(super) fn ratio(&self) -> f64 {
        self.snug as f64 / self.stock as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_futures_by_what_became_of_them() {
        let stock = Report::of(&[
            ("small", 8, 8),
            ("big", 4000, 4000),
            ("same", 3, 3),
            ("worse", 32, 32),
            ("gone", 7, 7),
        ]);
        let snug = Report::of(&[
            ("small", 4, 3),
            ("big", 1000, 900),
            ("same", 3, 3),
            ("worse", 40, 32),
            ("new", 5, 5),
        ]);
        let comparison = Comparison::new(stock, snug);
        let names = |futures: &[Future]| -> Vec<String> {
            futures.iter().map(|future| future.name.clone()).collect()
        };
        assert_eq!(names(&comparison.shrunk), ["big", "small"]);
        assert_eq!(names(&comparison.grown), ["worse"]);
        assert_eq!(comparison.unmatched, ["gone", "new"]);
        assert_eq!((comparison.kept, comparison.count()), (1, 4));
        assert_eq!((comparison.stock, comparison.snug, comparison.bound), (4043, 1047, 938));
        assert_eq!(format!("{:.3}", comparison.ratio()), "0.259");
        assert_eq!(
            (comparison.relocations.verified, comparison.relocations.bytes_moved),
            (4, 1047)
        );
    }
}
