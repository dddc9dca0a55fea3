//! Captures, parameters and results that cannot exist: `!`, `Infallible`, enums without variants, inside
//! options and results, in generic code. What lies beside them is dropped as ever.
//@ edition: 2024
//@ run-pass
#![feature(never_type)]
#![allow(unreachable_code, unused_variables)]

#[macro_use]
mod support;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use support::trace::*;

#[derive(Debug)]
enum Void {}

/// Cannot exist, but would have drop glue and a size.
struct Ghost {
    value: Traced,
    void: Void,
}

async fn option(none: Option<Void>, nothing: Option<Ghost>, kept: Traced) -> u32 {
    pause().await;
    if let Some(ghost) = nothing {
        ghost.value.look();
        pause().await;
        match ghost.void {}
    }
    match none {
        None => pause().await,
        Some(void) => {
            pause().await;
            eat(kept);
            match void {}
        }
    }
    kept.look()
}

fn captured(result: Result<Traced, !>, other: Result<Void, Traced>, kept: Traced) -> impl Future<Output = ()> {
    async move {
        let Ok(value) = result;
        pause().await;
        let Err(error) = other;
        value.look();
        pause().await;
        eat(error);
        pause().await;
        kept.look();
    }
}

/// Unwraps in the pattern of the parameter.
async fn in_patterns(Ok(a): Result<Traced, Infallible>, (Err(b), c): (Result<Void, Traced>, Traced)) {
    a.look();
    pause().await;
    drop(a);
    pause().await;
    eat((b, c));
}

async fn generic<T, E>(result: Result<T, E>, after: Traced) -> Result<(T, u32), E> {
    pause().await;
    let value = result?;
    pause().await;
    let number = after.look();
    Ok((value, number))
}

/// Suspends for ever in type, but comes to an end in fact.
async fn diverges(value: Traced, other: Traced) -> ! {
    pause().await;
    drop(other);
    pause().await;
    value.look();
    panic!("the end");
}

async fn awaits_diverging(value: Traced, diverge: bool) -> u32 {
    let first = value.look();
    if diverge {
        let never: ! = diverges(value, traced("other")).await;
        never
    } else {
        pause().await;
        first
    }
}

struct Never(Traced);

impl Future for Never {
    type Output = Void;
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Void> {
        self.0.look();
        Poll::Pending
    }
}

async fn never_ready(future: Never, kept: Traced) -> Traced {
    match future.await {}
    kept
}

/// Never called: it is compiled, and its future has a size and drop glue.
async fn parameter_of_no_value(void: Void, kept: Traced, ghost: Ghost) -> u32 {
    pause().await;
    drop(ghost);
    kept.look();
    pause().await;
    match void {}
}

fn block_of_no_value(ghost: Ghost, kept: Traced) -> impl Future<Output = Traced> {
    async move {
        let Ghost { value, void } = ghost;
        kept.look();
        pause().await;
        match void {}
        value
    }
}

async fn on_a_path_that_is_none(choice: Result<u32, Ghost>, kept: Traced) -> u32 {
    let number = match choice {
        Ok(number) => number,
        Err(ghost) => {
            let future = parameter_of_no_value(ghost.void, ghost.value, panic!("no ghost"));
            let sum = future.await;
            pause().await;
            sum
        }
    };
    pause().await;
    number + kept.look()
}

/// Arrays of nothing exist if they are empty.
async fn arrays(empty: [Void; 0], list: Vec<Void>, kept: Traced) -> usize {
    pause().await;
    for void in empty {
        match void {}
    }
    let length = list.len();
    for void in list {
        pause().await;
        match void {}
    }
    pause().await;
    length + kept.look() as usize
}

async fn generic_parameter<T>(make: fn() -> T, kept: Traced) -> (T, Traced) {
    pause().await;
    let value = make();
    pause().await;
    (value, kept)
}

fn main() {
    support::quiet();
    everywhere! {
        option(None, None, traced("kept")),
        captured(Ok(traced("v")), Err(traced("e")), traced("kept")),
        in_patterns(Ok(traced("a")), (Err(traced("b")), traced("c"))),
        generic::<Traced, Infallible>(Ok(traced("v")), traced("after")),
        generic::<Void, Traced>(Err(traced("e")), traced("after")),
        generic::<Traced, Traced>(Err(traced("e")), traced("after")),
        diverges(traced("v"), traced("other")),
        awaits_diverging(traced("v"), true),
        awaits_diverging(traced("v"), false),
        never_ready(Never(traced("never")), traced("kept")),
        on_a_path_that_is_none(Ok(3), traced("kept")),
        arrays([], Vec::new(), traced("kept")),
        generic_parameter(|| -> ! { panic!("makes nothing") }, traced("kept")),
        generic_parameter(|| traced("made"), traced("kept")),
    }
    let parameter = |_: fn(Void, Traced, Ghost) -> _| 0;
    let _ = parameter(parameter_of_no_value);
    let ghosts: Vec<_> = Vec::<Ghost>::new()
        .into_iter()
        .map(|ghost| block_of_no_value(ghost, traced("kept")))
        .collect();
    println!("{}", ghosts.len());
}
