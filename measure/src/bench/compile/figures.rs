//! What was measured, and what is asked of it.

use super::compilers::{Compiler, Kind, STOCK, Twin};
use super::programs::Program;
use super::rounds::Sample;
use crate::bench::floors::Floor;
use crate::bench::ratio::Times;

/// How much more of stock's time twice as many may take than half as many. What is stock's grows faster than linearly for
/// some programs, in its type check above all, so more cannot be asked.
const FASTER: f64 = 1.3;
/// What a program may take: times the other build's time.
const SLOWER: f64 = 1.02;

/// Everything about a program.
#[derive(Clone, Debug)]
pub(super) struct Figures {
    pub(super) name: &'static str,
    pub(super) counted: &'static str,
    pub(super) sizes: [usize; 2],
    most: Option<f64>,
    grows_as_stock: bool,
    pub(super) rows: Vec<Row>,
}

/// What one compiler took.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) title: &'static str,
    kind: Kind,
    /// Compared to stock rustc with LLVM.
    pub(super) to_stock: Times,
    /// Compared to stock rustc with the same code generator, if that was measured.
    to_own_stock: Option<Times>,
    /// The larger program compared to the smaller one.
    pub(super) growth: Times,
    /// That, compared to stock's.
    growth_to_stock: Times,
    /// Compared to the same twin of the other build.
    pub(super) to_other: Option<Times>,
}

impl Figures {
    pub(super) fn new(
        program: &Program,
        sizes: [usize; 2],
        compilers: &[Compiler],
        samples: &[Sample],
    ) -> Figures {
        let rows = compilers.iter().enumerate().map(|(index, compiler)| Row {
            title: compiler.title,
            kind: compiler.kind,
            to_stock: compared(samples, STOCK, index),
            to_own_stock: same_twin(compilers, compiler.kind, Kind::Stock)
                .map(|it| compared(samples, it, index)),
            growth: Times::of(&samples.iter().map(|sample| sample[index]).collect::<Vec<_>>()),
            growth_to_stock: Times::of(
                &samples.iter().map(|it| growths(it, index)).collect::<Vec<_>>(),
            ),
            to_other: same_twin(compilers, compiler.kind, Kind::Other)
                .map(|it| compared(samples, it, index)),
        });
        Figures {
            name: program.name,
            counted: program.counted,
            sizes,
            most: program.most,
            grows_as_stock: program.grows_as_stock,
            rows: rows.collect(),
        }
    }

    /// Times differ by chance: only what is above a limit almost for sure misses it.
    pub(super) fn floors(&self) -> Vec<Floor> {
        let mut floors = Vec::new();
        let mut ask = |row: &Row, what: &str, times: &Times, most: f64| {
            let ([low, high], title) = (times.between, row.title);
            floors.push(Floor {
                title: format!(
                    "{} {}: {title}, {what} {:.3} ({low:.3} to {high:.3}), not all of it above {most}",
                    self.sizes[1], self.counted, times.ratio
                ),
                met: low <= most,
            });
        };
        for row in self.rows.iter().filter(|row| matches!(row.kind, Kind::Ours(_))) {
            // Of what Cranelift itself takes, Snug can save nothing.
            if let (Some(most), Some(times)) = (self.most, &row.to_own_stock) {
                ask(row, "to stock with the same generator", times, most);
            }
            if self.grows_as_stock && matches!(row.kind, Kind::Ours(Twin::Llvm)) {
                ask(row, "growth to stock's", &row.growth_to_stock, FASTER);
            }
            if let Some(times) = &row.to_other {
                ask(row, "to the other build", times, SLOWER);
            }
        }
        floors
    }
}

/// What is of the same generator as one of ours.
fn same_twin(compilers: &[Compiler], kind: Kind, of: fn(Twin) -> Kind) -> Option<usize> {
    let Kind::Ours(twin) = kind else { return None };
    compilers.iter().position(|compiler| compiler.kind == of(twin))
}

/// How stock's time grows with the program, and a compiler's.
fn growths(sample: &Sample, index: usize) -> [f64; 2] {
    [STOCK, index].map(|compiler| sample[compiler][1] / sample[compiler][0])
}

/// Times of the larger program.
fn compared(samples: &[Sample], first: usize, second: usize) -> Times {
    let pairs: Vec<_> =
        samples.iter().map(|sample| [sample[first][1], sample[second][1]]).collect();
    Times::of(&pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(ours: [f64; 2], other: [f64; 2]) -> Figures {
        let kinds = [Kind::Stock, Kind::Ours, Kind::Other].map(|kind| kind(Twin::Llvm));
        let compilers = kinds.map(|kind| Compiler::without_backend("one", kind));
        let captures = super::super::programs::ALL.iter().find(|it| it.grows_as_stock).unwrap();
        Figures::new(captures, [200, 400], &compilers, &[vec![[1.0, 2.0], ours, other]])
    }

    fn met(figures: &Figures) -> Vec<bool> {
        figures.floors().iter().map(|floor| floor.met).collect()
    }

    #[test]
    fn floors_are_asked_of_this_build_only() {
        // Compared to stock, growth, compared to the other build.
        assert_eq!(met(&figures([1.5, 3.0], [1.5, 3.0])), [true, true, true]);
        assert_eq!(met(&figures([1.6, 3.1], [9.0, 9.0])), [false, true, true]);
        assert_eq!(met(&figures([1.0, 2.7], [9.0, 9.0])), [true, false, true]);
        assert_eq!(met(&figures([1.5, 3.0], [1.5, 2.9])), [true, true, false]);
    }

    #[test]
    fn floors_say_what_was_measured() {
        let floors = figures([1.5, 3.0], [1.5, 3.0]).floors();
        assert_eq!(
            floors[0].title,
            "400 captures of one async block: one, to stock with the same generator 1.500 (1.500 to 1.500), not all of it above 1.5"
        );
    }
}
