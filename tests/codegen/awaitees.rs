//! Awaited futures that come in as parameters, captures and results of calls: written once, where
//! they are polled.
//@ edition: 2024
//@ copies: `control::{closure#0}` memcpy stock=some classic=some captures-only=some packed=some
//@ copies: `parameter::<future::{closure#0}>::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none
//@ copies: `into_future::<future::{closure#0}>::{closure#0}` memcpy stock=some classic=some captures-only=some packed=some
//@ copies: `capture::<future::{closure#0}>::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none
//@ copies: `after_waiting::<future::{closure#0}>::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none
//@ copies: `result_of_a_call::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none
//@ copies: `on_a_condition::<future::{closure#0}>::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none

mod support;
use std::future::IntoFuture;
use support::*;

async fn future(x: Large) {
    wait().await;
    look(&x);
}

/// A large future without arguments.
async fn made() {
    let x = [2; 4096];
    wait().await;
    look(&x);
}

/// A copy of a large value is kept.
async fn control(x: Large) {
    let copy = x;
    wait().await;
    look(&x);
    look(&copy);
}

async fn parameter<F: Future>(future: F) {
    future.await;
}

/// Which `into_future` this calls is not known in its MIR, so the call stays.
async fn into_future<F: IntoFuture>(future: F) {
    future.await;
}

fn capture<F: Future>(future: F) -> impl Future<Output = ()> {
    async move {
        future.await;
    }
}

async fn after_waiting<F: Future>(future: F) {
    wait().await;
    look(&future);
    future.await;
}

async fn result_of_a_call() {
    made().await;
    wait().await;
    made().await;
}

async fn on_a_condition<F: Future>(future: F, condition: bool) {
    if condition {
        future.await;
    }
    wait().await;
}

fn main() {
    poll(control(LARGE));
    poll(parameter(future(LARGE)));
    poll(into_future(future(LARGE)));
    poll(capture(future(LARGE)));
    poll(after_waiting(future(LARGE)));
    poll(result_of_a_call());
    poll(on_a_condition(future(LARGE), true));
}
