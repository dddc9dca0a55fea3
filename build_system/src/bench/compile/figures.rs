//! What was measured, and what is asked of it.

use super::compilers::{Compiler, Kind, STOCK};
use super::programs::Program;
use super::rounds::Sample;
use crate::bench::floors::Floor;
use crate::bench::ratio::Times;

/// What twice as many may take: times the time of half as many. Linear is 2 at most, because some time is
/// the same for any number.
const LINEAR: f64 = 2.1;
/// What a program may take: times the other build's time.
const SLOWER: f64 = 1.02;

/// Everything about a program.
#[derive(Clone, Debug)]
pub(super) struct Figures {
    pub(super) name: &'static str,
    pub(super) counted: &'static str,
    pub(super) sizes: [usize; 2],
    most: Option<f64>,
    is_linear: bool,
    pub(super) rows: Vec<Row>,
}

/// What one compiler took.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) title: &'static str,
    kind: Kind,
    /// Compared to stock rustc with LLVM.
    pub(super) to_stock: Times,
    /// The larger program compared to the smaller one.
    pub(super) growth: Times,
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
            growth: Times::of(&samples.iter().map(|sample| sample[index]).collect::<Vec<_>>()),
            to_other: other(compilers, compiler.kind).map(|it| compared(samples, it, index)),
        });
        Figures {
            name: program.name,
            counted: program.counted,
            sizes,
            most: program.most,
            is_linear: program.is_linear,
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
            if let Some(most) = self.most {
                ask(row, "to stock LLVM", &row.to_stock, most);
            }
            if self.is_linear {
                ask(row, "to half as many", &row.growth, LINEAR);
            }
            if let Some(times) = &row.to_other {
                ask(row, "to the other build", times, SLOWER);
            }
        }
        floors
    }
}

/// The same twin of the other build.
fn other(compilers: &[Compiler], kind: Kind) -> Option<usize> {
    let Kind::Ours(twin) = kind else { return None };
    compilers.iter().position(|compiler| compiler.kind == Kind::Other(twin))
}

/// Times of the larger program.
fn compared(samples: &[Sample], first: usize, second: usize) -> Times {
    let pairs: Vec<_> =
        samples.iter().map(|sample| [sample[first][1], sample[second][1]]).collect();
    Times::of(&pairs)
}

#[cfg(test)]
mod tests {
    use super::super::compilers::Twin;
    use super::*;

    fn figures(ours: [f64; 2], other: [f64; 2]) -> Figures {
        let kinds = [Kind::Stock, Kind::Ours(Twin::Llvm), Kind::Other(Twin::Llvm)];
        let compilers = kinds.map(|kind| Compiler::without_backend("one", kind));
        let captures = super::super::programs::ALL.iter().find(|it| it.is_linear).unwrap();
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
        assert_eq!(met(&figures([1.0, 2.2], [9.0, 9.0])), [true, false, true]);
        assert_eq!(met(&figures([1.5, 3.0], [1.5, 2.9])), [true, true, false]);
    }

    #[test]
    fn floors_say_what_was_measured() {
        let floors = figures([1.5, 3.0], [1.5, 3.0]).floors();
        assert_eq!(
            floors[0].title,
            "400 captures of one async block: one, to stock LLVM 1.500 (1.500 to 1.500), not all of it above 1.5"
        );
    }
}
