//! Reviews of rust-lang/rust #127522 and #135527: the prologue must come before the first block
//! even where that is the head of a loop; its own drop must unwind as the captures' did; storage
//! must end on every way out; and a destructor that panics must not keep the others from running.
//! Stock 1.95 has none of it. Under Snug: no capture is moved twice, none is forgotten.
//@ edition: 2024
//@ run-pass
#![feature(coroutines, coroutine_trait, stmt_expr_attributes, gen_blocks, yield_expr)]

mod support;
use std::ops::Coroutine;
use support::tasks::*;
use support::*;

/// Nothing comes before the loop.
fn at_once(mut left: u32, name: Loud, other: Loud) -> impl Future<Output = Loud> {
    async move {
        loop {
            if left == 0 {
                break name;
            }
            left -= 1;
            wait().await;
            println!("    {} {left}", other.name());
        }
    }
}

fn suspends_first(name: Loud, filled: Filled<20>) -> impl Future<Output = ()> {
    async move {
        while {
            wait().await;
            filled.sum() % 2 == 0 || name.name().len() < 3
        } {
            filled.check("loop");
            return drop(name);
        }
    }
}

/// The whole body is one loop that never ends.
fn endless(mut numbers: Vec<u32>, name: Loud) -> impl Iterator<Item = u32> {
    gen move {
        loop {
            yield numbers.pop().unwrap_or(name.name().len() as u32);
        }
    }
}

fn resumed_with(name: Loud) -> impl Coroutine<Loud, Yield = usize, Return = Loud> {
    #[coroutine]
    static move |mut argument: Loud| loop {
        if argument.name() == "end" {
            return name;
        }
        argument = yield argument.name().len() + name.name().len();
    }
}

/// All ways out: return, `?`, panic, break, drop; captures that were moved on some of them.
async fn ways_out(way: u32, first: Loud, bomb: Bomb, last: Loud) -> Result<Loud, Loud> {
    if way == 0 {
        return Ok(first);
    }
    wait().await;
    if way == 1 {
        Err(last)?;
        unreachable!();
    }
    let kept = 'block: {
        if way == 2 {
            break 'block Some(first);
        }
        drop(first);
        wait().await;
        None
    };
    if way == 3 {
        // Its panic in a panic would abort.
        std::mem::forget(bomb);
        panic!("way 3");
    }
    wait().await;
    let _ = &bomb;
    kept.ok_or(last)
}

/// Only captured; dropped with the others, panicking.
fn unused(first: Loud, bomb: Bomb, last: Loud, poll_first: bool) -> impl Future<Output = ()> {
    async move {
        if poll_first {
            wait().await;
        }
        let _ = (&first, &bomb, &last);
    }
}

fn main() {
    quiet();
    drop_everywhere("at once", 4, || at_once(2, loud("name"), loud("other")));
    drop_everywhere("suspends first", 3, || suspends_first(loud("name"), Filled::new(1)));
    for taken in 0..4 {
        println!(
            "endless: {:?}",
            endless(vec![5, 6], loud("name")).take(taken).collect::<Vec<_>>()
        );
    }
    for resumes in 0..4 {
        println!("resumed {resumes} times");
        let mut coroutine = Box::pin(resumed_with(loud("name")));
        for argument in ["a", "bc", "end"].iter().take(resumes) {
            println!(
                "  {}",
                matches!(
                    coroutine.as_mut().resume(loud(argument)),
                    std::ops::CoroutineState::Yielded(_)
                )
            );
        }
    }
    for way in 0..5 {
        let make = || ways_out(way, loud("first"), Bomb("middle"), loud("last"));
        drop_everywhere(&format!("way {way}"), 4, make);
    }
    for poll_first in [false, true] {
        let make = || unused(loud("first"), Bomb("middle"), loud("last"), poll_first);
        drop_everywhere(&format!("unused {poll_first}"), 2, make);
    }
}
