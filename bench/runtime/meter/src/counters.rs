//! What the processor counts, where it does: many virtual machines do not.

use std::cell::RefCell;
use std::io;

use perf_event::events::Hardware;
use perf_event::{Builder, Counter};

/// Counters of this process and of the threads that it will start, in user space.
pub(super) enum Counters {
    Counting(RefCell<[Counter; 2]>),
    Missing(io::Error),
}

impl Counters {
    pub(super) fn new() -> Counters {
        match counters() {
            Ok(counters) => Counters::Counting(RefCell::new(counters)),
            Err(error) => Counters::Missing(error),
        }
    }

    /// What was counted, for a line.
    pub(super) fn so_far(&self) -> String {
        match self {
            Counters::Counting(counters) => {
                let [instructions, misses] = &mut *counters.borrow_mut();
                let read = |counter: &mut Counter| counter.read().expect("what counts can be read");
                format!(" instructions {} misses {}", read(instructions), read(misses))
            }
            Counters::Missing(error) => {
                format!(" uncounted {}", error.to_string().replace(' ', "-"))
            }
        }
    }
}

fn counters() -> io::Result<[Counter; 2]> {
    let counter = |event| {
        let mut counter = Builder::new(event).inherit(true).build()?;
        counter.enable()?;
        io::Result::Ok(counter)
    };
    Ok([counter(Hardware::INSTRUCTIONS)?, counter(Hardware::CACHE_MISSES)?])
}
