//! Bodies whose first block is the head of a loop, or is jumped to in another way: `loop`, `while` and
//! `while let` over captures, labelled, nested, left in the first turn, and `for` over a captured iterator; in async
//! functions, blocks, closures, coroutines and generators.
//@ edition: 2024
//@ run-pass
#![feature(coroutines, coroutine_trait, stmt_expr_attributes, gen_blocks)]

#[macro_use]
mod support;
use std::collections::VecDeque;
use std::ops::{Coroutine, CoroutineState};
use std::pin::Pin;
use support::trace::*;

type List = VecDeque<Traced>;

fn list(names: &[&'static str]) -> List {
    names.iter().map(|name| traced(name)).collect()
}

fn endless(value: Traced, mut turns: u32) -> impl Future<Output = Traced> {
    async move {
        loop {
            if turns == 0 {
                break value;
            }
            turns -= 1;
            pause().await;
        }
    }
}

/// Nothing but an await in an endless loop.
fn only_awaits() -> impl Future<Output = ()> {
    async move {
        loop {
            pause().await
        }
    }
}

fn with_a_capture_that_is_dropped(value: Traced, mut slot: Option<Traced>) -> impl Future<Output = ()> {
    async move {
        while let Some(taken) = slot.take() {
            slot = Some(taken).filter(|taken| taken.look() > 1);
            value.look();
            pause().await;
        }
    }
}

fn over_a_list(mut list: List, other: Traced) -> impl Future<Output = usize> {
    async move {
        'outer: while let Some(_first) = list.pop_front() {
            'inner: loop {
                pause().await;
                match list.pop_back() {
                    Some(last) if last.look() == 1 => continue 'outer,
                    Some(last) => {
                        other.look();
                        drop(last);
                        continue 'inner;
                    }
                    None => break 'outer,
                }
            }
        }
        list.len()
    }
}

fn over_an_iterator(values: std::vec::IntoIter<Traced>, stop: bool) -> impl Future<Output = u32> {
    async move {
        for value in values {
            pause().await;
            if stop {
                return value.look();
            }
        }
        0
    }
}

fn labelled(a: Traced, b: Traced, turns: u32) -> impl Future<Output = Traced> {
    let mut turn = 0;
    async move {
        'outermost: loop {
            'block: {
                loop {
                    turn += 1;
                    if turn == turns {
                        break 'outermost;
                    }
                    if turn % 2 == 0 {
                        break 'block;
                    }
                    pause().await;
                    if turn > 3 {
                        return b;
                    }
                }
            }
            a.look();
        }
        a
    }
}

/// The capture is moved in the turn that ends the loop, or filled again.
fn moved_in_a_turn(mut value: Traced, mut left: u32) -> impl Future<Output = ()> {
    async move {
        loop {
            let moved = value;
            pause().await;
            if left == 0 {
                return eat(moved);
            }
            left -= 1;
            value = if moved.look() == 1 { traced("vv") } else { moved };
        }
    }
}

async fn function(mut list: List) -> u32 {
    loop {
        let Some(value) = list.pop_front() else { return 0 };
        pause().await;
        if value.look() == 2 {
            break value.look();
        }
    }
}

/// Two loops around the same first block.
async fn no_parameters() -> u32 {
    loop {
        loop {
            loop {
                pause().await;
                if support::fresh() % 3 == 0 {
                    break;
                }
            }
            pause().await;
            break;
        }
        return 1;
    }
}

async fn closure(value: Traced) -> u32 {
    let mut turns = 0;
    let mut step = async move |until: u32| {
        while turns < until {
            turns += 1;
            pause().await;
        }
        value.look()
    };
    step(1).await + step(2).await + step(1).await
}

/// A coroutine that is driven like a future.
struct Resumed<C>(Pin<Box<C>>);

impl<C: Coroutine> Driven for Resumed<C> {
    fn poll(&mut self) -> bool {
        matches!(self.0.as_mut().resume(()), CoroutineState::Complete(_))
    }
}

fn resumed<C: Coroutine>(coroutine: C) -> Resumed<C> {
    Resumed(Box::pin(coroutine))
}

fn coroutines() {
    everywhere_driven("static, loop with a label", || {
        let (value, mut other, mut turns) = (traced("value"), Some(traced("other")), 0);
        resumed(
            #[coroutine]
            static move || 'first: loop {
                turns += 1;
                while turns < 5 {
                    yield value.look();
                    if turns == 2
                        && let Some(other) = other.take()
                    {
                        yield other.look();
                    }
                    continue 'first;
                }
                return value;
            },
        )
    });
    everywhere_driven("movable, while", || {
        let (mut left, value, mut list) = (3, traced("value"), list(&["x", "y"]));
        resumed(
            #[coroutine]
            move || while left > 0 {
                yield list.pop_front();
                left -= 1;
                value.look();
            },
        )
    });
    everywhere_driven("movable, yield in the condition", || {
        let (value, mut turns) = (traced("value"), 0);
        resumed(
            #[coroutine]
            move || {
                while {
                    yield turns;
                    turns += 1;
                    turns < 3
                } {
                    value.look();
                }
                value
            },
        )
    });
}

struct Iterated<I>(I);

impl<I: Iterator> Driven for Iterated<I> {
    fn poll(&mut self) -> bool {
        self.0.next().is_none()
    }
}

fn generators() {
    everywhere_driven("gen", || {
        let (mut list, other) = (list(&["x", "yy", "z"]), traced("other"));
        Iterated(gen move {
            while let Some(value) = list.pop_front() {
                if value.look() == 2 {
                    yield value;
                } else {
                    yield traced("instead");
                }
            }
            other.look();
        })
    });
}

fn main() {
    support::quiet();
    everywhere! {
        endless(traced("v"), 0),
        endless(traced("v"), 2),
        only_awaits(),
        with_a_capture_that_is_dropped(traced("v"), Some(traced("s"))),
        with_a_capture_that_is_dropped(traced("v"), None),
        over_a_list(list(&["a", "bb", "c", "dd", "ee"]), traced("o")),
        over_a_list(list(&[]), traced("o")),
        over_an_iterator(vec![traced("x"), traced("y")].into_iter(), false),
        over_an_iterator(vec![traced("x"), traced("y")].into_iter(), true),
        labelled(traced("a"), traced("b"), 1),
        labelled(traced("a"), traced("b"), 3),
        labelled(traced("a"), traced("b"), 9),
        moved_in_a_turn(traced("v"), 2),
        function(list(&["x", "yy", "z"])),
        no_parameters(),
        closure(traced("v")),
    }
    coroutines();
    generators();
}
