//! Drives anything that goes on step by step (futures, iterators, coroutines) and cuts it off at
//! every step: what is made, done, dropped, and in which order, is printed.

#![allow(dead_code)]

use std::async_iter::AsyncIterator;
use std::fmt::Debug;
use std::ops::{Coroutine, CoroutineState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use super::{message, poll};

/// What came of one step.
pub enum Step {
    /// It goes on.
    More(String),
    /// It is over.
    End(String),
}

/// Makes a thing, lets it take `0`, `1`, .. `most` steps, and drops it. What is over is asked for one
/// step more, and so is what has panicked.
pub fn cut_everywhere<T>(
    what: &str,
    most: usize,
    make: impl Fn() -> T,
    mut step: impl FnMut(Pin<&mut T>, usize) -> Step,
) {
    for steps in 0..=most {
        println!("{what}, cut after {steps} steps:");
        let mut thing = Box::pin(make());
        let mut over = 0;
        for index in 0..steps {
            match catch_unwind(AssertUnwindSafe(|| step(thing.as_mut(), index))) {
                Ok(Step::More(shown)) => println!("  {shown}"),
                Ok(Step::End(shown)) => {
                    println!("  end: {shown}");
                    over += 1;
                }
                Err(payload) => {
                    println!("  panicked: {}", message(&*payload));
                    over += 1;
                }
            }
            if over == 2 {
                break;
            }
        }
        println!("  dropping");
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(thing))) {
            println!("  drop panicked: {}", message(&*payload));
        }
    }
}

/// Cuts a future off after each poll.
pub fn futures<F: Future<Output: Debug>>(what: &str, most: usize, make: impl Fn() -> F) {
    cut_everywhere(what, most, make, |future, _| match poll(future) {
        Poll::Pending => Step::More("pending".to_owned()),
        Poll::Ready(value) => Step::End(format!("{value:?}")),
    });
}

/// Cuts an iterator off after each item.
pub fn iterators<I: Iterator<Item: Debug>>(what: &str, most: usize, make: impl Fn() -> I) {
    cut_everywhere(what, most, make, |iterator, _| {
        // `Pin` means nothing to iterators.
        let iterator = unsafe { iterator.get_unchecked_mut() };
        match iterator.next() {
            Some(item) => Step::More(format!("{item:?}")),
            None => Step::End("none".to_owned()),
        }
    });
}

/// Cuts an async iterator off after each poll.
pub fn async_iterators<I: AsyncIterator<Item: Debug>>(
    what: &str,
    most: usize,
    make: impl Fn() -> I,
) {
    cut_everywhere(what, most, make, |iterator, _| {
        match iterator.poll_next(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => Step::More("pending".to_owned()),
            Poll::Ready(Some(item)) => Step::More(format!("{item:?}")),
            Poll::Ready(None) => Step::End("none".to_owned()),
        }
    });
}

/// Cuts a coroutine off after each resume.
pub fn coroutines<R, C>(
    what: &str,
    most: usize,
    make: impl Fn() -> C,
    argument: impl Fn(usize) -> R,
) where
    C: Coroutine<R, Yield: Debug, Return: Debug>,
{
    cut_everywhere(what, most, make, |coroutine, index| {
        match coroutine.resume(argument(index)) {
            CoroutineState::Yielded(value) => Step::More(format!("{value:?}")),
            CoroutineState::Complete(value) => Step::End(format!("{value:?}")),
        }
    });
}
