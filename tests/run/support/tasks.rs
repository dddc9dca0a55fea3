//! Futures that tell when they are made, polled and dropped, and values whose every byte is known.
//!
//! A copy too few or too many, or bytes that something else was written over, changes what they print.

use std::future::Future;
use std::marker::PhantomPinned;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::{Loud, loud};

/// What a [`Task`] does when it has waited long enough.
#[derive(Clone, Copy, PartialEq)]
pub enum Then {
    Return,
    Panic,
}

/// A future that must not be moved after its first poll, and notices when it was.
pub struct Task {
    name: &'static str,
    left: u32,
    then: Then,
    first_polled_at: usize,
    bytes: Filled<96>,
    _pinned: PhantomPinned,
}

/// A future that waits so many times and then gives a [`Loud`] of its name.
pub fn task(name: &'static str, times: u32) -> Task {
    println!("    make {name}");
    let bytes = Filled::new(name.len() as u64);
    Task { name, left: times, then: Then::Return, first_polled_at: 0, bytes, _pinned: PhantomPinned }
}

/// A future that waits so many times and then panics.
pub fn panicking_task(name: &'static str, times: u32) -> Task {
    let mut made = task(name, times);
    made.then = Then::Panic;
    made
}

impl Task {
    /// Looks at the future without polling it.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

impl Future for Task {
    type Output = Loud;
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Loud> {
        // Nothing is moved out of it.
        let this = unsafe { self.get_unchecked_mut() };
        println!("    poll {} ({} left)", this.name, this.left);
        let here = &raw const *this as usize;
        if this.first_polled_at == 0 {
            this.first_polled_at = here;
        }
        assert_eq!(this.first_polled_at, here, "{} was moved between two polls", this.name);
        this.bytes.check(this.name);
        if this.left > 0 {
            this.left -= 1;
            return Poll::Pending;
        }
        match this.then {
            Then::Return => Poll::Ready(loud(&format!("result of {}", this.name))),
            Then::Panic => panic!("poll of {}", this.name),
        }
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.bytes.check(self.name);
        println!("    drop task {}", self.name);
    }
}

/// So many numbers, each of which follows from a seed.
#[derive(Clone, Copy)]
pub struct Filled<const N: usize> {
    seed: u64,
    numbers: [u64; N],
}

impl<const N: usize> Filled<N> {
    pub fn new(seed: u64) -> Self {
        let mut numbers = [0; N];
        for (i, number) in numbers.iter_mut().enumerate() {
            *number = Self::number(seed, i);
        }
        Filled { seed, numbers }
    }

    fn number(seed: u64, i: usize) -> u64 {
        (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(i as u32) ^ i as u64
    }

    /// Panics if a number is not what it was.
    pub fn check(&self, what: &str) {
        for (i, number) in self.numbers.iter().enumerate() {
            assert_eq!(*number, Self::number(self.seed, i), "{what}: number {i} has changed");
        }
    }

    /// A number that depends on all of them.
    pub fn sum(&self) -> u64 {
        self.check("sum");
        self.numbers.iter().fold(self.seed, |sum, n| sum.rotate_left(1) ^ n)
    }

    /// Other contents.
    pub fn refill(&mut self, seed: u64) {
        *self = Self::new(seed);
    }
}

/// The same with a destructor, which looks at the contents.
pub struct Owned<const N: usize> {
    pub filled: Filled<N>,
    pub name: Loud,
}

/// A value of 8 kB with a destructor.
pub fn owned(name: &str) -> Owned<1000> {
    Owned { filled: Filled::new(name.len() as u64 * 7), name: loud(name) }
}

impl<const N: usize> Owned<N> {
    /// Looks at every byte.
    pub fn look(&self) {
        println!("    {} {:x}", self.name.name(), self.filled.sum());
    }
}

impl<const N: usize> Drop for Owned<N> {
    fn drop(&mut self) {
        self.filled.check("dropped");
        println!("    drop owned {}", self.name.name());
    }
}
