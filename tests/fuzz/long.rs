//! The long run: many programs, on all cores (or `SNUG_FUZZ_THREADS`), until their number or the time is reached.
//!
//! What diverges is made smaller and kept in `tests/run`; the run goes on. What it prints says with which seed the
//! next run should start.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::regression;
use super::runner;
use super::variants::PER_FILE;
use crate::Result;
use crate::toolchain::Toolchain;

/// How long one divergence is made smaller.
const SHRINKING: Duration = Duration::from_secs(300);
/// More are not kept: something is very wrong then.
const MOST_KEPT: usize = 20;

/// How far to go.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// The first seed (`SNUG_FUZZ_SEED`).
    pub seed: u64,
    /// How many programs (`SNUG_FUZZ_PROGRAMS`).
    pub programs: u64,
    /// How long (`SNUG_FUZZ_MINUTES`).
    pub time: Option<Duration>,
}

impl Budget {
    /// From the environment, with these as the defaults.
    pub fn from_environment(seed: u64, programs: u64) -> Result<Budget> {
        let minutes = number("SNUG_FUZZ_MINUTES")?;
        Ok(Budget {
            seed: number("SNUG_FUZZ_SEED")?.unwrap_or(seed),
            programs: number("SNUG_FUZZ_PROGRAMS")?.unwrap_or(programs),
            time: minutes.map(|minutes| Duration::from_secs(60 * minutes)),
        })
    }

    /// The files with these programs; whole ones, as their flags belong to them.
    fn files(self) -> std::ops::Range<u64> {
        self.seed / PER_FILE..(self.seed + self.programs).div_ceil(PER_FILE)
    }
}

fn number(variable: &str) -> Result<Option<u64>> {
    match std::env::var(variable) {
        Err(_) => Ok(None),
        Ok(text) => match text.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(format!("{variable} should be a number, is `{text}`")),
        },
    }
}

/// What the threads of a run share.
struct Run<'a> {
    tools: &'a Toolchain,
    folder: &'a Path,
    end: Option<Instant>,
    last: u64,
    next: AtomicU64,
    /// Files that are done, behind the first that is not.
    done: Mutex<Progress>,
    complaints: Mutex<Vec<String>>,
}

struct Progress {
    first_open: u64,
    ahead: BTreeSet<u64>,
    /// How many coroutines have been compared with stock's.
    coroutines: usize,
    start: u64,
    shown: Instant,
    started: Instant,
}

/// Runs; keeps what diverges in a folder. An error if anything did.
pub fn run(tools: &Toolchain, budget: Budget, folder: &Path) -> Result<()> {
    let files = budget.files();
    let now = Instant::now();
    let progress = Progress {
        first_open: files.start,
        ahead: BTreeSet::new(),
        coroutines: 0,
        start: files.start,
        shown: now,
        started: now,
    };
    let run = Run {
        tools,
        folder,
        end: budget.time.map(|time| now + time),
        last: files.end,
        next: AtomicU64::new(files.start),
        done: Mutex::new(progress),
        complaints: Mutex::default(),
    };
    let threads = match number("SNUG_FUZZ_THREADS")? {
        Some(threads) => threads as usize,
        None => std::thread::available_parallelism().map_or(1, usize::from),
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| run.work());
        }
    });
    let progress = run.done.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    eprintln!("{}", progress.sentence());
    let complaints = run.complaints.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n\n")) }
}

impl Run<'_> {
    fn work(&self) {
        loop {
            let file = self.next.fetch_add(1, Ordering::Relaxed);
            let is_late = self.end.is_some_and(|end| Instant::now() >= end);
            if file >= self.last || is_late || lock(&self.complaints).len() >= MOST_KEPT {
                return;
            }
            if let Err(error) = self.check(file) {
                self.complain(error);
            }
            lock(&self.done).finish(file);
        }
    }

    fn check(&self, file: u64) -> Result<()> {
        let (programs, variants) = runner::file(file);
        let checked = runner::check(self.tools, &programs, &variants)?;
        lock(&self.done).coroutines += checked.coroutines;
        for found in checked.found {
            let seed = found.program.seed;
            eprintln!("seed {seed} diverges under `{}`: making it smaller", found.variant);
            let small = regression::minimize(self.tools, &found, SHRINKING);
            let path = regression::write(&small, self.folder)?;
            self.complain(format!(
                "seed {seed}, `{}`: kept as {}: {}",
                found.variant,
                path.display(),
                small.divergence
            ));
        }
        Ok(())
    }

    fn complain(&self, complaint: String) {
        eprintln!("{complaint}");
        lock(&self.complaints).push(complaint);
    }
}

impl Progress {
    fn finish(&mut self, file: u64) {
        self.ahead.insert(file);
        while self.ahead.remove(&self.first_open) {
            self.first_open += 1;
        }
        if self.shown.elapsed() > Duration::from_secs(30) {
            self.shown = Instant::now();
            eprintln!("{}", self.sentence());
        }
    }

    fn sentence(&self) -> String {
        let programs = (self.first_open - self.start) * PER_FILE;
        let next = self.first_open * PER_FILE;
        let seconds = self.started.elapsed().as_secs();
        format!(
            "{programs} programs, {} coroutines in {seconds} s; the next seed is {next} (SNUG_FUZZ_SEED={next})",
            self.coroutines,
        )
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_seed_leaves_nothing_out() {
        let now = Instant::now();
        let ahead = BTreeSet::new();
        let mut progress =
            Progress { first_open: 2, ahead, coroutines: 0, start: 2, shown: now, started: now };
        progress.finish(3);
        assert_eq!(progress.first_open, 2);
        progress.finish(2);
        assert_eq!(progress.first_open, 4);
        assert!(progress.sentence().contains(&format!("SNUG_FUZZ_SEED={}", 4 * PER_FILE)));
    }

    #[test]
    fn all_programs_are_in_files() {
        let budget = |seed, programs| Budget { seed, programs, time: None }.files();
        assert_eq!(budget(0, 3 * PER_FILE), 0..3);
        assert_eq!(budget(PER_FILE + 5, 1), 1..2);
        assert_eq!(budget(PER_FILE, PER_FILE + 1), 1..3);
    }
}
