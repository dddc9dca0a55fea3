//! Compiled to abort on panic, and panicking in a poll: the message and the signal are stock's, and what has
//! been printed before.
//@ edition: 2024
//@ run-fail
//@ compile-flags: -Cpanic=abort

mod support;
use support::*;

async fn fails(a: Loud, b: Loud) -> usize {
    let local = loud("local");
    wait().await;
    drop(a);
    if local.name().len() == 5 {
        panic!("abort with {}", b.name());
    }
    1
}

fn main() {
    poll_and_drop("not yet", 1, fails(loud("a"), loud("b")));
    println!("{}", block_on(async { fails(loud("a"), loud("b")).await }));
}
