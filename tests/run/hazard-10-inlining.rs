//! MIR inlining across coroutines: the override asks for the same queries as stock, so that
//! inlining into and out of coroutine bodies cannot make a cycle.
//@ edition: 2024
//@ run-pass
//@ compile-flags: -Zinline-mir -Zmir-opt-level=3 -Copt-level=2

mod support;
use support::*;

#[inline(always)]
fn make(value: Loud, number: u64) -> impl Future<Output = u64> {
    async move {
        wait().await;
        value.name().len() as u64 + number
    }
}

#[inline(always)]
async fn twice(value: Loud) -> u64 {
    make(loud("inner"), twice_sync(3)).await + value.name().len() as u64
}

#[inline]
fn twice_sync(number: u64) -> u64 {
    if number == 0 { 0 } else { 2 + twice_sync(number - 1) }
}

#[inline]
fn recursive(depth: u32, value: Loud) -> std::pin::Pin<Box<dyn Future<Output = u64>>> {
    Box::pin(async move {
        if depth == 0 {
            return twice(value).await;
        }
        let below = recursive(depth - 1, loud(&format!("{}{depth}", value.name())));
        below.await + 1
    })
}

fn main() {
    println!("{}", block_on(recursive(3, loud("top"))));
    drop_everywhere("recursive", 3, || recursive(2, loud("top")));
}
