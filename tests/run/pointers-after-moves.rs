//! Raw pointers into variables and captures that have been moved out of: rustc keeps the storage of
//! what has been borrowed, so unsafe code may write a new value there and use it.
//!
//! So such a variable must not share its place with what it was moved to, nor, in a movable coroutine
//! that is not moved, give its bytes to others. The pointers come about in all ways, most of them by
//! way of a reference.
//@ edition: 2024
//@ run-pass
#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]

mod support;
use std::hint::black_box;
use std::ops::{Coroutine, CoroutineState};
use std::pin::{Pin, pin};
use std::ptr::NonNull;
use support::*;

struct Large([u64; 40]);

#[inline(never)]
fn consume(large: Large) -> u64 {
    large.0[3]
}

/// Something for the bytes that look free.
#[inline(never)]
fn fill(bytes: &mut [u64; 64]) {
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = 0xdead_0000 + index as u64;
    }
    black_box(bytes);
}

async fn after_call(mut large: Large) -> u64 {
    let pointer = &mut large as *mut Large;
    let consumed = consume(large);
    unsafe { pointer.write(Large([7; 40])) };
    let mut one = [0; 64];
    fill(&mut one);
    wait().await;
    let mut other = [0; 64];
    fill(&mut other);
    wait().await;
    consumed + unsafe { (*pointer).0[9] } + one[1] + other[2]
}

async fn local_after_call(count: u64) -> u64 {
    let mut large = Large([count; 40]);
    let pointer = std::ptr::from_mut(&mut large).cast::<u64>();
    let consumed = consume(large);
    unsafe { pointer.add(5).write(70) };
    let mut one = [0; 64];
    fill(&mut one);
    wait().await;
    consumed + unsafe { pointer.add(5).read() } + one[1]
}

async fn variable_at_once(mut large: Large) -> u64 {
    let pointer = NonNull::from(&mut large);
    let mut moved = large;
    unsafe { pointer.write(Large([5; 40])) };
    wait().await;
    moved.0[1] += 100;
    moved.0[1] * 1000 + unsafe { pointer.as_ref().0[1] }
}

async fn variable_later(mut large: Large) -> u64 {
    let reference = &mut large;
    let again = &mut *reference;
    let pointer = Some(&raw mut *again);
    wait().await;
    let mut moved = large;
    unsafe { pointer.unwrap().write(Large([5; 40])) };
    wait().await;
    moved.0[1] += 100;
    moved.0[1] * 1000 + unsafe { (*pointer.unwrap()).0[1] }
}

async fn part(mut large: Large) -> u64 {
    let pointer = large.0.as_mut_ptr();
    if black_box(true) {
        wait().await;
    }
    let mut moved = large;
    unsafe { pointer.add(2).write(9) };
    wait().await;
    moved.0[2] += 100;
    moved.0[2] * 1000 + unsafe { pointer.add(2).read() }
}

async fn patterns((mut left, right): (Large, Large)) -> u64 {
    let pointer = &mut left as *mut Large;
    let moved = left;
    unsafe { pointer.write(Large([5; 40])) };
    wait().await;
    moved.0[1] * 1000 + unsafe { (*pointer).0[1] } + right.0[1]
}

struct Count(u64, u64);

impl Future for Count {
    type Output = u64;
    fn poll(mut self: Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<u64> {
        self.0 += 1;
        if self.0 < 3 { std::task::Poll::Pending } else { std::task::Poll::Ready(self.1) }
    }
}

async fn awaited(mut future: Count) -> u64 {
    let pointer = &mut future as *mut Count;
    wait().await;
    let result = {
        let moved = future;
        unsafe { pointer.write(Count(0, 1000)) };
        moved.await
    };
    result + unsafe { (*pointer).0 + (*pointer).1 }
}

fn resume(what: &str, coroutine: impl Coroutine<(), Yield = u64, Return = u64> + Unpin) {
    println!("{what}");
    let mut coroutine = pin!(coroutine);
    loop {
        match coroutine.as_mut().resume(()) {
            CoroutineState::Yielded(value) => println!("  {value}"),
            CoroutineState::Complete(value) => return println!("  end {value}"),
        }
    }
}

fn movable_coroutines() {
    let mut captured = loud("captured");
    resume(
        "dropped",
        #[coroutine]
        move || {
            let pointer = &raw mut captured;
            drop(captured);
            let fill = [9u64; 16];
            yield fill[1];
            unsafe { pointer.write(loud("again")) };
            yield fill[3];
            let more = [fill[4] + 1; 20];
            yield more[2];
            let again = unsafe { pointer.read() };
            again.name().len() as u64 + more[1]
        },
    );
    let mut captured = (loud("left"), [1u64; 8]);
    resume(
        "a part",
        #[coroutine]
        move || {
            let pointer = &mut captured.0 as *mut Loud;
            if black_box(true) {
                std::mem::forget(captured.0);
            }
            let fill = [9u64; 16];
            yield fill[1];
            unsafe { pointer.write(loud("new")) };
            yield fill[3];
            let new = unsafe { pointer.read() };
            new.name().len() as u64 + captured.1[2]
        },
    );
}

fn main() {
    let large = || Large([1; 40]);
    println!("{}", block_on(after_call(large())));
    println!("{}", block_on(local_after_call(3)));
    println!("{}", block_on(variable_at_once(large())));
    println!("{}", block_on(variable_later(large())));
    println!("{}", block_on(part(large())));
    println!("{}", block_on(patterns((large(), Large([2; 40])))));
    println!("{}", block_on(awaited(Count(0, 10))));
    movable_coroutines();
}
