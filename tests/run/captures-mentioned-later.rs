//! Captures that are passed on from where they lie, and mentioned once more by a pattern that takes
//! nothing: `let _ = x` is no use, and must not become one of an argument that has no storage
//! any more.
//!
//! It says so only in the MIR, which is validated and linted for every program here.
//@ edition: 2024
//@ run-pass
#![feature(gen_blocks)]

mod support;
use support::*;

async fn pass<T>(value: T) -> T {
    wait().await;
    value
}

fn capture(number: u64) -> impl Future<Output = u64> {
    async move {
        let result = pass(number).await;
        let _ = number;
        wait().await;
        result
    }
}

fn second_argument(number: u64) -> impl Future<Output = u64> {
    async fn either(left: u64, right: u64) -> u64 {
        wait().await;
        left ^ right
    }
    async move {
        let result = either(1, number).await;
        let _ = number;
        pass(result).await
    }
}

async fn parameter(number: u64, large: [u64; 20], loud: Loud) -> u64 {
    let result = pass(number).await;
    let _ = number;
    let _ = large;
    let sum = pass(large).await.iter().sum::<u64>();
    let _ = (large, number).1;
    let loud = pass(loud).await;
    println!("    {}", loud.name());
    result + sum
}

async fn parts((number, large): (u64, [u64; 20])) -> u64 {
    let result = pass(number).await;
    let _ = number;
    let [first, ..] = pass(large).await;
    let _ = large;
    wait().await;
    result + first
}

async fn without_the_drop(loud: Loud, other: Loud) {
    let _ = loud;
    let passed = pass(loud).await;
    wait().await;
    let _ = other;
    println!("    {}", passed.name());
}

async fn in_a_match(number: u64, pair: (u64, u64)) -> u64 {
    let result = pass(number).await;
    match number {
        _ => wait().await,
    }
    match pair {
        (_, _) => wait().await,
    }
    let (_, second) = pass(pair).await;
    let (_, _) = pair;
    wait().await;
    result + second
}

gen fn generated(number: u64, large: [u64; 20]) -> u64 {
    fn give<T>(value: T) -> T {
        value
    }
    yield give(number);
    let _ = number;
    yield give(large)[1];
    let _ = large;
    yield 0;
}

fn main() {
    quiet();
    println!("{}", block_on(capture(4)));
    println!("{}", block_on(second_argument(4)));
    println!("{}", block_on(parts((4, [5; 20]))));
    println!("{}", block_on(in_a_match(4, (5, 6))));
    println!("{}", block_on(parameter(4, [5; 20], loud("loud"))));
    drop_everywhere("parameter", 4, || parameter(4, [5; 20], loud("loud")));
    drop_everywhere("without", 3, || without_the_drop(loud("loud"), loud("other")));
    println!("{:?}", generated(4, [5; 20]).collect::<Vec<_>>());
}
