//! rust-lang/rust #63818: `&mut` to a self-referential future is no unique pointer to what is
//! inside. LLVM must not be told so (`noalias`), or it keeps values in registers over calls that
//! change them. Stock 1.95 tells it only for types that are `Unpin`. Under Snug captures and locals
//! are the same bytes at different times, and arguments are passed from where they lie in the
//! future, so there is more to be told wrongly. The optimised builds of this program see that.
//@ edition: 2024
//@ run-pass
#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]

mod support;
use std::ops::{Coroutine, CoroutineState};
use std::pin::pin;
use support::tasks::*;
use support::*;

async fn add(target: &mut u64, value: u64) -> u64 {
    *target += value;
    wait().await;
    *target *= 2;
    *target
}

/// The future is polled while a pointer into it is held by the future that it polls.
async fn through_references(mut number: u64, mut filled: Filled<8>) -> u64 {
    let reference = &mut number;
    let before = *reference;
    let sum = add(reference, 5).await;
    *reference += sum;
    add(reference, before).await;
    let other = &mut filled;
    let first = other.sum();
    {
        let by = async || {
            wait().await;
            other.refill(7);
            number += 1;
        };
        let mut by = by;
        by().await;
        by().await;
    }
    wait().await;
    number ^ first ^ filled.sum()
}

/// A pointer leaves the future, and is written through between the polls.
fn from_outside() -> u64 {
    let captured = [1u64, 2, 3, 4];
    let mut future = pin!(
        #[coroutine]
        static move || {
            let mut captured = captured;
            let pointer = &raw mut captured;
            let before = captured[1];
            yield pointer;
            let between = captured[1];
            let other = [10u64; 4];
            yield pointer;
            captured[1] + before * 1000 + between * 100 + other[2]
        }
    );
    loop {
        match future.as_mut().resume(()) {
            CoroutineState::Yielded(pointer) => unsafe { (*pointer)[1] += 40 },
            CoroutineState::Complete(sum) => return sum,
        }
    }
}

/// Dead and alive in the same bytes, under references of different types.
async fn in_turns(first: [u64; 16], second: [u32; 32], third: [f64; 16]) -> f64 {
    let mut sum = first_sum(&first) as f64;
    wait().await;
    let mut halves = [0u32; 32];
    for (half, value) in halves.iter_mut().zip(&second) {
        *half = value + 1;
    }
    wait().await;
    sum += halves.iter().sum::<u32>() as f64;
    wait().await;
    let mut doubles = third;
    scale(&mut doubles, &third);
    wait().await;
    sum + doubles.iter().sum::<f64>()
}

fn first_sum(values: &[u64; 16]) -> u64 {
    values.iter().sum()
}

fn scale(to: &mut [f64; 16], by: &[f64; 16]) {
    for (to, by) in to.iter_mut().zip(by.iter().rev()) {
        *to += by;
    }
}

/// A list of locals of the future, which refer to each other.
struct Node<'a> {
    value: std::cell::Cell<u64>,
    next: Option<&'a Node<'a>>,
}

async fn linked(start: u64, filled: Filled<12>) -> u64 {
    let last = Node { value: start.into(), next: None };
    wait().await;
    let middle = Node { value: filled.sum().into(), next: Some(&last) };
    wait().await;
    let first = Node { value: 3.into(), next: Some(&middle) };
    let mut sum = 0u64;
    for round in 0..3 {
        let mut node = Some(&first);
        while let Some(Node { value, next }) = node {
            sum = sum.wrapping_mul(31) ^ value.get();
            value.set(value.get() + round);
            wait().await;
            node = *next;
        }
    }
    sum
}

fn main() {
    println!("{:x}", block_on(through_references(3, Filled::new(1))));
    println!("{}", from_outside());
    println!("{}", block_on(in_turns([7; 16], [8; 32], [0.5; 16])));
    println!("{:x}", block_on(linked(5, Filled::new(2))));
    let nested = async |n: u64| {
        through_references(n, Filled::new(n)).await ^ linked(n, Filled::new(n)).await
    };
    println!("{:x}", block_on(async { nested(1).await ^ nested(2).await }));
}
