//! embassy's clock: a millisecond each, counted by the board's timer.

use core::cell::RefCell;
use core::task::Waker;

use critical_section::Mutex;
use embassy_time_driver::Driver;
use embassy_time_queue_utils::Queue;

use crate::world;

struct Clock {
    now: Mutex<RefCell<u64>>,
    queue: Mutex<RefCell<Queue>>,
}

embassy_time_driver::time_driver_impl!(static CLOCK: Clock = Clock {
    now: Mutex::new(RefCell::new(0)),
    queue: Mutex::new(RefCell::new(Queue::new())),
});

impl Driver for Clock {
    fn now(&self) -> u64 {
        critical_section::with(|cs| *self.now.borrow_ref(cs))
    }

    fn schedule_wake(&self, at: u64, waker: &Waker) {
        critical_section::with(|cs| self.queue.borrow_ref_mut(cs).schedule_wake(at, waker));
    }
}

/// A millisecond has passed: the board's timer calls it.
pub(crate) fn tick() {
    critical_section::with(|cs| {
        let mut now = CLOCK.now.borrow_ref_mut(cs);
        *now += 1;
        CLOCK.queue.borrow_ref_mut(cs).next_expiration(*now);
    });
    world::step();
}
