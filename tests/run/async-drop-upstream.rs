//! Captures with async destructors of another crate, without the feature: since rustc 1.96 such types are dropped
//! asynchronously all the same, as locals. As captures they are dropped synchronously, so they must stay captures.
//@ edition: 2024
//@ run-pass
//@ aux-build: async_drop_upstream.rs

extern crate async_drop_upstream;
mod support;
use async_drop_upstream::{Both, Holder};
use support::*;

struct Own {
    _inner: Both,
    _loud: Loud,
}

async fn parameters(_a: Both, b: Loud, _c: Both) {
    wait().await;
    println!("    b is {}", b.name());
}

fn block(captured: Both, other: Loud) -> impl Future<Output = ()> {
    async move {
        wait().await;
        println!("    {} {}", captured.0, other.name());
        let _local = Both("local");
        wait().await;
    }
}

fn moved_in_block(captured: Both, kept: Holder<Loud>, which: bool) -> impl Future<Output = ()> {
    async move {
        let _ = &kept;
        if which {
            let here = captured;
            wait().await;
            println!("    have {}", here.0);
        }
        wait().await;
    }
}

fn generic<T>(captured: T) -> impl Future<Output = ()> {
    async move {
        wait().await;
        let _stays = &captured;
        wait().await;
    }
}

fn main() {
    quiet();
    let a = || parameters(Both("a"), loud("b"), Both("c"));
    block_on(a());
    drop_everywhere("parameters", 7, a);
    let b = || block(Both("captured"), loud("other"));
    block_on(b());
    drop_everywhere("block", 8, b);
    for which in [false, true] {
        let make = || moved_in_block(Both("captured"), Holder(Both("kept"), loud("beside")), which);
        drop_everywhere("moved", 8, make);
    }
    drop_everywhere("own", 7, || generic(Own { _inner: Both("inner"), _loud: loud("in own") }));
    drop_everywhere("boxed", 7, || generic(Box::new(Both("boxed"))));
    drop_everywhere("plain", 4, || generic([1u8; 100]));
}
