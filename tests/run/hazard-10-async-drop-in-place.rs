//! `async_drop_in_place` makes coroutines that nobody wrote: they stay as stock has them.
//@ edition: 2024
//@ run-pass
#![feature(async_drop)]
#![allow(incomplete_features)]

mod support;
use std::future::{AsyncDrop, async_drop_in_place};
use std::mem::MaybeUninit;
use std::pin::{Pin, pin};
use std::task::Poll;
use support::*;

struct Slow(u32);

impl Drop for Slow {
    fn drop(&mut self) {
        println!("    sync {}", self.0);
    }
}

impl AsyncDrop for Slow {
    async fn drop(self: Pin<&mut Self>) {
        println!("    async {}", self.0);
        wait_times(self.0).await;
    }
}

fn drop_slowly<T>(what: &str, value: T) {
    println!("{what}");
    let mut value = MaybeUninit::new(value);
    let mut dropping = pin!(unsafe { async_drop_in_place(value.as_mut_ptr()) });
    // Not for ever: stock reads arrays that are dropped so from where they no longer are.
    for _ in 0..10 {
        match poll(dropping.as_mut()) {
            Poll::Pending => println!("  pending"),
            Poll::Ready(()) => return,
        }
    }
}

fn main() {
    drop_slowly("one", Slow(1));
    drop_slowly("tuple", (Slow(1), loud("between"), Slow(2)));
    drop_slowly("nothing", 5u32);
    let (captured, more) = (Slow(1), loud("more"));
    drop_slowly("a future", async move {
        wait().await;
        println!("{} {}", captured.0, more.name());
    });
    let captured = Slow(2);
    drop_slowly("a closure", move || captured.0);
}
