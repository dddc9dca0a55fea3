//! Async closures that panic: in the body, in destructors of captures and arguments, while they are
//! cancelled; and calls of the same closure behind that. What a second poll says.
//@ edition: 2024
//@ run-pass
#![feature(async_iterator, coroutine_trait)]

mod support;
#[path = "support/drive.rs"]
mod drive;
use std::panic::{AssertUnwindSafe, catch_unwind};
use support::*;

async fn shared(f: impl AsyncFn(Loud, u32) -> usize, at: u32) -> usize {
    let own = loud("of the caller");
    f(loud("arg"), at).await + own.name().len()
}

async fn mutable(mut f: impl AsyncFnMut(Loud, u32) -> usize, at: u32) -> usize {
    let own = loud("of the caller");
    f(loud("arg"), at).await + own.name().len()
}

async fn once(f: impl AsyncFnOnce(Loud, u32) -> usize, at: u32) -> usize {
    let own = loud("of the caller");
    f(loud("arg"), at).await + own.name().len()
}

/// Panics at a place of a body's own choice.
fn step(now: u32, at: u32) {
    if now == at {
        panic!("at step {now}");
    }
}

fn in_bodies() {
    for at in 0..5 {
        let make = || {
            let (a, mut b) = (loud("a"), vec![loud("b")]);
            async move |arg: Loud, at: u32| {
                step(0, at);
                b.push(arg);
                wait().await;
                step(1, at);
                let local = loud("local");
                let taken = b.remove(0);
                wait().await;
                step(2, at);
                drop(taken);
                println!("    {} {}", a.name(), local.name());
                wait().await;
                step(3, at);
                b.len()
            }
        };
        drive::futures(&format!("mutable, at {at}"), 6, || mutable(make(), at));
        drive::futures(&format!("once, at {at}"), 6, || once(make(), at));
        let mut closure = make();
        for again in [at, 9, at] {
            poll_and_drop(&format!("the same again, at {again}"), 5, mutable(&mut closure, again));
        }
        drop(closure);
        let consuming = || {
            let (a, b, c) = (loud("a"), (loud("b.0"), loud("b.1")), loud("c"));
            async move |arg: Loud, at: u32| {
                let moved = b.0;
                step(0, at);
                wait().await;
                drop(a);
                step(1, at);
                wait().await;
                let both = (moved, arg);
                step(2, at);
                wait().await;
                drop(both.1);
                step(3, at);
                c.name().len()
            }
        };
        drive::futures(&format!("consuming, at {at}"), 6, || once(consuming(), at));
    }
}

/// A destructor that panics while nothing else does.
fn in_destructors() {
    let make = || {
        let (a, bomb, b) = (loud("a"), Bomb("captured"), loud("b"));
        async move |arg: Loud, at: u32| {
            let _all = (&a, &bomb, &b);
            wait().await;
            arg.name().len() + at as usize
        }
    };
    drive::futures("captured, shared", 4, || shared(make(), 0));
    drive::futures("captured, once", 4, || once(make(), 0));
    let consuming = || {
        let (a, bomb, b) = (loud("a"), Bomb("consumed"), loud("b"));
        async move |arg: Loud, at: u32| {
            let _all = (&a, &b);
            wait().await;
            drop(bomb);
            wait().await;
            arg.name().len() + at as usize
        }
    };
    drive::futures("consumed, once", 4, || once(consuming(), 0));
    let mut slot = Some(Bomb("replaced"));
    let mut replacing = async |arg: Loud, at: u32| {
        wait().await;
        slot = if at == 0 { None } else { Some(Bomb("put in")) };
        wait().await;
        arg.name().len()
    };
    for at in [0, 1, 0, 0] {
        poll_and_drop(&format!("replaced, {at}"), 4, mutable(&mut replacing, at));
    }
    std::mem::forget(slot);
}

/// Futures of calls, polled when they are over, next to others of the same closure.
fn polled_again() {
    let captured = loud("captured");
    let closure = async |arg: Loud, at: u32| {
        step(0, at);
        wait().await;
        step(1, at);
        captured.name().len() + arg.name().len()
    };
    let mut calls: Vec<_> =
        (0..3).map(|at| (at, Box::pin(closure(loud(&format!("arg {at}")), at)))).collect();
    for round in 0..3 {
        for (at, call) in &mut calls {
            match catch_unwind(AssertUnwindSafe(|| poll(call.as_mut()))) {
                Ok(polled) => println!("  round {round}, {at}: {polled:?}"),
                Err(payload) => println!("  round {round}, {at} panicked: {}", message(&*payload)),
            }
        }
    }
    println!("  dropping");
    drop(calls);
    poll_and_drop("once", 3, once(closure, 7));
}

/// The arguments are dropped when making the future panics, or when it is not polled.
fn before_the_first_poll() {
    let closure = async move |_first: Loud, _second: Bomb, _: Loud| 5;
    for polls in 0..2 {
        let call = closure(loud("first"), Bomb("second"), loud("third"));
        poll_and_drop("arguments", polls, call);
    }
    let made = catch_unwind(AssertUnwindSafe(|| {
        let stop = |name: &str| -> Bomb { panic!("no {name}") };
        drop(closure(loud("first"), stop("second"), loud("third")));
    }));
    println!("{}", message(&*made.unwrap_err()));
}

fn main() {
    quiet();
    in_bodies();
    in_destructors();
    polled_again();
    before_the_first_poll();
}
