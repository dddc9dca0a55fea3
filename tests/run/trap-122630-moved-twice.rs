//! rust-lang/rust #122630: a local that is moved out of twice, across suspensions, is an error; but
//! MIR validation ran all the same and stopped the compiler (`Assignment between coroutine saved
//! locals whose storage is not marked as conflicting`). Stock 1.95 only reports the error, and so
//! must Snug, which leaves bodies with errors alone.
//@ edition: 2024
//@ check-fail
#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]

mod support;
use std::ops::Coroutine;
use support::*;

struct Large([u8; 1024]);

impl Drop for Large {
    fn drop(&mut self) {}
}

pub fn local() -> impl Coroutine<Yield = ()> {
    #[coroutine]
    static || {
        let first = Large([0; 1024]);
        yield;
        let _second = first;
        yield;
        let _second = first;
        yield;
    }
}

pub fn captured(first: Large) -> impl Coroutine<Yield = ()> {
    #[coroutine]
    static move || {
        yield;
        let _second = first;
        yield;
        let _second = first;
        yield;
    }
}

pub async fn parameter(first: Large) {
    let _second = first;
    wait().await;
    let _third = first;
    wait().await;
}

pub async fn pattern((left, right): (Large, Large)) {
    let _left = left;
    wait().await;
    let _both = (left, right);
    wait().await;
}

async fn take(large: Large) -> Large {
    large
}

pub async fn awaited(large: Large) {
    let future = take(large);
    future.await;
    future.await;
}

fn main() {}
