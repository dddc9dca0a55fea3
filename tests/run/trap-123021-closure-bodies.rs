//! rust-lang/rust #123021: an async closure has two coroutine bodies, one that borrows the
//! closure's captures and one that owns them. Stock once asserted that their layouts are equal,
//! which holds only while upvars are no locals; 1.95 asks for the layout of each kind. Snug
//! relocates both, so that they differ in everything, and both must drop what they have, where
//! stock does.
//@ edition: 2024
//@ run-pass

mod support;
use std::ops::{AsyncFn, AsyncFnMut, AsyncFnOnce};
use support::tasks::*;
use support::*;

async fn by_ref<R>(closure: impl AsyncFn(Loud) -> R) -> (R, R) {
    let first = closure(loud("first argument")).await;
    wait().await;
    (first, closure(loud("second argument")).await)
}

async fn by_mut<R>(mut closure: impl AsyncFnMut(Loud) -> R) -> (R, R) {
    let first = closure(loud("first argument")).await;
    (first, closure(loud("second argument")).await)
}

async fn by_move<R>(closure: impl AsyncFnOnce(Loud) -> R) -> R {
    wait().await;
    closure(loud("only argument")).await
}

/// Captures of all sizes: the owning body stores them, the borrowing one a reference.
fn closure() -> impl AsyncFn(Loud) -> u64 + Clone {
    let (name, big, small) = (loud_clone("name"), Filled::<200>::new(3), 7u8);
    async move |argument: Loud| {
        println!("    called with {}", argument.name());
        wait().await;
        let sum = big.sum() ^ small as u64;
        drop(argument);
        wait().await;
        println!("    {}", name.0);
        sum
    }
}

/// Owns memory, and tells when it is cloned or dropped.
struct LoudClone(Box<String>);

fn loud_clone(name: &str) -> LoudClone {
    LoudClone(Box::new(name.to_owned()))
}

impl Clone for LoudClone {
    fn clone(&self) -> Self {
        println!("    clone {}", self.0);
        LoudClone(Box::new(format!("{}'", self.0)))
    }
}

impl Drop for LoudClone {
    fn drop(&mut self) {
        println!("    drop {}", self.0);
    }
}

/// The borrowing body writes into the closure, the owning one into itself.
fn counter() -> impl AsyncFnMut(Loud) -> usize {
    let mut seen = Vec::new();
    let mut filled = Filled::<50>::new(0);
    async move |argument: Loud| {
        seen.push(argument);
        wait().await;
        filled.check("counter");
        filled.refill(seen.len() as u64);
        wait().await;
        seen.len()
    }
}

/// Only the owning body exists: it consumes.
fn consumer() -> impl AsyncFnOnce(Loud) -> Loud {
    let (task, kept, consumed) = (task("inner", 1), loud("kept"), loud("consumed"));
    async move |argument: Loud| {
        drop(consumed);
        let result = task.await;
        println!("    {} {}", argument.name(), kept.name());
        wait().await;
        result
    }
}

/// A closure in a closure, each with a part of one capture.
fn nested() -> impl AsyncFn(Loud) -> usize {
    let pair = (loud("left"), (Filled::<30>::new(1), loud("right")));
    async move |argument: Loud| {
        let inner = async |extra: usize| {
            wait().await;
            pair.1.0.check("nested");
            pair.1.1.name().len() + argument.name().len() + extra
        };
        let first = inner(1).await;
        first + inner(pair.0.name().len()).await
    }
}

fn main() {
    quiet();
    println!("{:?}", block_on(by_ref(closure())));
    println!("{:?}", block_on(by_mut(closure())));
    println!("{:?}", block_on(by_move(closure())));
    let original = closure();
    println!("{:?}", block_on(by_move(original.clone())));
    println!("{:?}", block_on(by_ref(&original)));
    println!("{:?}", block_on(by_mut(counter())));
    println!("{:?}", block_on(by_move(counter())));
    println!("{:?}", block_on(by_move(consumer())).name());
    println!("{:?}", block_on(by_ref(nested())));
    println!("{:?}", block_on(by_move(nested())));

    drop_everywhere("by ref", 8, || by_ref(closure()));
    drop_everywhere("by move", 4, || by_move(closure()));
    drop_everywhere("counter by mut", 6, || by_mut(counter()));
    drop_everywhere("counter by move", 4, || by_move(counter()));
    drop_everywhere("consumer", 5, || by_move(consumer()));
    drop_everywhere("nested by ref", 5, || by_ref(nested()));
    drop_everywhere("nested by move", 4, || by_move(nested()));
}
