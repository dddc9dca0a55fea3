//! rust-lang/rust #123021: the two bodies of an async closure have their own layouts, of the same
//! source: the one that borrows has a reference where the one that owns has the value. Stock 1.95
//! asks for each; Snug shrinks each.
//@ edition: 2024
//@ compile-flags: --crate-type=lib
//@ size: `{async closure body@$FILE:22:40: 26:6}` stock=32 classic=32 captures-only=40 packed=24
//@ size: `{async closure body@$FILE:30:40: 34:6}` stock=824 classic=824 captures-only=824 packed=816

use std::future::pending;
use std::hint::black_box;
use std::ops::{AsyncFn, AsyncFnOnce};

fn by_ref<F: AsyncFn(u64)>(closure: &F) -> usize {
    size_of_val(&closure(1)) + size_of_val(&closure(2))
}

fn by_move<F: AsyncFnOnce(u64)>(closure: F) -> usize {
    size_of_val(&closure(1))
}

pub fn borrowing(value: [u64; 100]) -> usize {
    by_ref(&async move |argument: u64| {
        pending::<()>().await;
        black_box((&value, argument));
        pending::<()>().await;
    })
}

pub fn owning(value: [u64; 100]) -> usize {
    by_move(async move |argument: u64| {
        pending::<()>().await;
        black_box((&value, argument));
        pending::<()>().await;
    })
}
