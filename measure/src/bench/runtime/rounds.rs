//! Runs everything, in rounds and in random order, until it is known well enough or time is up.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::figures::{FEWEST, Measured, Power, Round};
use super::process::{self, Count, Usage};
use super::programs::{ALL, Programs};
use super::rows::Row;
use y::ui::Ui;

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub(super) enum Until {
    /// After so many rounds.
    Rounds(usize),
    /// When differences would be seen, or when so much time has passed.
    Power(Power, Duration),
}

/// Measures rows. Every round of the bench has one of each row that needs more, so that all see the same hours of the machine.
pub(super) fn measure(
    ui: &Ui,
    programs: &Programs,
    rows: &[Row],
    until: Until,
) -> Result<Vec<Measured>> {
    let mut all: Vec<Measured> = Vec::new();
    for row in rows {
        // These warm up the files of the programs, too.
        let counted =
            |count| ui.step(&format!("{}, count", row.name), |_| round(programs, *row, count));
        let allocations = counted(Count::Allocations)?;
        let counters = match all.first().and_then(|first| first.counters[0].uncounted.as_ref()) {
            // The processor will not count for others either.
            Some(_) => Round::default(),
            None => counted(Count::Counters)?,
        };
        all.push(Measured { row: *row, rounds: Vec::new(), allocations, counters });
    }
    let start = Instant::now();
    for number in 1.. {
        let mut wanting: Vec<&mut Measured> =
            all.iter_mut().filter(|measured| wants(measured, until, start.elapsed())).collect();
        if wanting.is_empty() {
            break;
        }
        fastrand::shuffle(&mut wanting);
        let title = format!("round {number} of {} rows", wanting.len());
        ui.step(&title, |progress| {
            let count = wanting.len() as u64;
            for (done, measured) in wanting.into_iter().enumerate() {
                progress.at(done as u64, count, measured.row.name);
                measured.rounds.push(round(programs, measured.row, Count::Nothing)?);
            }
            Ok(())
        })?;
    }
    Ok(all)
}

fn wants(measured: &Measured, until: Until, passed: Duration) -> bool {
    let done = measured.rounds.len();
    match until {
        Until::Rounds(rounds) => done < rounds,
        Until::Power(power, limit) => {
            // A row with fewer has no figures at all.
            done < FEWEST || (passed < limit && done < power.rounds(&measured.rounds))
        }
    }
}

/// Runs a row's work with each compiler's program, in random order. All must compute the same.
fn round(programs: &Programs, row: Row, count: Count) -> Result<Round> {
    let mut round: Round = Default::default();
    let mut order: Vec<usize> = (0..ALL.len()).collect();
    fastrand::shuffle(&mut order);
    for index in order {
        round[index] = process::run(programs, ALL[index], row.work, count)?;
    }
    same(row, &round)?;
    Ok(round)
}

fn same(row: Row, round: &Round) -> Result<()> {
    let expected = &round[0].results;
    if expected.is_empty() {
        bail!("`{}` computes nothing.", row.name);
    }
    let differs = |(_, usage): &(_, &Usage)| usage.results != *expected;
    if let Some((compiler, usage)) = ALL.into_iter().zip(round).find(differs) {
        bail!(
            "`{}` by {} computes {:?}, stock's {expected:?}.",
            row.name,
            compiler.title(),
            usage.results
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::runtime::rows;

    fn usage(result: &str) -> Usage {
        Usage { results: vec![result.into()], ..Usage::default() }
    }

    #[test]
    fn another_result_is_an_error() {
        let row = rows::ALL[0];
        assert!(same(row, &["1", "1", "1"].map(usage)).is_ok());
        let error = same(row, &["1", "2", "1"].map(usage)).unwrap_err().to_string();
        assert!(error.contains("by Snug computes [\"2\"]"), "{error}");
        assert!(same(row, &Default::default()).unwrap_err().to_string().contains("nothing"));
    }

    #[test]
    fn rounds_and_time_are_bounded() {
        let mut measured = Measured {
            row: rows::ALL[0],
            rounds: vec![Round::default(); 3],
            allocations: Round::default(),
            counters: Round::default(),
        };
        let late = Duration::from_secs(61);
        let power = Until::Power(Power { effect: 0.02, power: 0.9 }, Duration::from_secs(60));
        assert!(
            wants(&measured, Until::Rounds(4), late) && !wants(&measured, Until::Rounds(3), late)
        );
        assert!(wants(&measured, power, late), "three rounds are too few");
        measured.rounds = vec![Round::default(); FEWEST];
        assert!(!wants(&measured, power, late));
    }
}
