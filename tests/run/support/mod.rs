//! What the programs of the `run` suite share: values that tell when they are dropped, and small
//! executors.

#![allow(dead_code)]

pub mod tasks;
pub mod trace;

use std::cell::Cell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// Prints its name when it is dropped. It owns memory, so that a second drop is found out.
pub struct Loud(pub Box<String>);

pub fn loud(name: &str) -> Loud {
    Loud(Box::new(name.to_owned()))
}

impl Loud {
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl Drop for Loud {
    fn drop(&mut self) {
        println!("    drop {}", self.0);
    }
}

/// Prints its name when it is dropped, and panics then.
pub struct Bomb(pub &'static str);

impl Drop for Bomb {
    fn drop(&mut self) {
        println!("    drop bomb {}", self.0);
        panic!("bomb {}", self.0);
    }
}

/// Suspends a number of times.
pub struct Wait(u32);

pub fn wait() -> Wait {
    Wait(1)
}

pub fn wait_times(times: u32) -> Wait {
    Wait(times)
}

impl Future for Wait {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.0 == 0 {
            return Poll::Ready(());
        }
        self.0 -= 1;
        Poll::Pending
    }
}

/// Polls once.
pub fn poll<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Polls until ready.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = poll(future.as_mut()) {
            return value;
        }
    }
}

/// Polls a future so many times, then drops it. Says what happens, also if it panics.
pub fn poll_and_drop<F: Future>(what: &str, times: u32, future: F) {
    println!("{what}, dropped after {times} polls:");
    let mut future = Box::pin(future);
    for _ in 0..times {
        match catch_unwind(AssertUnwindSafe(|| poll(future.as_mut()))) {
            Ok(Poll::Pending) => println!("  pending"),
            Ok(Poll::Ready(_)) => {
                println!("  ready");
                break;
            }
            Err(payload) => {
                println!("  panicked: {}", message(&*payload));
                break;
            }
        }
    }
    println!("  dropping");
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(future))) {
        println!("  drop panicked: {}", message(&*payload));
    }
}

/// Makes a future and drops it after 0, 1, 2... up to so many polls.
pub fn drop_everywhere<F: Future>(what: &str, times: u32, make: impl Fn() -> F) {
    for times in 0..=times {
        poll_and_drop(what, times, make());
    }
}

pub fn message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| text.to_string());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or("?".to_owned())
}

/// Keeps panic messages out of stderr, where threads and line numbers would be compared.
pub fn quiet() {
    std::panic::set_hook(Box::new(|_| {}));
}

thread_local! {
    static NEXT: Cell<u32> = const { Cell::new(0) };
}

/// A number that is new each time.
pub fn fresh() -> u32 {
    NEXT.with(|next| next.replace(next.get() + 1))
}
