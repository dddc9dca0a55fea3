//! Async closures, with their by-reference and by-move bodies.
//@ edition: 2024
//@ run-pass

mod support;
use support::*;

async fn call(closure: impl AsyncFn(u32) -> usize) -> usize {
    closure(1).await + closure(2).await
}

async fn call_mut(mut closure: impl AsyncFnMut(u32) -> usize) -> usize {
    closure(1).await + closure(2).await
}

async fn call_once(closure: impl AsyncFnOnce(u32) -> usize) -> usize {
    closure(1).await
}

async fn call_as_plain<F: Future<Output = usize>>(closure: impl Fn(u32) -> F) -> usize {
    closure(1).await + closure(2).await
}

async fn call_once_with(closure: impl AsyncFnOnce(Loud), argument: Loud) {
    closure(argument).await
}

fn by_reference() {
    let captured = loud("captured");
    let closure = async |n: u32| {
        wait().await;
        println!("    {} {n}", captured.name());
        captured.name().len()
    };
    println!("{}", block_on(call(&closure)));
    println!("{}", block_on(call_mut(&closure)));
    println!("{}", block_on(call_once(closure)));
}

fn by_move() {
    for times in 0..4 {
        let (captured, other) = (loud("captured"), loud("other"));
        let closure = async move |n: u32| {
            wait().await;
            println!("    {} {n}", captured.name());
            wait().await;
            captured.name().len() + other.name().len()
        };
        poll_and_drop("AsyncFn", times, call(&closure));
        poll_and_drop("AsyncFnOnce", times, call_once(closure));
    }
}

fn mutating() {
    let mut log = Vec::new();
    let mut closure = async |n: u32| {
        log.push(n);
        wait().await;
        log.push(n * 10);
        log.len()
    };
    println!("{}", block_on(call_mut(&mut closure)));
    println!("{}", block_on(call_once(closure)));
    println!("{log:?}");
}

fn consuming() {
    for times in 0..4 {
        let (captured, kept) = (loud("captured"), loud("kept"));
        let closure = async move |argument: Loud| {
            wait().await;
            drop(captured);
            wait().await;
            println!("    {} {}", argument.name(), kept.name());
        };
        poll_and_drop("consuming", times, call_once_with(closure, loud("argument")));
    }
}

fn nested() {
    let captured = loud("captured");
    let closure = async |n: u32| {
        let inner = async |m: u32| {
            wait().await;
            captured.name().len() + (n + m) as usize
        };
        inner(1).await + inner(2).await
    };
    println!("{}", block_on(call(closure)));
}

struct Parts {
    first: Loud,
    second: Loud,
    number: u32,
}

fn precise() {
    for times in 0..3 {
        let parts = Parts { first: loud("first"), second: loud("second"), number: 3 };
        let closure = async move |n: u32| {
            wait().await;
            println!("    {} {}", parts.first.name(), parts.number);
            n as usize
        };
        println!("  left: {}", loud("before").name());
        poll_and_drop("precise", times, call_once(closure));
    }
    let parts = Parts { first: loud("first"), second: loud("second"), number: 3 };
    let closure = async |n: u32| {
        wait().await;
        let Parts { first, .. } = &parts;
        first.name().len() + (n + parts.number) as usize
    };
    println!("{}", block_on(call(&closure)));
    drop(parts.second);
}

fn main() {
    quiet();
    by_reference();
    by_move();
    mutating();
    consuming();
    nested();
    precise();
    let text = String::from("plain");
    println!("{}", block_on(call_as_plain(|n| {
        let text = text.clone();
        async move {
            wait().await;
            text.len() + n as usize
        }
    })));
}
