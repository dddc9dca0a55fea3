//! rust-lang/rust #75992 (and #77628): the type of an async block that awaits another holds the
//! other's several times, so a compiler that walks it as a tree needs twice the time and memory for
//! every level. Stock 1.95 looks at each type once. So must Snug's layouts and its verifier: eleven
//! levels, of up to three futures each, are compiled at once, or in minutes.
//@ edition: 2024
//@ run-pass
//@ compile-flags: --cap-lints=allow
#![recursion_limit = "512"]

mod support;
use std::pin::Pin;
use support::*;

macro_rules! nested {
    ($seed:ident;) => {
        async move {
            wait().await;
            $seed
        }
    };
    ($seed:ident; $one:tt $($more:tt)*) => {
        async move {
            let before = [$seed, $seed + 1];
            let value = nested!($seed; $($more)*).await;
            wait().await;
            value.wrapping_mul(31) ^ before[1]
        }
    };
}

/// Two futures of the type below, in each future.
async fn wrapped<F: Future<Output = u64>>(future: Pin<Box<F>>, maybe: Option<Pin<Box<F>>>) -> u64 {
    let value = future.await;
    wait().await;
    match maybe {
        Some(other) => value ^ other.await,
        None => value,
    }
}

macro_rules! wrap {
    ($future:expr;) => { $future };
    ($future:expr; $one:tt $($more:tt)*) => {
        wrap!(wrapped(Box::pin($future), None); $($more)*)
    };
}

fn main() {
    let seed = 3u64;
    let blocks = nested!(seed; x x x x x x x x x x x);
    println!("{:x}", block_on(blocks));
    let start = async move { seed };
    let generic = wrap!(wrapped(Box::pin(start), None);
        x x x x x x x x x x x);
    println!("{:x}", block_on(generic));
}
