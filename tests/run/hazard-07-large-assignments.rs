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

async fn unused(_: Big) {}

async fn nested(big: Big) -> u8 {
    let inner = parameter(big, 1);
    inner.await
}

async fn local() -> u8 {
    let big = Big([1; 2000]);
    std::future::ready(()).await;
    let other = big;
    other.0[3]
}

fn main() {
    drop(parameter(Big([0; 2000]), 1));
    drop(block([0; 3000]));
    drop(unused(Big([0; 2000])));
    drop(Box::pin(nested(Big([0; 2000]))));
    drop(Box::new(local()));
}
