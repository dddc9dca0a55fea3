//! The lint about large moves, for parameters that no suspension keeps: their relocation must not
//! swallow the lint of the move that follows.
//@ edition: 2024
//@ build-pass
//@ compile-flags: -Zmove-size-limit=1000
#![feature(large_assignments)]
#![warn(large_assignments)]
#![allow(unused)]

struct Big([u8; 2000]);

async fn unused(_: Big) {}

async fn not_kept(big: Big) -> u8 {
    let first = big.0[0];
    std::future::ready(()).await;
    first
}

fn not_kept_in_block(big: [u8; 3000]) -> impl Future<Output = u8> {
    async move {
        let moved = big;
        moved[9]
    }
}

/// Polls a future without moving it: futures are big in stock and small in Snug, so the lint is
/// right to see a difference there. What is never polled has no body, and so no moves in it.
macro_rules! poll {
    ($future:expr) => {
        let mut future = $future;
        let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
        let _ = unsafe { std::pin::Pin::new_unchecked(&mut future) }.poll(context);
    };
}

fn main() {
    poll!(unused(Big([0; 2000])));
    poll!(not_kept(Big([0; 2000])));
    poll!(not_kept_in_block([0; 3000]));
}
