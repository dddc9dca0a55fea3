//! What is asked of the figures.

use super::figures::Measured;
use super::rows::{self, IDLE, SPAWN};
use crate::bench::floors::Floor;

/// Snug's place among the compilers.
const SNUG: usize = 1;
/// One-sided.
const SIGNIFICANT: f64 = 0.05;
/// What spawning may take of stock's time, and of its memory.
const SPAWN_TIME: f64 = 0.85;
const SPAWN_MEMORY: f64 = 0.65;
/// What an idle connection may take of stock's bytes.
const IDLE_BYTES: f64 = 0.80;
/// Rows that must be better.
const BETTER: usize = 6;

/// All that can be said about these rows.
pub(super) fn floors(measured: &[Measured]) -> Vec<Floor> {
    let mut floors = vec![not_worse(measured)];
    for name in SPAWN {
        if let Some(row) = named(measured, name) {
            floors.push(at_most(format!("{name}, time"), row.time(SNUG).ratio, SPAWN_TIME));
            floors.push(at_most(
                format!("{name}, peak memory"),
                row.peak(SNUG).ratio,
                SPAWN_MEMORY,
            ));
        }
    }
    if let Some(row) = named(measured, IDLE) {
        let ratio = row.growth(SNUG).ratio;
        floors.push(at_most("bytes of an idle connection".into(), ratio, IDLE_BYTES));
    }
    // With `--only` there are fewer rows than are asked for.
    if measured.len() == rows::ALL.len() {
        let better = measured.iter().filter(|row| row.time(SNUG).test.less < SIGNIFICANT).count();
        let title =
            format!("rows that take less time, p < {SIGNIFICANT}: {better}, at least {BETTER}");
        floors.push(Floor { title, met: better >= BETTER });
    }
    floors
}

fn named<'a>(measured: &'a [Measured], name: &str) -> Option<&'a Measured> {
    measured.iter().find(|it| it.row.name == name)
}

/// By chance alone, one row of twenty is worse: what is worse is to be measured again, with `--only`.
fn not_worse(measured: &[Measured]) -> Floor {
    let worse = measured.iter().filter(|it| it.time(SNUG).test.greater < SIGNIFICANT);
    let worse: Vec<&str> = worse.map(|it| it.row.name).collect();
    let names = if worse.is_empty() { "none".into() } else { worse.join(", ") };
    let title = format!("rows that take more time, p < {SIGNIFICANT}: {names}");
    Floor { title, met: worse.is_empty() }
}

fn at_most(title: String, value: f64, most: f64) -> Floor {
    Floor { title: format!("{title}: {value:.3} of stock, at most {most:.2}"), met: value <= most }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::runtime::figures::Round;
    use crate::bench::runtime::process::Usage;

    /// Ten rounds in which Snug takes `part` of stock's time and memory.
    fn measured(name: &str, part: f64) -> Measured {
        let row = rows::ALL.into_iter().find(|row| row.name == name).unwrap();
        let round = |number: usize| -> Round {
            [1.0, part, 1.0].map(|part| {
                let value = part * (1.0 + 0.001 * number as f64);
                Usage::made(&[("begin", 0.0, 0.0), ("end", value, value)])
            })
        };
        let rounds = (0..10).map(round).collect();
        Measured { row, rounds, allocations: Round::default(), counters: Round::default() }
    }

    #[test]
    fn spawn_and_idle_are_held_against_their_floors() {
        let good = floors(&[measured(SPAWN[0], 0.6), measured(IDLE, 0.7)]);
        assert!(good.iter().all(|floor| floor.met), "{good:?}");
        assert_eq!(good.len(), 4);
        let bad = floors(&[measured(SPAWN[0], 0.9), measured(IDLE, 0.9)]);
        assert_eq!(bad.iter().filter(|floor| !floor.met).count(), 3, "{bad:?}");
    }

    #[test]
    fn a_row_that_is_worse_is_named() {
        let floors = floors(&[measured("unordered", 1.01)]);
        assert_eq!(floors[0].title, "rows that take more time, p < 0.05: unordered");
        assert!(!floors[0].met);
    }

    #[test]
    fn all_rows_must_have_some_that_are_better() {
        let all = |part: f64| -> Vec<Measured> {
            rows::ALL.into_iter().map(|row| measured(row.name, part)).collect()
        };
        assert!(floors(&all(0.5)).iter().all(|floor| floor.met));
        assert!(!floors(&all(1.0)).last().unwrap().met);
    }
}
