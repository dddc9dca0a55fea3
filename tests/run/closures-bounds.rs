//! Async closures of every kind, passed with every bound: what they capture by reference, by mutable
//! reference, by move and in part, cut off at every poll, and called again behind that.
//@ edition: 2024
//@ run-pass
#![feature(async_iterator, coroutine_trait)]

mod support;
#[path = "support/drive.rs"]
mod drive;
use support::*;

async fn shared(f: impl AsyncFn(Loud) -> usize) -> usize {
    f(loud("arg 1")).await * 100 + f(loud("arg 2")).await
}

async fn mutable(mut f: impl AsyncFnMut(Loud) -> usize) -> usize {
    f(loud("arg 1")).await * 100 + f(loud("arg 2")).await
}

async fn once(f: impl AsyncFnOnce(Loud) -> usize) -> usize {
    let _before = loud("before");
    f(loud("arg")).await
}

async fn by_reference<F: AsyncFn(Loud) -> usize>(f: &F) -> usize {
    once(f).await + mutable(f).await + shared(&f).await
}

async fn by_mutable_reference<F: AsyncFnMut(Loud) -> usize>(f: &mut F) -> usize {
    once(&mut *f).await + mutable(&mut *f).await + once(f).await
}

async fn boxed(f: impl AsyncFn(Loud) -> usize) -> usize {
    let f = Box::new(f);
    shared(&*f).await + once(f).await
}

/// Calls of one closure, each given up after so many polls, before the next.
fn given_up_and_called_again(mut f: impl AsyncFnMut(Loud) -> usize) {
    for polls in 0..4 {
        poll_and_drop("call", polls, f(loud("arg")));
    }
    poll_and_drop("at last, once", 1, once(f));
}

/// The bounds that a closure can be used with, each with a new one.
macro_rules! with_bounds {
    ($what:literal, $make:expr, [$($bound:ident),*]) => {$(
        drive::futures(concat!($what, " ", stringify!($bound)), 6, || $bound($make));
    )*};
}

struct Parts {
    first: Loud,
    second: (Loud, Loud),
    number: usize,
}

fn parts() -> Parts {
    Parts { first: loud("first"), second: (loud("second.0"), loud("second.1")), number: 7 }
}

fn shared_captures() {
    let captured = loud("captured");
    let number = 5;
    with_bounds!("by reference", async |arg: Loud| {
        wait().await;
        captured.name().len() + arg.name().len() + number
    }, [shared, mutable, once, boxed]);
    let moving = || {
        let (a, b, number) = (loud("a"), loud("b"), number);
        async move |arg: Loud| {
            println!("    {}", a.name());
            wait().await;
            let inner = loud("inner");
            wait().await;
            drop(arg);
            b.name().len() + inner.name().len() + number
        }
    };
    with_bounds!("by move", moving(), [shared, mutable, once, boxed]);
    drive::futures("by move, reference", 16, || async { by_reference(&moving()).await });
    given_up_and_called_again(moving());
}

fn mutated_captures() {
    let mut log: Vec<Loud> = vec![];
    let mut closure = async |arg: Loud| {
        log.push(arg);
        wait().await;
        log.push(loud("pushed"));
        wait().await;
        log.len()
    };
    for polls in 0..4 {
        poll_and_drop("by mutable reference", polls, mutable(&mut closure));
    }
    println!("{}", block_on(by_mutable_reference(&mut closure)));
    println!("{}", block_on(once(closure)));
    println!("{}", log.len());
    drop(log);

    let moving = || {
        let (mut last, mut count) = (None, 0);
        async move |arg: Loud| {
            count += 1;
            wait().await;
            last = Some(arg);
            wait().await;
            count * 10 + last.as_ref().map_or(0, |last: &Loud| last.name().len())
        }
    };
    with_bounds!("moved and mutated", moving(), [mutable, once]);
    drive::futures("moved and mutated, reference", 12, || async {
        by_mutable_reference(&mut moving()).await
    });
    given_up_and_called_again(moving());
}

fn parts_of_captures() {
    let moving = || {
        let parts = parts();
        async move |arg: Loud| {
            wait().await;
            let (inner, _) = &parts.second;
            println!("    {} {}", inner.name(), arg.name());
            wait().await;
            parts.number
        }
    };
    with_bounds!("in part", moving(), [shared, mutable, once, boxed]);
    let mut parts = parts();
    let mut closure = async |arg: Loud| {
        let before = std::mem::replace(&mut parts.second.1, arg);
        wait().await;
        parts.number += before.name().len();
        parts.number + parts.first.name().len()
    };
    for polls in 0..4 {
        poll_and_drop("in part, mutably", polls, mutable(&mut closure));
    }
    println!("{}", block_on(once(closure)));
    println!("{} {}", parts.second.1.name(), parts.number);
}

fn consumed_captures() {
    with_bounds!("consumed", {
        let (kept, early, late, parts) = (loud("kept"), loud("early"), loud("late"), parts());
        async move |arg: Loud| {
            drop(early);
            wait().await;
            let Parts { first, number, .. } = parts;
            let pair = (late, arg);
            wait().await;
            drop(pair.0);
            wait().await;
            kept.name().len() + first.name().len() + number
        }
    }, [once]);
    for which in [false, true] {
        with_bounds!("consumed or not", {
            let (a, b) = (loud("a"), loud("b"));
            async move |arg: Loud| {
                let chosen = if which { a } else { arg };
                wait().await;
                drop(chosen);
                wait().await;
                b.name().len()
            }
        }, [once]);
    }
}

fn main() {
    quiet();
    shared_captures();
    mutated_captures();
    parts_of_captures();
    consumed_captures();
}
