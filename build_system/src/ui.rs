//! What the user sees: one line per step with its time, a progress bar on a terminal, a table at
//! the end.
//!
//! Where the output is not a terminal there is no bar; a long step prints a plain line now and then
//! instead. All of it goes to stderr, so that stdout holds results only.

use std::cell::Cell;
use std::io::IsTerminal;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// How often a long step speaks up where there is no bar.
const PLAIN_INTERVAL: Duration = Duration::from_secs(20);
/// A run that took less needs no table of times.
const WORTH_A_TABLE: Duration = Duration::from_secs(2);

/// Shows steps, of which several may be done at a time, and remembers how long they took.
#[derive(Default)]
pub struct Ui {
    times: Mutex<Vec<(String, Duration)>>,
    bars: MultiProgress,
    quiet: bool,
}

impl Ui {
    /// One that talks.
    pub fn new() -> Ui {
        Ui::default()
    }

    /// One that says nothing, for tests.
    pub fn quiet() -> Ui {
        Ui { quiet: true, ..Ui::default() }
    }

    /// Does `work` as a step of its own: shown while it runs, its time printed when it is done.
    pub fn step<T>(&self, name: &str, work: impl FnOnce(&Progress) -> Result<T>) -> Result<T> {
        let start = Instant::now();
        let progress = Progress::new(name, &self.bars, self.quiet);
        let result = work(&progress);
        progress.end();
        let took = start.elapsed();
        self.times().push((name.to_string(), took));
        let mark = if result.is_ok() { "done" } else { "FAILED" };
        self.note(mark, &format!("{name} ({})", seconds(took)));
        result
    }

    /// Says that a step had nothing to do.
    pub fn skipped(&self, name: &str) {
        self.note("ready", name);
    }

    /// Prints one line.
    pub fn note(&self, mark: &str, text: &str) {
        if !self.quiet {
            self.bars.suspend(|| eprintln!("{mark:>6}  {text}"));
        }
    }

    /// Says that a command that began at `start` is done, and what took how long.
    pub fn end(&self, start: Instant) {
        self.summary();
        self.note("ok", &seconds(start.elapsed()));
    }

    /// Prints all steps with their times, if they took long enough to matter.
    fn summary(&self) {
        let times = self.times();
        let total: Duration = times.iter().map(|(_, took)| *took).sum();
        if self.quiet || total < WORTH_A_TABLE {
            return;
        }
        let lengths = times.iter().map(|(name, _)| name.chars().count());
        let width = lengths.max().unwrap_or(0).max("step".len());
        eprintln!("\n{:width$}  {:>8}", "step", "time");
        for (name, took) in times.iter() {
            eprintln!("{name:width$}  {:>8}", seconds(*took));
        }
    }

    fn times(&self) -> MutexGuard<'_, Vec<(String, Duration)>> {
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The names of the steps that were done so far.
    pub fn steps_done(&self) -> Vec<String> {
        self.times().iter().map(|(name, _)| name.clone()).collect()
    }
}

/// `12.3 s` or `2 min 5 s`.
pub fn seconds(time: Duration) -> String {
    match time.as_secs() {
        whole @ 120.. => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{:.1} s", time.as_secs_f64()),
    }
}

/// How far a step is.
pub struct Progress {
    name: String,
    bar: Option<ProgressBar>,
    plain: bool,
    spoke: Cell<Instant>,
}

impl Progress {
    fn new(name: &str, bars: &MultiProgress, quiet: bool) -> Progress {
        let bar = (!quiet && std::io::stderr().is_terminal()).then(|| {
            let bar = bars.add(ProgressBar::new_spinner().with_message(name.to_string()));
            bar.set_style(
                ProgressStyle::with_template("{spinner} {msg} {elapsed}")
                    .expect("a fixed template"),
            );
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        let plain = !quiet && bar.is_none();
        if plain {
            eprintln!(" start  {name}");
        }
        Progress { name: name.into(), bar, plain, spoke: Cell::new(Instant::now()) }
    }

    /// `done` of `total` units are done; `what` is being worked on.
    pub fn at(&self, done: u64, total: u64, what: &str) {
        if let Some(bar) = &self.bar {
            if bar.length() != Some(total) {
                bar.set_length(total);
                bar.set_style(
                    ProgressStyle::with_template("{spinner} {msg} [{bar:30}] {percent}% {elapsed}")
                        .expect("a fixed template"),
                );
            }
            bar.set_position(done);
            bar.set_message(if what.is_empty() {
                self.name.clone()
            } else {
                format!("{}: {what}", self.name)
            });
        } else if self.plain && self.spoke.get().elapsed() > PLAIN_INTERVAL {
            self.spoke.set(Instant::now());
            eprintln!("        {}: {}%", self.name, done * 100 / total.max(1));
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
