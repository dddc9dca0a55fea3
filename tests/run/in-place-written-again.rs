//! Parameters and captures that no suspension keeps, and that are written again: while they are
//! consumed, behind, or when something else lies where they lay.
//!
//! Such a value is used where it lies, next to what is saved later. That is right only for its first
//! value: the second one would be written over what is alive by then, or taken for another local's.
//! (They are passed by value, never borrowed: what is borrowed counts as kept.)
//@ edition: 2024
//@ run-pass
#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]
// Nobody reads some of the second values: they must not reach what is read.
#![allow(unused_assignments, unused_variables)]

mod support;
use std::hint::black_box;
use std::ops::{Coroutine, CoroutineState};
use std::pin::Pin;
use support::tasks::*;
use support::*;

type Large = [u64; 20];

#[inline(never)]
fn consume<T>(value: T) {
    black_box(value);
}

#[inline(never)]
fn sum(large: Large) -> u64 {
    large.iter().sum()
}

fn saved() -> Filled<20> {
    Filled::new(3)
}

/// Something saved is filled while the parameter has no value.
async fn between_two_values(mut large: Large) {
    println!("    {}", sum(large));
    let saved = saved();
    large = [7; 20];
    println!("    {}", sum(large));
    wait().await;
    saved.check("saved");
}

async fn behind_the_await(mut large: Large) {
    let saved = saved();
    wait().await;
    large = [1; 20];
    wait().await;
    saved.check("saved");
}

async fn consumed_before_and_behind(mut large: Large) {
    println!("    {}", sum(large));
    let saved = saved();
    wait().await;
    large = [7; 20];
    println!("    {}", sum(large));
    wait().await;
    saved.check("saved");
}

async fn part_of_a_pattern((mut large, _): (Large, u8)) {
    let saved = saved();
    wait().await;
    large = [1; 20];
    wait().await;
    saved.check("saved");
}

async fn parts_of_a_pattern((mut large, (_, mut other)): (Large, (u8, Large))) {
    println!("    {}", sum(other));
    let saved = saved();
    wait().await;
    large = [1; 20];
    other = [2; 20];
    println!("    {}", sum(large) + sum(other));
    wait().await;
    saved.check("saved");
}

async fn element_behind_the_await(mut large: Large, i: usize) {
    println!("    {}", sum(large));
    let saved = saved();
    wait().await;
    large[i] = 1;
    wait().await;
    saved.check("saved");
}

fn capture(mut large: Large) -> impl Future<Output = ()> {
    async move {
        println!("    {}", sum(large));
        let saved = saved();
        for turn in 0..3 {
            large = [turn; 20];
            println!("    {}", sum(large));
            wait().await;
            saved.check("saved");
        }
    }
}

async fn on_some_paths(mut large: Large, which: u8) {
    if which == 0 {
        println!("    {}", sum(large));
    }
    let saved = saved();
    if which > 0 {
        large = [6; 20];
        if which > 1 {
            wait().await;
            large = [7; 20];
        }
        println!("    {}", sum(large));
    }
    wait().await;
    saved.check("saved");
}

async fn owned_in_a_loop(mut owned: Owned<20>) {
    let mut sums = Vec::new();
    for turn in 0..3 {
        consume(owned);
        let kept = saved();
        if turn > 0 {
            wait().await;
        }
        owned = Owned { filled: Filled::new(turn * 10), name: loud("next") };
        sums.push(kept.sum());
    }
    consume(owned);
    println!("    {sums:x?}");
}

/// The second value is another local's: neither may be taken for the other.
fn owned_from_another_local(mut pair: (Owned<20>, u8)) -> impl Future<Output = ()> {
    async move {
        {
            let other = (Owned { filled: Filled::new(1), name: loud("other") }, 1);
            pair = other;
        }
        consume(pair);
        wait().await;
    }
}

/// Both values own memory: dropped in place, one would be dropped twice and the other never.
fn loud_from_another_local(
    stop: bool,
    mut value: Numbered,
) -> impl Coroutine<(), Yield = u8, Return = ()> + Unpin {
    #[coroutine]
    move |_: ()| {
        {
            let other = numbered(10);
            value = other;
        }
        drop(value);
        if stop {
            return;
        }
        yield 0;
    }
}

struct Numbered(Box<u64>, u8);

#[inline(never)]
fn numbered(number: u64) -> Numbered {
    Numbered(Box::new(number), 1)
}

impl Drop for Numbered {
    fn drop(&mut self) {
        println!("    drop {} {}", self.0, self.1);
    }
}

fn main() {
    quiet();
    drop_everywhere("between", 2, || between_two_values([1; 20]));
    drop_everywhere("behind", 3, || behind_the_await([1; 20]));
    drop_everywhere("before and behind", 3, || consumed_before_and_behind([1; 20]));
    drop_everywhere("part", 3, || part_of_a_pattern(([1; 20], 1)));
    drop_everywhere("parts", 3, || parts_of_a_pattern(([1; 20], (2, [3; 20]))));
    drop_everywhere("element", 3, || element_behind_the_await([4; 20], 11));
    drop_everywhere("capture", 4, || capture([1; 20]));
    for which in 0..3 {
        drop_everywhere("paths", 3, || on_some_paths([1; 20], which));
    }
    let owned = || Owned { filled: Filled::new(1), name: loud("first") };
    drop_everywhere("loop", 4, || owned_in_a_loop(owned()));
    drop_everywhere("another local", 2, || owned_from_another_local((owned(), 1)));
    for stop in [false, true] {
        println!("stop: {stop}");
        let mut coroutine = loud_from_another_local(stop, numbered(3));
        let yielded = matches!(Pin::new(&mut coroutine).resume(()), CoroutineState::Yielded(0));
        println!("    yielded: {yielded}");
    }
}
