//! Captures with async destructors: stock drops the captures of a coroutine synchronously, and
//! what has become a local asynchronously. The order and the kind of every drop stay the same.
//@ edition: 2024
//@ run-pass
#![feature(async_drop)]
#![allow(incomplete_features)]

mod support;
use std::future::AsyncDrop;
use std::pin::Pin;
use support::*;

struct Both(&'static str);

impl Drop for Both {
    fn drop(&mut self) {
        println!("    sync drop {}", self.0);
    }
}

impl AsyncDrop for Both {
    async fn drop(self: Pin<&mut Self>) {
        let name = self.0;
        println!("    async drop {name} starts");
        wait().await;
        println!("    async drop {name} ends");
    }
}

struct Holder {
    _first: Both,
    _loud: Loud,
    _second: Both,
}

fn holder(first: &'static str, second: &'static str) -> Holder {
    Holder { _first: Both(first), _loud: loud("between"), _second: Both(second) }
}

async fn parameters(_a: Both, b: Loud, _c: Both) {
    wait().await;
    println!("    b is {}", b.name());
}

async fn unused_parameter(_: Both, _b: Both) {
    wait().await;
}

fn block(captured: Both, other: Loud) -> impl Future<Output = ()> {
    async move {
        wait().await;
        println!("    {} {}", captured.0, other.name());
        wait().await;
        let _local = Both("local");
        wait().await;
    }
}

fn moved_in_block(captured: Both, kept: Both, which: bool) -> impl Future<Output = ()> {
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

fn plain(number: u64, text: String) -> impl Future<Output = ()> {
    async move {
        let _both = Both("beside plain captures");
        wait().await;
        println!("    {number} {text}");
    }
}

fn main() {
    quiet();
    let a = || parameters(Both("a"), loud("b"), Both("c"));
    block_on(a());
    drop_everywhere("parameters", 7, a);
    drop_everywhere("unused", 7, || unused_parameter(Both("first"), Both("second")));
    let b = || block(Both("captured"), loud("other"));
    block_on(b());
    drop_everywhere("block", 8, b);
    for which in [false, true] {
        let make = || moved_in_block(Both("captured"), Both("kept"), which);
        drop_everywhere("moved", 8, make);
    }
    drop_everywhere("generic", 7, || generic(holder("x", "y")));
    drop_everywhere("generic box", 7, || generic(Box::new(Both("boxed"))));
    drop_everywhere("generic plain", 4, || generic([1u8; 100]));
    drop_everywhere("plain", 4, || plain(1, "text".to_owned()));
}
