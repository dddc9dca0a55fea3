//! rust-lang/rust #62321: to look at a future's size makes the future around it bigger:
//! `size_of_val(&x)` borrows `x`, so its bytes are kept until its scope ends, beside those it is
//! moved to. Open; stock 1.95 has twice the bytes, once more per level. Snug must never have more.
//! What was captured has one place, looked at or not; a local that has been looked at needs no bytes when it has
//! moved on.
//@ edition: 2024
//@ compile-flags: --crate-type=lib
//@ size: `{async fn body of captured<{async fn body of large()}>()}` stock=3011 classic=3011 captures-only=1003 packed=1003
//@ size: `{async fn body of looked_at()}` stock=2008 classic=2008 captures-only=2006 packed=1004
//@ size: `{async fn body of looked_at_twice()}` stock=4018 classic=4018 captures-only=4014 packed=1006
//@ size: `{async fn body of not_looked_at()}` stock=1004 classic=1004 captures-only=1003 packed=1003
//@ size: `{async fn body of value()}` stock=1501 classic=1501 captures-only=1001 packed=1001

use std::future::{Future, pending};
use std::hint::black_box;

async fn large(byte: u8) -> u8 {
    let large = [byte; 1000];
    pending::<()>().await;
    black_box(&large);
    byte
}

async fn not_looked_at() {
    let x = large(1);
    x.await;
}

/// The reproducer.
async fn looked_at() {
    let x = large(1);
    black_box(size_of_val(&x));
    x.await;
}

/// Once more per level.
async fn looked_at_twice() {
    let x = looked_at();
    black_box(size_of_val(&x));
    x.await;
}

async fn captured(x: impl Future<Output = u8>) {
    black_box(size_of_val(&x));
    x.await;
}

/// Not a future: moved on after it was looked at.
async fn value(x: [u8; 500]) {
    black_box(size_of_val(&x));
    pending::<()>().await;
    let y = x;
    pending::<()>().await;
    black_box(&y);
}

pub fn sizes() -> usize {
    size_of_val(&not_looked_at())
        + size_of_val(&looked_at())
        + size_of_val(&looked_at_twice())
        + size_of_val(&captured(large(2)))
        + size_of_val(&value([0; 500]))
}
