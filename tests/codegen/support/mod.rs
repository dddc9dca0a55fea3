//! What the programs of the `codegen` suite share: values whose copies are easy to see in code, and
//! ways to have a coroutine's code generated.

#![allow(dead_code)]

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// Copied by a call of memcpy, whatever generates the code.
pub type Large = [u8; 4096];

pub const LARGE: Large = [1; 4096];

/// A large value with a destructor. Unlike those without, it is relocated in movable coroutines too
/// when its address is taken.
pub struct Guarded(pub Large);

impl Drop for Guarded {
    fn drop(&mut self) {
        look(&self.0);
    }
}

/// Looks at a value without taking it: at its address, so that code that only looks has no reason
/// to load it.
#[inline(never)]
pub fn look<T>(value: &T) {
    std::hint::black_box(value);
}

/// Takes a value.
#[inline(never)]
pub fn take<T>(value: T) {
    look(&value);
}

/// Suspends once.
pub struct Wait(bool);

pub fn wait() -> Wait {
    Wait(false)
}

impl Future for Wait {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}

/// Has a future's code generated.
pub fn poll<F: Future>(future: F) {
    let _ = pin!(future).poll(&mut Context::from_waker(Waker::noop()));
}
