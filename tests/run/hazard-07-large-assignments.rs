//! The lint about large moves: as many lines as in stock, in the same places.
//@ edition: 2024
//@ build-pass
//@ compile-flags: -Zmove-size-limit=1000
#![feature(large_assignments)]
#![warn(large_assignments)]
#![allow(unused)]

struct Big([u8; 2000]);

async fn parameter(big: Big, small: u8) -> u8 {
    std::future::ready(()).await;
    big.0[0] + small
}

fn block(big: [u8; 3000]) -> impl Future<Output = u8> {
    async move {
        std::future::ready(()).await;
        big[7]
    }
}

async fn local() -> u8 {
    let big = Big([1; 2000]);
    std::future::ready(()).await;
    let other = big;
    other.0[3]
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

fn moved_on(big: [u8; 3000]) -> impl Future<Output = u8> {
    async move {
        let moved = big;
        std::future::ready(()).await;
        moved[9]
    }
}

fn main() {
    poll!(parameter(Big([0; 2000]), 1));
    poll!(block([0; 3000]));
    poll!(moved_on([0; 3000]));
    poll!(local());
}
