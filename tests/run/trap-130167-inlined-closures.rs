//! rust-lang/rust #68841, #129811, #130167: the MIR inliner and validator ask for the layout, or
//! the body, of a coroutine while just that body is being made: a cycle, or a body that is stolen.
//! The by-move bodies of async closures, which rustc makes from other bodies, were where it showed.
//! Stock 1.95 is careful. Snug asks the same queries earlier, with everything inlined.
//@ edition: 2024
//@ run-pass
//@ compile-flags: -Zinline-mir -Zmir-opt-level=4 -Zinline-mir-threshold=1000 -Zinline-mir-hint-threshold=1000 -Zvalidate-mir
#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]

mod support;
use std::ops::{AsyncFn, AsyncFnOnce, Coroutine, CoroutineState};
use std::pin::{Pin, pin};
use support::*;

#[inline(always)]
async fn empty() {}

#[inline(always)]
async fn once<F: AsyncFnOnce() -> usize>(closure: F) -> usize {
    closure().await
}

#[inline(always)]
async fn twice<F: AsyncFn() -> usize>(closure: F) -> usize {
    closure().await + closure().await
}

/// Calls itself, by a box.
#[inline(always)]
fn recursive(depth: usize, name: Loud) -> Pin<Box<dyn Future<Output = usize>>> {
    Box::pin(async move {
        empty().await;
        if depth == 0 {
            return name.name().len();
        }
        let inner = once(async || recursive(depth - 1, loud("inner")).await).await;
        wait().await;
        inner + name.name().len()
    })
}

/// Resumes a coroutine of its own type, inlined into itself.
#[inline(always)]
fn counting(to: u32, name: Loud) -> impl Coroutine<Yield = u32, Return = Loud> + Unpin {
    #[coroutine]
    move || {
        for number in 0..to {
            yield number;
        }
        name
    }
}

#[inline(always)]
fn sum<C: Coroutine<Yield = u32, Return = Loud> + Unpin>(mut coroutine: C) -> u32 {
    let mut sum = 0;
    loop {
        match Pin::new(&mut coroutine).resume(()) {
            CoroutineState::Yielded(number) => sum += number,
            CoroutineState::Complete(name) => return sum + name.name().len() as u32,
        }
    }
}

fn main() {
    let name = loud("captured");
    println!(
        "{}",
        block_on(once(async || {
            empty().await;
            name.name().len()
        }))
    );
    println!(
        "{}",
        block_on(twice(async || {
            wait().await;
            name.name().len()
        }))
    );
    println!(
        "{}",
        block_on(once(async move || {
            wait().await;
            name.name().len()
        }))
    );
    println!("{}", block_on(recursive(3, loud("outer"))));
    println!("{}", sum(counting(5, loud("counter"))));
    let mut future = pin!(once(async || recursive(1, loud("dropped")).await));
    println!("{}", poll(future.as_mut()).is_pending());
}
