//! What a process has used so far, printed as a line whenever a program says so.
//!
//! ```text
//! usage begin processor 1200000 clock 1300000 rss 4321280 peak 4321280
//! usage end processor 901200000 clock 911300000 rss 54321280 peak 64321280
//! ```
//!
//! `./y.sh bench runtime` takes the differences. Times are nanoseconds, `rss` and `peak` bytes. With `METER=allocations`
//! a line also says how often the allocator was asked, for how many bytes, and how many of them are in use; counting takes time, so runs
//! that are timed do without. With `METER=counters` it says what the processor has counted, or why it has not.

mod allocator;
mod counters;

use std::env;
use std::fs;
use std::io::Write;
use std::time::Instant;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

pub use self::allocator::Counting;
use self::counters::Counters;

/// Measures a process.
pub struct Meter {
    start: Instant,
    counters: Option<Counters>,
}

impl Meter {
    /// To be called first of all: threads that are there already are not counted by everything.
    pub fn new() -> Meter {
        let wanted = env::var("METER").unwrap_or_default();
        if wanted == "allocations" {
            allocator::count();
        }
        let counters = (wanted == "counters").then(Counters::new);
        Meter { start: Instant::now(), counters }
    }

    /// Prints what was used until now.
    pub fn mark(&self, label: &str) {
        let mut line = format!(
            "usage {label} processor {} clock {} rss {} peak {}",
            processor(),
            self.start.elapsed().as_nanos(),
            memory("VmRSS:"),
            memory("VmHWM:"),
        );
        line += &allocator::so_far();
        if let Some(counters) = &self.counters {
            line += &counters.so_far();
        }
        say(&line);
    }
}

impl Default for Meter {
    fn default() -> Meter {
        Meter::new()
    }
}

/// Prints a figure that does not depend on the compiler.
pub fn result(name: &str, value: u64) {
    say(&format!("result {name} {value}"));
}

/// Prints a line, and does not keep it in a buffer: somebody waits for it.
pub fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).expect("somebody reads what is printed");
}

/// Mixes a value into a sum.
pub fn mix(sum: u64, value: u64) -> u64 {
    (sum.rotate_left(7) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Lets the process have as many open files as it may.
pub fn many_files() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let all = Rlimit { current: maximum, maximum };
    setrlimit(Resource::Nofile, all).expect("the limit of open files can be raised to its maximum");
}

/// Nanoseconds of all threads, in user space and in the kernel.
fn processor() -> u128 {
    // The sum of what `getrusage` splits into both.
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as u128 * 1_000_000_000 + time.tv_nsec as u128
}

/// Bytes, of a line of `/proc/self/status`.
fn memory(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux says what a process uses");
    let line =
        status.lines().find_map(|line| line.strip_prefix(name)).expect("Linux has this line");
    let kilobytes = line.trim().trim_end_matches(" kB").parse::<u64>();
    kilobytes.expect("Linux writes kilobytes") << 10
}
