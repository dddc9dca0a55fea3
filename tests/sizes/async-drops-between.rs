//! A destructor that is awaited is a suspension, although MIR shows it only after the merging of locals: what is
//! saved across it must not become one with what it is moved to.
//@ edition: 2024
//@ compile-flags: --crate-type=lib
//@ size: `{async fn body of saved_across_it()}` stock=840 classic=840 captures-only=840 packed=840
//@ size: `{async fn body of made_between_two()}` stock=872 classic=872 captures-only=872 packed=840
#![feature(async_drop)]
#![allow(incomplete_features)]

use std::future::AsyncDrop;
use std::pin::Pin;
use std::task::{Context, Poll};

struct Slow;

impl Drop for Slow {
    fn drop(&mut self) {}
}

impl AsyncDrop for Slow {
    async fn drop(self: Pin<&mut Self>) {
        std::future::ready(()).await
    }
}

pub struct Big([u64; 100]);

pub struct Sum([u64; 100]);

impl Future for Sum {
    type Output = u64;
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u64> {
        Poll::Ready(self.0.iter().sum())
    }
}

pub fn make(big: Big) -> Sum {
    Sum(big.0)
}

pub async fn saved_across_it() -> u64 {
    let big = Big([1; 100]);
    let sum;
    {
        let _slow = Slow;
        sum = make(big);
    }
    sum.await
}

pub async fn made_between_two() -> u64 {
    let big = Big([1; 100]);
    {
        let _slow = Slow;
    }
    let sum = make(big);
    {
        let _slow = Slow;
    }
    sum.await
}

pub fn compile() -> (impl Future, impl Future) {
    (saved_across_it(), made_between_two())
}
