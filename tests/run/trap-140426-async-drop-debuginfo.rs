//! rust-lang/rust #140426: debug info of coroutines that rustc makes up itself (async drop glue)
//! has a source for each state, and there were fewer: the compiler stopped with an index out of
//! bounds, in debug builds only. Mended in 2025. Snug leaves such coroutines alone, and those that
//! capture values with an async destructor; their neighbours are relocated, with debug info.
//@ edition: 2024
//@ run-pass
//@ compile-flags: -Cdebuginfo=2
#![feature(async_drop)]
#![allow(incomplete_features)]

mod support;
use std::future::AsyncDrop;
use std::pin::Pin;
use support::*;

struct Slow(Loud);

impl Drop for Slow {
    fn drop(&mut self) {
        println!("    drop slow {}", self.0.name());
    }
}

impl AsyncDrop for Slow {
    async fn drop(self: Pin<&mut Self>) {
        println!("    slow {}", self.0.name());
        wait().await;
        println!("    slow {} ends", self.0.name());
    }
}

fn slow(name: &str) -> Slow {
    Slow(loud(name))
}

async fn local(name: Loud) -> usize {
    let slow = slow("local");
    wait().await;
    drop(name);
    slow.0.name().len()
}

async fn parameter(slow: Slow, bytes: [u8; 30]) -> usize {
    wait().await;
    slow.0.name().len() + bytes[3] as usize
}

async fn neighbour(name: Loud, bytes: [u8; 30]) -> usize {
    wait().await;
    let future = parameter(slow(name.name()), bytes);
    drop(name);
    future.await + bytes[4] as usize
}

fn main() {
    println!("{}", block_on(local(loud("name"))));
    println!("{}", block_on(parameter(slow("parameter"), [1; 30])));
    println!("{}", block_on(neighbour(loud("neighbour"), [2; 30])));
    drop_everywhere("local", 3, || local(loud("name")));
    drop_everywhere("neighbour", 4, || neighbour(loud("neighbour"), [2; 30]));
}
