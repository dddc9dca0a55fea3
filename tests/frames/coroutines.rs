//! Large captures of coroutines that are no futures.
//@ edition: 2024
//@ case: gen_function across
//@ case: gen_block across
//@ case: gen_consumed_before as-stock
//@ case: async_gen across
//@ case: coroutine across
//@ case: static_coroutine across
//@ case: coroutine_with_argument across
#![feature(gen_blocks, async_iterator, coroutines, coroutine_trait, stmt_expr_attributes)]

mod support;
use std::async_iter::AsyncIterator;
use std::future::poll_fn;
use std::ops::{Coroutine, CoroutineState};
use std::pin::Pin;
use std::task::Poll;
use support::*;

/// Takes an item at each poll.
fn all(mut iterator: impl Iterator<Item = u64> + 'static) -> Case {
    let mut found = 0;
    Box::pin(poll_fn(move |_| match iterator.next() {
        Some(item) => {
            found ^= item;
            Poll::Pending
        }
        None => Poll::Ready(found),
    }))
}

fn all_slowly(iterator: impl AsyncIterator<Item = u64> + 'static) -> Case {
    let mut iterator = Box::pin(iterator);
    let mut found = 0;
    Box::pin(poll_fn(move |context| match iterator.as_mut().poll_next(context) {
        Poll::Ready(Some(item)) => {
            found ^= item;
            Poll::Pending
        }
        Poll::Ready(None) => Poll::Ready(found),
        Poll::Pending => Poll::Pending,
    }))
}

type Boxed = Pin<Box<dyn Coroutine<u64, Yield = u64, Return = u64>>>;

fn resumed(mut coroutine: Boxed) -> Case {
    let mut found = 0;
    Box::pin(poll_fn(move |_| match coroutine.as_mut().resume(found) {
        CoroutineState::Yielded(item) => {
            found ^= item;
            Poll::Pending
        }
        CoroutineState::Complete(item) => Poll::Ready(found ^ item),
    }))
}

gen fn gen_function(x: Big, y: Guarded) -> u64 {
    yield x.len() as u64;
    yield sum(&y.bytes);
    yield sum(&x);
}

fn gen_block(x: Big) -> impl Iterator<Item = u64> {
    gen move {
        yield 1;
        yield sum(&x);
    }
}

fn gen_consumed_before(x: Big) -> impl Iterator<Item = u64> {
    gen move {
        yield eat(x);
        yield 2;
    }
}

async gen fn async_gen(x: Big) -> u64 {
    wait().await;
    yield 1;
    yield sum(&x);
}

fn coroutine(x: Guarded) -> Boxed {
    Box::pin(#[coroutine]
    move |_: u64| {
        yield 1;
        yield sum(&x.bytes);
        2
    })
}

fn static_coroutine(x: Big) -> Boxed {
    Box::pin(#[coroutine]
    static move |_: u64| {
        let reference = &x;
        yield 1;
        sum(reference)
    })
}

fn coroutine_with_argument(x: Big) -> Boxed {
    Box::pin(#[coroutine]
    static move |first: u64| {
        let second = yield 1;
        let third = yield sum(&x) ^ first;
        second ^ third
    })
}

fn make(name: &str) -> Case {
    match name {
        "gen_function" => all(gen_function(big(1), guarded(2))),
        "gen_block" => all(gen_block(big(1))),
        "gen_consumed_before" => all(gen_consumed_before(big(1))),
        "async_gen" => all_slowly(async_gen(big(1))),
        "coroutine" => resumed(coroutine(guarded(1))),
        "static_coroutine" => resumed(static_coroutine(big(1))),
        "coroutine_with_argument" => resumed(coroutine_with_argument(big(1))),
        _ => panic!("no such case"),
    }
}

fn main() {
    run(make);
}
