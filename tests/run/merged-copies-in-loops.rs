//! Values that are copied, not moved, in a loop: what the copy becomes must not be seen by the next
//! turn. Arguments that a callee writes over, variables that are changed, futures that are copied.
//!
//! A copy is the only use of its source here, but it runs again: as one local, the second turn
//! would start with what the first one left.
//@ edition: 2024
//@ run-pass
#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]

mod support;
use std::hint::black_box;
use std::ops::{Coroutine, CoroutineState};
use std::pin::Pin;
use std::task::{Context, Poll};
use support::tasks::*;
use support::*;

type Large = Filled<30>;

/// Writes over its argument, which is the caller's copy where that is passed in place.
#[inline(never)]
fn spoil(mut large: Large) -> u64 {
    let sum = large.sum();
    black_box(&mut large).refill(sum);
    sum
}

async fn parameter_to_a_callee(large: Large) {
    for _ in 0..3 {
        println!("    {:x}", spoil(large));
        wait().await;
    }
}

async fn local_to_a_callee(seed: u64) {
    let large = Large::new(seed);
    for _ in 0..3 {
        println!("    {:x}", spoil(large));
        wait().await;
    }
}

async fn local_to_a_callee_without_await(seed: u64) {
    let large = Large::new(seed);
    for _ in 0..3 {
        println!("    {:x}", spoil(large));
    }
    wait().await;
}

fn capture_to_a_callee_before_the_await(large: Large) -> impl Future<Output = ()> {
    async move {
        for _ in 0..3 {
            println!("    {:x}", spoil(large));
        }
        wait().await;
    }
}

async fn two_to_one_callee(first: [u32; 20], (second, times): ([u32; 20], u32)) {
    #[inline(never)]
    fn swap(mut first: [u32; 20], mut second: [u32; 20]) -> u32 {
        let difference = first[3] - second[4];
        std::mem::swap(black_box(&mut first), black_box(&mut second));
        first[3] = second[4] + 100;
        black_box((&first, &second));
        difference
    }
    for _ in 0..times {
        println!("    {}", swap(first, second));
        wait().await;
    }
}

async fn to_a_variable(large: [u8; 64]) {
    wait().await;
    for _ in 0..3 {
        let mut copy = large;
        copy[0] += 1;
        println!("    {}", copy[0]);
        wait().await;
        copy[1] += copy[0];
        println!("    {}", copy[1]);
    }
}

async fn to_a_variable_that_ends_the_loop(large: [u8; 64], limit: u8) {
    wait().await;
    let mut turns = 0;
    loop {
        let mut copy = large;
        copy[0] += 1;
        turns += 1;
        println!("    {} {turns}", copy[0]);
        if copy[0] > limit || turns > 4 {
            break;
        }
        if turns == 2 {
            continue;
        }
        wait().await;
        copy[0] += turns;
        println!("    {}", copy[0]);
    }
}

fn in_a_coroutine(large: Large) -> impl Coroutine<u64, Yield = u64, Return = u64> + Unpin {
    #[coroutine]
    move |mut argument: u64| {
        let mut sum = 0;
        while argument != 0 {
            let mut copy = large;
            sum ^= copy.sum();
            copy.refill(argument);
            argument = yield sum ^ spoil(copy);
            sum ^= spoil(large).rotate_left(1);
        }
        sum
    }
}

/// A future that counts its polls in itself, and is gone after the third.
#[derive(Clone, Copy)]
struct Counts {
    polls: u32,
    filled: Filled<10>,
}

impl Future for Counts {
    type Output = u32;
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u32> {
        self.polls += 1;
        self.filled.check("counts");
        let polls = self.polls;
        self.filled.refill(polls.into());
        if polls < 3 { Poll::Pending } else { Poll::Ready(polls) }
    }
}

async fn awaited_copies(first: Counts, times: u32) {
    let second = Counts { polls: 1, ..first };
    for turn in 0..times {
        println!("    {turn} {}", first.await);
        println!("    {turn} {}", second.await);
    }
}

async fn awaited_copies_of_variables(future: Counts) {
    let mut results = Vec::new();
    while results.len() < 3 {
        let copy = future;
        results.push(copy.await);
        let again = copy;
        results.push(again.polls + again.await);
    }
    println!("    {results:?}");
}

fn main() {
    quiet();
    let large = Large::new(5);
    drop_everywhere("parameter", 4, || parameter_to_a_callee(large));
    drop_everywhere("local", 4, || local_to_a_callee(6));
    drop_everywhere("without await", 2, || local_to_a_callee_without_await(7));
    drop_everywhere("before the await", 2, || capture_to_a_callee_before_the_await(large));
    poll_and_drop("two", 5, two_to_one_callee([9; 20], ([4; 20], 4)));
    poll_and_drop("variable", 6, to_a_variable([1; 64]));
    for limit in [0, 3, 100] {
        poll_and_drop("ends the loop", 9, to_a_variable_that_ends_the_loop([2; 64], limit));
    }
    let mut coroutine = in_a_coroutine(large);
    for argument in [3, 2, 1, 0] {
        match Pin::new(&mut coroutine).resume(argument) {
            CoroutineState::Yielded(sum) => println!("    yields {sum:x}"),
            CoroutineState::Complete(sum) => println!("    returns {sum:x}"),
        }
    }
    let counts = Counts { polls: 0, filled: Filled::new(8) };
    poll_and_drop("awaited", 20, awaited_copies(counts, 3));
    poll_and_drop("awaited variables", 20, awaited_copies_of_variables(counts));
}
