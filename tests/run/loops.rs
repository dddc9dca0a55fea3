//! Bodies that are a loop and nothing else, with captures moved out at its end.
//@ edition: 2024
//@ run-pass
#![feature(coroutines, coroutine_trait, stmt_expr_attributes, gen_blocks)]

mod support;
use std::ops::{Coroutine, CoroutineState};
use std::pin::pin;
use support::*;

fn run<C: Coroutine<(), Yield = u32>>(what: &str, times: u32, coroutine: C) {
    println!("{what}, {times} resumes:");
    let mut coroutine = pin!(coroutine);
    for _ in 0..times {
        match coroutine.as_mut().resume(()) {
            CoroutineState::Yielded(value) => println!("  {value}"),
            CoroutineState::Complete(_) => return println!("  end"),
        }
    }
    println!("  dropping");
}

fn main() {
    for times in 0..5 {
        let (value, mut left) = (loud("movable"), 3u32);
        #[rustfmt::skip]
        run("movable", times, #[coroutine] move || loop {
            yield value.name().len() as u32 + left;
            left -= 1;
            if left == 0 {
                return value;
            }
        });
        let (value, other) = (loud("static"), loud("other"));
        #[rustfmt::skip]
        run("static", times, #[coroutine] static move || while !value.name().is_empty() {
            yield other.name().len() as u32;
        });
        let (value, mut left) = (loud("matched"), Some(loud("left")));
        #[rustfmt::skip]
        run("match", times, #[coroutine] move || loop {
            match left.take() {
                Some(left) => yield left.name().len() as u32,
                None => break value,
            }
        });
    }
    let value = loud("gen");
    let endless = gen move { loop { yield value.name().len() } };
    println!("{:?}", endless.take(3).collect::<Vec<_>>());
}
