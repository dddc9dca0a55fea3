//! Everything that is alive in one state has bytes of its own, whatever the compiler believes about
//! storage: each value is filled with a pattern and checked after every suspension.
//@ edition: 2024
//@ run-pass
#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]

mod support;
use std::ops::{Coroutine, CoroutineState};
use std::pin::Pin;
use support::*;

fn check<const N: usize>(name: &str, bytes: &[u8; N], pattern: u8) {
    let good = bytes.iter().all(|byte| *byte == pattern);
    println!("    {name} {}", if good { "is as it was" } else { "has been written over" });
}

async fn scopes(a: [u8; 3], b: [u8; 17], c: u64, d: [u8; 5]) {
    {
        let e = [5u8; 9];
        let f = 0x0606_0606_0606_0606u64;
        wait().await;
        check("e", &e, 5);
        check("f", &f.to_ne_bytes(), 6);
        check("a", &a, 1);
    }
    let g = [7u8; 33];
    wait().await;
    check("b", &b, 2);
    {
        let h = [8u128; 2];
        let i = [9u8; 1];
        wait().await;
        check("h", &(h[1] as u8).to_ne_bytes(), 8);
        check("i", &i, 9);
        check("g", &g, 7);
        wait().await;
        check("d", &d, 4);
    }
    wait().await;
    check("c", &c.to_ne_bytes(), 3);
}

/// Values that are moved on into others, with references to both across suspensions.
async fn moves(first: [u8; 24], second: Box<[u8; 24]>) {
    let moved = first;
    let reference = &moved;
    wait().await;
    let copy = *second;
    let other = &copy;
    wait().await;
    check("moved", reference, 1);
    check("copy", other, 2);
    drop(second);
    wait().await;
    check("moved", reference, 1);
    check("copy", other, 2);
}

/// A match binds captures in some arms only.
async fn arms(choice: Result<[u8; 40], (u8, [u8; 20], u64)>, other: [u8; 8]) {
    match choice {
        Ok(bytes) => {
            wait().await;
            check("bytes", &bytes, 3);
        }
        Err((byte, bytes, word)) => {
            wait().await;
            check("other", &other, 9);
            wait().await;
            check("bytes", &bytes, byte);
            check("word", &word.to_ne_bytes(), byte);
        }
    }
    wait().await;
    check("other", &other, 9);
}

fn movable() {
    let (a, b) = ([1u8; 13], [2u8; 29]);
    let mut coroutine = #[coroutine] move |mut x: [u8; 7]| {
        check("x", &x, 100);
        x = yield 1;
        check("x", &x, 101);
        check("a", &a, 1);
        let y = yield 2;
        check("x", &x, 101);
        check("y", &y, 102);
        check("b", &b, 2);
        let z = yield 3;
        check("y", &y, 102);
        check("z", &z, 103);
    };
    for argument in 100..104 {
        if let CoroutineState::Yielded(value) = Pin::new(&mut coroutine).resume([argument; 7]) {
            println!("  {value}");
        }
    }
}

fn main() {
    block_on(scopes([1; 3], [2; 17], 0x0303_0303_0303_0303, [4; 5]));
    block_on(moves([1; 24], Box::new([2; 24])));
    block_on(arms(Ok([3; 40]), [9; 8]));
    block_on(arms(Err((4, [4; 20], 0x0404_0404_0404_0404)), [9; 8]));
    movable();
}
