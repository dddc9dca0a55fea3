//! Processor time: it counts what programs do, not how long they wait for a busy machine.

use std::time::Duration;

use anyhow::{Context, Result};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

/// The processor time that the child processes of `work` take, and theirs.
pub(super) fn of_children(work: impl FnOnce() -> Result<()>) -> Result<Duration> {
    let before = so_far()?;
    work()?;
    Ok(so_far()? - before)
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
}
