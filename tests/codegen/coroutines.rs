//! Captures of coroutines that are no futures, and that live across a suspension.
//@ edition: 2024
//@ copies: `control::{closure#0}` memcpy stock=some classic=some captures-only=some packed=some
//@ copies: `control::{closure#0}` float stock=some classic=some captures-only=some packed=some
//@ copies: `gen_function::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none
//@ copies: `gen_function::{closure#0}` float stock=some classic=some captures-only=none packed=none
//@ copies: `gen_block::{closure#0}` memcpy stock=none classic=none captures-only=none packed=none
//@ copies: `gen_block::{closure#0}` float stock=none classic=none captures-only=none packed=none
//@ copies: `async_gen_function::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none
//@ copies: `async_gen_function::{closure#0}` float stock=some classic=some captures-only=none packed=none
//@ copies: `async_gen_block::{closure#0}` memcpy stock=none classic=none captures-only=none packed=none
//@ copies: `async_gen_block::{closure#0}` float stock=none classic=none captures-only=none packed=none
//@ copies: `coroutines::{closure#0}` memcpy stock=none classic=none captures-only=none packed=none
//@ copies: `coroutines::{closure#0}` float stock=none classic=none captures-only=none packed=none
//@ copies: `coroutines::{closure#1}` memcpy stock=none classic=none captures-only=none packed=none
//@ copies: `coroutines::{closure#1}` float stock=none classic=none captures-only=none packed=none
#![feature(gen_blocks, async_iterator, coroutines, coroutine_trait, stmt_expr_attributes)]

mod support;
use std::async_iter::AsyncIterator;
use std::ops::Coroutine;
use std::pin::pin;
use std::task::{Context, Waker};
use support::*;

/// Both variables of each pair are used later, so there must be copies: the checks can see them.
fn control(x: Large, y: f64) -> impl Iterator<Item = u8> {
    gen move {
        let (x_copy, y_copy) = (x, y);
        yield 1;
        look(&x);
        look(&x_copy);
        look(&y);
        look(&y_copy);
    }
}

gen fn gen_function(x: Guarded, y: f64) -> u8 {
    yield 1;
    look(&x);
    look(&y);
    yield 2;
}

fn gen_block(x: Guarded, y: f64) -> impl Iterator<Item = u8> {
    gen move {
        yield 1;
        look(&x);
        look(&y);
    }
}

async gen fn async_gen_function(x: Large, y: f64) -> u8 {
    wait().await;
    yield 1;
    look(&x);
    look(&y);
}

fn async_gen_block(x: Large, y: f64) -> impl AsyncIterator<Item = u8> {
    async gen move {
        wait().await;
        yield 1;
        look(&x);
        look(&y);
    }
}

fn coroutines(x: Large, guarded: Guarded, y: f64) {
    let movable = #[coroutine]
    move |_: u8| {
        let _ = yield;
        look(&guarded);
        look(&y);
    };
    let _ = pin!(movable).resume(1);
    let fixed = #[coroutine]
    static move |_: u8| {
        let _ = yield;
        look(&x);
        look(&y);
    };
    let _ = pin!(fixed).resume(1);
}

fn main() {
    control(LARGE, 1.0).next();
    gen_function(Guarded(LARGE), 1.0).next();
    gen_block(Guarded(LARGE), 1.0).next();
    let mut context = Context::from_waker(Waker::noop());
    let _ = pin!(async_gen_function(LARGE, 1.0)).poll_next(&mut context);
    let _ = pin!(async_gen_block(LARGE, 1.0)).poll_next(&mut context);
    coroutines(LARGE, Guarded(LARGE), 1.0);
}
