//! rust-lang/rust #158655: `StateTransform` makes fields of the locals that a suspension keeps, but
//! not where such a local is the index in a place (`a[i]`). A guard that awaits keeps the index of
//! what is matched, so safe code reads and writes at an index that is left over on the stack. Stock
//! 1.95 still does (it crashes here, or prints anything); Snug indexes by a copy
//! (`relocate/indices.rs`).
//@ own-output: stock reads out of bounds in safe code
//@ edition: 2024
//@ run-pass
#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]

mod support;
use std::ops::{Coroutine, CoroutineState};
use std::pin::pin;
use support::*;

async fn bigger(value: u64, than: u64) -> bool {
    wait().await;
    // What a suspension leaves on the stack is not what it was.
    std::hint::black_box([0xff_u8; 2000]);
    value > than
}

/// Array and index are captured: the one is relocated, the other copied from a relocated one.
async fn captured(array: [u64; 4], index: usize) -> u64 {
    match array[index] {
        value if bigger(value, 20).await => value,
        value => value + 100,
    }
}

async fn written(mut array: [u64; 4], index: usize) -> [u64; 4] {
    match array[index] {
        ref mut value if bigger(*value, 20).await => *value += 1,
        ref mut value => *value += 100,
    }
    array
}

/// Two indices in one place, both kept.
async fn twice(array: [[u64; 3]; 2], first: usize, second: usize) -> u64 {
    match array[first][second] {
        value if bigger(value, 20).await => value,
        value => value + 100,
    }
}

async fn slice(slice: &mut [(u64, u64)], index: usize) -> u64 {
    match slice[index] {
        (ref mut left, right) if bigger(right, 20).await => {
            *left += right;
            *left
        }
        (left, ref mut right) => {
            *right = left;
            7
        }
    }
}

/// Values with destructors behind the index; several guards.
async fn owners(mut array: [Option<Loud>; 3], index: usize) -> usize {
    let taken = match array[index] {
        Some(ref loud) if bigger(loud.name().len() as u64, 100).await => 0,
        Some(ref mut loud) if bigger(loud.name().len() as u64, 3).await => {
            *loud = support::loud("new");
            1
        }
        ref mut other => {
            let other = other.take();
            wait().await;
            other.map_or(2, |loud| loud.name().len())
        }
    };
    wait().await;
    taken + array.iter().flatten().count()
}

/// No captures; the index comes from an await, in a loop that suspends.
async fn in_a_loop() -> u64 {
    let array = [10, 20, 30, 40];
    let mut sum = 0;
    for round in 0..3 {
        let start = {
            wait().await;
            round
        };
        match array[start + 1] {
            value if bigger(value, 25).await => sum += value,
            value => sum += value * 1000,
        }
    }
    sum
}

fn coroutine(array: [u64; 4]) -> impl Coroutine<usize, Yield = u64, Return = u64> {
    #[coroutine]
    static move |index: usize| match array[index] {
        value if (yield value) > value as usize => value + 1,
        value => value + 2,
    }
}

fn main() {
    let array = [10, 20, 30, 40];
    for index in 0..4 {
        println!("captured {index}: {}", block_on(captured(array, index)));
        println!("written {index}: {:?}", block_on(written(array, index)));
        let mut pairs = [(1, 10), (2, 20), (3, 30), (4, 40)];
        println!("slice {index}: {} {pairs:?}", block_on(slice(&mut pairs, index)));
        for argument in [0, 100] {
            let mut coroutine = pin!(coroutine(array));
            let first = coroutine.as_mut().resume(index);
            let CoroutineState::Complete(last) = coroutine.as_mut().resume(argument) else {
                panic!("it yields once");
            };
            println!("coroutine {index} {argument}: {first:?} {last}");
        }
    }
    for (first, second) in [(0, 0), (0, 2), (1, 1), (1, 2)] {
        let sum = block_on(twice([[1, 2, 3], [19, 20, 21]], first, second));
        println!("twice {first} {second}: {sum}");
    }
    println!("in a loop: {}", block_on(in_a_loop()));
    for index in 0..3 {
        let make = || owners([Some(loud("a")), Some(loud("long")), None], index);
        println!("owners {index}: {}", block_on(make()));
        drop_everywhere(&format!("owners {index}"), 5, make);
    }
    let closure = async |index: usize| match array[index] {
        value if bigger(value, 20).await => value,
        value => value + 1000,
    };
    for index in 0..4 {
        println!("closure {index}: {}", block_on(closure(index)));
    }
}
