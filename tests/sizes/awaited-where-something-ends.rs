//! Futures that are made while something else is still alive that no suspension keeps any longer.
//! Made where it is polled later, such a future would lie beside what ended in between: in
//! stock's layout the two overlap.
//@ edition: 2024
//@ compile-flags: --crate-type=lib
//@ size: `{async fn body of moved()}` stock=105 classic=105 captures-only=104 packed=104
//@ size: `{async fn body of captured()}` stock=205 classic=205 captures-only=104 packed=104
//@ size: `{async fn body of dropped()}` stock=120 classic=120 captures-only=120 packed=120
//@ size: `{async fn body of block_before_the_await()}` stock=104 classic=104 captures-only=103 packed=103
//@ size: `{async fn body of block_awaited()}` stock=104 classic=104 captures-only=103 packed=103
//@ size: `{async fn body of block_of_a_call()}` stock=104 classic=104 captures-only=103 packed=103
//@ size: `{async fn body of block_of_a_pattern()}` stock=104 classic=104 captures-only=103 packed=103

use std::future::{Future, IntoFuture, pending};
use std::hint::black_box;

/// Not `Copy`: to be moved is its end.
struct Large(#[allow(dead_code)] [u8; 100]);

async fn large_future(byte: u8) -> u8 {
    let large = [byte; 100];
    pending::<()>().await;
    look(&large);
    byte
}

fn look<T>(value: &T) {
    black_box(value);
}

fn borrowing(_: &Large) -> impl Future<Output = u8> + use<> {
    large_future(1)
}

/// What was saved is moved away behind the future's making.
async fn moved() {
    let saved = Large([2; 100]);
    pending::<()>().await;
    let future = large_future(1);
    drop(saved);
    future.await;
}

/// The same with a capture, which stock stores twice.
async fn captured(saved: Large) {
    pending::<()>().await;
    let future = large_future(1);
    drop(saved);
    future.await;
}

async fn dropped() {
    let saved = (Box::new(2), Large([2; 100]));
    pending::<()>().await;
    let future = large_future(1);
    drop(saved);
    future.await;
}

/// The block's variable ends behind the block's value.
async fn block_before_the_await() {
    let future = {
        let saved = Large([2; 100]);
        pending::<()>().await;
        borrowing(&saved)
    };
    future.await;
}

async fn block_awaited() {
    {
        let saved = Large([2; 100]);
        pending::<()>().await;
        borrowing(&saved)
    }
    .await;
}

/// The variable ends between two calls of `into_future` (found by fuzzing).
async fn block_of_a_call() {
    {
        let saved = Large([2; 100]);
        pending::<()>().await;
        look(&saved);
        IntoFuture::into_future(large_future(1))
    }
    .await;
}

async fn block_of_a_pattern() {
    let 1 = {
        let saved = Large([2; 100]);
        pending::<()>().await;
        borrowing(&saved)
    }
    .await
    else {
        return;
    };
    pending::<()>().await;
}

pub fn sizes() -> usize {
    size_of_val(&moved())
        + size_of_val(&captured(Large([0; 100])))
        + size_of_val(&dropped())
        + size_of_val(&block_before_the_await())
        + size_of_val(&block_awaited())
        + size_of_val(&block_of_a_call())
        + size_of_val(&block_of_a_pattern())
}
