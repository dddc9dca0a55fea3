//! Captures and parameters of async functions, blocks and closures that live across an await.
//@ edition: 2024
//@ copies: `control::{closure#0}` memcpy stock=some classic=some captures-only=some packed=some
//@ copies: `control::{closure#0}` float stock=some classic=some captures-only=some packed=some
//@ copies: `function::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none
//@ copies: `function::{closure#0}` float stock=some classic=some captures-only=none packed=none
//@ copies: `block::{closure#0}` memcpy stock=none classic=none captures-only=none packed=none
//@ copies: `block::{closure#0}` float stock=none classic=none captures-only=none packed=none
//@ copies: `renaming_block::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none
//@ copies: `renaming_block::{closure#0}` float stock=some classic=some captures-only=none packed=none
//@ copies: `closures::{closure#0}::{by-move}` memcpy stock=some classic=some captures-only=none packed=none
//@ copies: `closures::{closure#0}::{by-move}` float stock=none classic=none captures-only=none packed=none
//@ copies: `closures::{closure#0}::{closure#0}::<i16>` memcpy stock=some classic=some captures-only=none packed=none

mod support;
use support::*;

/// Both variables of each pair are used later, so there must be copies: the checks can see them.
fn control(x: Large, y: f64) -> impl Future<Output = ()> {
    async move {
        let (x_copy, y_copy) = (x, y);
        wait().await;
        look(&x);
        look(&x_copy);
        look(&y);
        look(&y_copy);
    }
}

async fn function(x: Large, y: f64) {
    look(&y);
    wait().await;
    look(&x);
    look(&y);
    wait().await;
    look(&x);
}

fn block(x: Large, y: f64) -> impl Future<Output = ()> {
    async move {
        look(&y);
        wait().await;
        look(&x);
        look(&y);
        wait().await;
        look(&x);
    }
}

fn renaming_block(x: Large, y: f64) -> impl Future<Output = ()> {
    async move {
        let x = x;
        let y = y;
        wait().await;
        look(&x);
        look(&y);
    }
}

async fn call(closure: impl AsyncFn(Large)) {
    closure(LARGE).await;
}

async fn call_once(closure: impl AsyncFnOnce(Large)) {
    closure(LARGE).await;
}

fn closures(x: Large, y: f64) {
    let closure = async move |parameter: Large| {
        wait().await;
        look(&x);
        look(&y);
        look(&parameter);
    };
    poll(call(&closure));
    poll(call_once(closure));
}

fn main() {
    poll(control(LARGE, 1.0));
    poll(function(LARGE, 1.0));
    poll(block(LARGE, 1.0));
    poll(renaming_block(LARGE, 1.0));
    closures(LARGE, 1.0);
}
