//! From `-Zmir-opt-level=3` on, rustc's pass `EnumSizeOpt` makes of the move of an enum a copy through raw pointers,
//! and for the verifier the value was still there. Its bytes were used again behind the move, which is right.
//@ edition: 2024
//@ run-pass
//@ compile-flags: -Zmir-opt-level=3

mod support;
use support::*;

/// Without a niche: then `Some` and `None` are copied with different sizes.
struct Big([u8; 200]);

impl Drop for Big {
    fn drop(&mut self) {
        println!("    drop {} to {}", self.0[0], self.0[199]);
    }
}

async fn give(big: Big) -> Big {
    wait().await;
    big
}

async fn refilled() {
    let first = Some(Big([1; 200]));
    wait().await;
    let moved = first;
    let mut second = Big([2; 200]);
    second = give(Big([3; 200])).await;
    println!("    {} {}", moved.is_some(), second.0[100]);
}

fn main() {
    drop_everywhere("refilled", 3, refilled);
}
