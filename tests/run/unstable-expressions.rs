//! Expressions that no stable program has, and that MIR building lowers in ways of its own: try blocks, `super let`,
//! deref and never patterns, `#[loop_match]`, `match` behind a dot, `use` closures, `yeet`; with awaits in them.
//@ edition: 2024
//@ run-pass
#![feature(try_blocks, super_let, deref_patterns, never_patterns, never_type, loop_match, postfix_match)]
#![feature(ergonomic_clones, yeet_expr, box_patterns)]
#![allow(incomplete_features)]

#[macro_use]
mod support;
use std::rc::Rc;
use support::trace::*;

async fn fails(fail: bool, value: Traced) -> Result<Traced, Traced> {
    pause().await;
    if fail { Err(value) } else { Ok(value) }
}

async fn tried(a: Traced, b: Traced, first: bool, second: bool) -> u32 {
    let result: Result<(Traced, u32), Traced> = try {
        let scope = traced("scope");
        let a = fails(first, a).await?;
        scope.look();
        let length = fails(second, traced("inner")).await?.look();
        (a, length)
    };
    pause().await;
    match &result {
        Ok((a, length)) => a.look() + length,
        Err(error) => error.look() + b.look(),
    }
}

async fn thrown(value: Traced, kept: Traced, fail: bool) -> Result<Traced, Traced> {
    pause().await;
    if fail {
        do yeet value;
    }
    drop(value);
    pause().await;
    Ok(kept)
}

async fn super_lets(capture: Traced, number: u32) -> u32 {
    let outer = {
        super let value = traced("super");
        super let moved = capture;
        let _own = traced("own");
        pause().await;
        (&value, &moved, number)
    };
    pause().await;
    outer.0.look() + outer.1.look() + outer.2
}

async fn deref_patterns(mut boxed: Box<(Traced, Option<Traced>)>, text: Rc<Option<Traced>>, list: Vec<Traced>) -> u32 {
    let mut sum = match &*text {
        Some(value) => value.look(),
        None => 0,
    };
    if let (_, Some(inside)) = &mut boxed {
        pause().await;
        inside.rename("inside");
    }
    pause().await;
    sum += match text {
        Some(ref value) => {
            pause().await;
            value.look()
        }
        None => 1,
    };
    match list {
        [ref first, ..] => {
            pause().await;
            sum += first.look();
        }
        [] => sum += 100,
    }
    let box (first, second) = boxed;
    pause().await;
    eat(second);
    sum + first.look()
}

async fn never_patterns(result: Result<Traced, !>, option: Option<(Traced, !)>, kept: Traced) -> u32 {
    pause().await;
    let value = match result {
        Ok(value) => value,
        Err(!),
    };
    pause().await;
    match option {
        Some((_, !)),
        None => value.look() + kept.look(),
    }
}

enum State {
    Start,
    Middle,
    Back,
    End,
}

/// A state machine in a state machine. The bodies do not suspend: a block of their own could not jump.
async fn machine(mut values: Vec<Traced>, mut kept: Option<Traced>, other: Traced) -> u32 {
    pause().await;
    let mut state = State::Start;
    let mut sum = 0;
    #[loop_match]
    'machine: loop {
        state = 'next: {
            match state {
                State::Start => {
                    sum += other.look();
                    #[const_continue]
                    break 'next State::Middle;
                }
                State::Middle => {
                    if let Some(value) = values.pop() {
                        sum += value.look();
                        #[const_continue]
                        break 'next State::Back;
                    }
                    #[const_continue]
                    break 'next State::End;
                }
                State::Back => {
                    if let Some(kept) = kept.take() {
                        pause().await;
                        eat(kept);
                    }
                    #[const_continue]
                    break 'next State::Middle;
                }
                State::End => break 'machine,
            }
        }
    }
    pause().await;
    sum
}

async fn behind_a_dot(option: Option<Traced>, other: Traced) -> u32 {
    let value = option.match {
        Some(value) => {
            pause().await;
            value
        }
        None => other,
    };
    pause().await;
    value.look().match {
        1..5 => 10,
        _ => 20,
    }
}

async fn used(shared: Rc<Traced>, own: Traced) -> usize {
    let closure = use || shared.look();
    pause().await;
    let block = async use {
        pause().await;
        shared.look() as usize + Rc::strong_count(&shared)
    };
    let again = shared.use;
    let sum = block.await + closure() as usize;
    drop(closure);
    own.look();
    sum + Rc::strong_count(&again)
}

fn main() {
    support::quiet();
    let list = |names: &[&'static str]| names.iter().map(|name| traced(name)).collect::<Vec<_>>();
    everywhere! {
        tried(traced("a"), traced("b"), false, false),
        tried(traced("a"), traced("b"), true, false),
        tried(traced("a"), traced("b"), false, true),
        thrown(traced("value"), traced("kept"), true),
        thrown(traced("value"), traced("kept"), false),
        super_lets(traced("capture"), 5),
        deref_patterns(Box::new((traced("x"), Some(traced("y")))), Rc::new(Some(traced("z"))), list(&["v"])),
        deref_patterns(Box::new((traced("x"), None)), Rc::new(None), list(&[])),
        never_patterns(Ok(traced("ok")), None, traced("kept")),
        machine(list(&["a", "b"]), Some(traced("kept")), traced("other")),
        behind_a_dot(Some(traced("some")), traced("other")),
        behind_a_dot(None, traced("other")),
        used(Rc::new(traced("shared")), traced("own")),
    }
}
