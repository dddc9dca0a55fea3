//! Movable coroutines, and futures before their first poll, moved between resumes: swapped, boxed, in vectors
//! that reallocate, in arrays and enums, replaced, sent to other threads and back. Every byte of what they
//! hold is looked at afterwards.
//@ edition: 2024
//@ run-pass
#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]

mod support;
use std::collections::VecDeque;
use std::mem;
use std::ops::{Coroutine, CoroutineState};
use std::pin::Pin;
use std::thread;
use support::tasks::*;
use support::*;

/// Holds values of many shapes, each across other suspensions.
fn make(name: &'static str) -> impl Coroutine<u64, Yield = u64, Return = Loud> + Unpin + Send {
    let (first, small) = (Filled::<25>::new(name.len() as u64), 7u8);
    let (owner, last) = (owned(name), (loud(name), [3u16; 7]));
    #[coroutine]
    move |mut argument: u64| {
        let early = first.sum() ^ argument;
        argument = yield early % 1000;
        let held = (Filled::<60>::new(argument), small);
        owner.look();
        drop(owner);
        argument = yield held.0.sum() % 1000 + held.1 as u64;
        let (name, words) = last;
        for word in words.into_iter().take(2) {
            let inside = Box::new(Filled::<3>::new(word as u64));
            argument = yield inside.sum() % 1000 + argument;
        }
        held.0.check("held");
        first.check("first");
        println!("    {name} {early:x}", name = name.name());
        name
    }
}

/// The next number, or the name at the end.
fn step<C: Coroutine<u64, Yield = u64, Return = Loud> + Unpin>(what: &str, coroutine: &mut C) -> bool {
    match Pin::new(coroutine).resume(what.len() as u64) {
        CoroutineState::Yielded(value) => println!("  {what}: {value}"),
        CoroutineState::Complete(value) => {
            println!("  {what}: end {}", value.name());
            return false;
        }
    }
    true
}

fn swapped() {
    println!("swapped");
    let (mut a, mut b) = (make("a"), make("bb"));
    step("a", &mut a);
    loop {
        mem::swap(&mut a, &mut b);
        if !step("whichever", &mut a) {
            break;
        }
    }
}

fn boxed_and_unboxed() {
    println!("boxed and unboxed");
    let mut on_stack = make("boxed");
    loop {
        let mut boxed = Box::new(on_stack);
        if !step("boxed", &mut *boxed) {
            break;
        }
        on_stack = *boxed;
        if !step("unboxed", &mut on_stack) {
            break;
        }
    }
}

fn in_collections() {
    println!("in collections");
    let mut row = Vec::with_capacity(1);
    for name in ["v", "vv", "vvv", "vvvv"] {
        row.push(make(name));
        for each in &mut row {
            step("in a vector", each);
        }
    }
    let mut ring: VecDeque<_> = row.into();
    while let Some(mut each) = ring.pop_front() {
        if ring.len() % 2 == 1 {
            ring.rotate_right(1);
        }
        if step("in a ring", &mut each) {
            ring.push_back(each);
        }
    }
    let mut array = [make("x"), make("yy"), make("zzz")];
    for round in 0..3 {
        array.rotate_left(1);
        array.swap(0, round);
        step("in an array", &mut array[round]);
    }
    let [first, _, mut third] = array;
    println!("  array is taken apart");
    drop(first);
    step("out of an array", &mut third);
}

fn in_enums() {
    println!("in enums");
    enum State<A, B> {
        Left(A, u8),
        Right(u16, B),
        Gone,
    }
    let mut state: State<_, Box<_>> = State::Left(make("enum"), 1);
    loop {
        state = match mem::replace(&mut state, State::Gone) {
            State::Left(mut coroutine, n) => {
                if !step("left", &mut coroutine) {
                    break;
                }
                State::Right(n as u16 + 1, Box::new(coroutine))
            }
            State::Right(n, mut coroutine) => {
                if !step("right", &mut *coroutine) {
                    break;
                }
                State::Left(*coroutine, n as u8)
            }
            State::Gone => unreachable!(),
        };
    }
    let mut maybe = Some(make("option"));
    while let Some(mut taken) = maybe.take() {
        maybe = step("taken", &mut taken).then_some(taken);
    }
}

fn to_threads() {
    println!("to threads");
    let mut here = make("threads");
    while step("here", &mut here) {
        let there = thread::spawn(move || {
            let mut there = here;
            let more = step("there", &mut there);
            (more, there)
        });
        let (more, back) = there.join().unwrap();
        here = back;
        if !more {
            break;
        }
    }
    let mut dropped_there = make("dropped there");
    step("here", &mut dropped_there);
    step("here", &mut dropped_there);
    thread::spawn(move || drop(dropped_there)).join().unwrap();
}

/// Coroutines that own coroutines, which move with them.
fn nested() {
    println!("nested");
    let (mut inner, outer) = (make("inner"), Filled::<11>::new(5));
    let mut nested = #[coroutine] move |mut argument: u64| {
        let local = [argument; 13];
        while let CoroutineState::Yielded(value) = Pin::new(&mut inner).resume(argument) {
            argument = yield value + local[12] + outer.sum() % 10;
        }
        outer.check("outer");
        loud("end of nested")
    };
    let mut shelf = vec![];
    while step("nested", &mut nested) {
        shelf.push(nested);
        shelf.reserve_exact(shelf.capacity() + 3);
        nested = shelf.pop().unwrap();
    }
}

/// An async fn's future may be moved before it is polled, and its captures with it.
fn unpolled_futures() {
    println!("unpolled futures");
    async fn uses(a: Owned<1000>, b: Filled<9>, pair: (Loud, [u8; 3])) -> u64 {
        let (name, bytes) = pair;
        wait().await;
        a.look();
        println!("    {}", name.name());
        b.sum() % 1000 + bytes[2] as u64
    }
    let make = |name: &str| uses(owned(name), Filled::new(2), (loud(name), [1, 2, 3]));
    let (mut a, mut b) = (make("a"), make("b"));
    mem::swap(&mut a, &mut b);
    let mut row = vec![a, make("c")];
    row.push(b);
    row.swap(0, 2);
    let array: [_; 3] = row.try_into().ok().unwrap();
    let [first, second, third] = array;
    println!("{}", block_on(second));
    println!("{}", thread::spawn(move || block_on(third)).join().unwrap());
    drop(first);
}

fn main() {
    swapped();
    boxed_and_unboxed();
    in_collections();
    in_enums();
    to_threads();
    nested();
    unpolled_futures();
}
