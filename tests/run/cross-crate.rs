//! Coroutines of another crate, generic and not.
//@ edition: 2024
//@ run-pass
//@ aux-build: upstream.rs

extern crate upstream;
mod support;
use support::*;
use upstream::*;

impl Named for Loud {
    fn name(&self) -> String {
        self.0.to_string()
    }
}

async fn outer(a: Loud, b: Loud) -> String {
    let first = generic(a, wait(), loud("own")).await;
    let second = inlined(b, 3).await;
    first + &second + &plain(1, [2; 40]).await.to_string()
}

fn main() {
    quiet();
    println!("{}", block_on(plain(5, [6; 40])));
    println!("{}", block_on(generic(1u16, wait(), 2u16)));
    println!("{}", block_on(outer(loud("a"), loud("b"))));
    println!("{}", block_on(without_captures()));
    println!("{}", block_on(boxed(loud("boxed"))));
    let captured = loud("captured");
    println!("{}", block_on(closure(async |n| {
        wait().await;
        n + captured.name().len() as u32
    })));
    drop_everywhere("outer", 2, || outer(loud("a"), loud("b")));
    drop_everywhere("block", 2, || block(loud("value"), wait()));
    drop_everywhere("generic", 2, || generic(loud("x"), wait(), loud("y")));
    drop_everywhere("inlined", 1, || inlined(loud("value"), 2));
}
