//! Processor time: it counts what programs do, not how long they wait for a busy machine.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

/// The processor time that the child processes of `work` take, and theirs.
pub(super) fn of_children(work: impl FnOnce() -> Result<()>) -> Result<Duration> {
    let before = so_far()?;
    work()?;
    Ok(so_far()? - before)
}

/// What something took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spent {
    /// Seconds of the clock.
    pub(super) clock: f64,
    /// Seconds of processor time of the child processes, and theirs.
    pub(super) processor: f64,
}

/// Both times of `work`.
pub(super) fn of(work: impl FnOnce() -> Result<()>) -> Result<Spent> {
    let start = Instant::now();
    let processor = of_children(work)?.as_secs_f64();
    Ok(Spent { clock: start.elapsed().as_secs_f64(), processor })
}

/// The processor time of all child processes that have ended.
fn so_far() -> Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).context("processor time cannot be read")?;
    Ok(duration(usage.user_time()) + duration(usage.system_time()))
}

fn duration(time: TimeVal) -> Duration {
    Duration::from_secs(time.tv_sec().unsigned_abs())
        + Duration::from_micros(time.tv_usec().unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn counts_the_time_of_children() {
        // Some work: counting in the shell.
        let count = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
        let time = of_children(|| {
            assert!(Command::new("sh").args(["-c", count]).status()?.success());
            Ok(())
        });
        assert!(time.unwrap() > Duration::ZERO);
    }

    #[test]
    fn waiting_takes_no_processor_time() {
        let wait = || {
            assert!(Command::new("sleep").arg("0.5").status()?.success());
            Ok(())
        };
        // Children of tests that run at the same time count, too, but not in every attempt.
        let spent: Vec<_> = (0..10).map(|_| of(wait).unwrap()).collect();
        assert!(spent.iter().all(|spent| spent.clock >= 0.5), "{spent:?}");
        assert!(spent.iter().any(|spent| spent.processor < spent.clock), "{spent:?}");
    }
}
