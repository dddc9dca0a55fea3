//! Movable coroutines with raw pointers to their captures, used across suspensions in which the
//! coroutine is not moved: works in stock, as captures keep their place for ever.
//@ edition: 2024
//@ run-pass
#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]

mod support;
use std::ops::{Coroutine, CoroutineState};
use std::pin::Pin;
use support::*;

fn run<C: Coroutine<(), Yield = u64, Return = u64> + Unpin>(what: &str, mut coroutine: C) {
    println!("{what}");
    loop {
        match Pin::new(&mut coroutine).resume(()) {
            CoroutineState::Yielded(value) => println!("  {value}"),
            CoroutineState::Complete(value) => return println!("  end {value}"),
        }
    }
}

fn raw_pointers() {
    let mut captured = 1u64;
    let (mut array, index) = ([1u64, 2, 3, 4], 2usize);
    let other = 9u32;
    run("&raw mut", #[coroutine] move || {
        let pointer = &raw mut captured;
        let big = [7u64; 8];
        yield big[0];
        unsafe { *pointer += 1 };
        let more = [8u64; 8];
        yield unsafe { *pointer } + other as u64;
        unsafe { *pointer += more[0] };
        yield unsafe { *pointer };
        unsafe { *pointer }
    });
    run("element", #[coroutine] move || {
        let pointer = std::ptr::from_mut(&mut array[index]);
        yield 0;
        unsafe { *pointer = 30 };
        let fill = [5u64; 6];
        yield fill[1];
        unsafe { pointer.read() + pointer.add(1).read() }
    });
}

struct Pair {
    left: u64,
    right: Option<u64>,
}

fn fields_and_patterns() {
    let mut pair = Pair { left: 1, right: Some(2) };
    run("field", #[coroutine] move || {
        let pointer = match &mut pair.right {
            Some(inside) => inside as *mut u64,
            None => std::ptr::null_mut(),
        };
        let left = &raw const pair.left;
        let fill = [3u64; 5];
        yield fill.iter().sum();
        unsafe { *pointer += *left };
        let fill = [4u64; 7];
        yield fill.iter().sum();
        unsafe { *pointer + *left }
    });
    let text = String::from("text");
    run("with drop glue", #[coroutine] move || {
        let pointer = &raw const text;
        let fill = [1u64; 4];
        yield fill[0];
        let fill = [2u64; 4];
        yield fill[0];
        unsafe { (&*pointer).len() as u64 }
    });
}

/// A method that takes `&self` and stores the pointer.
struct Address(u64);

impl Address {
    fn of(&self) -> *const u64 {
        &self.0
    }
}

fn through_a_method() {
    let captured = Address(77);
    run("method", #[coroutine] move || {
        let pointer = captured.of();
        let fill = [1u64; 3];
        yield fill[2];
        let fill = [2u64; 3];
        yield fill[2] + unsafe { *pointer };
        unsafe { *pointer }
    });
}

fn generators() {
    let mut captured = [1u64, 2, 3];
    let mut total = 0;
    let pointer_free = #[coroutine] move || {
        for value in &mut captured.clone() {
            *value += 1;
            total += *value;
        }
        yield total;
        captured[0] = 10;
        yield captured[0];
        captured.iter().sum()
    };
    run("values", pointer_free);
}

fn main() {
    raw_pointers();
    fields_and_patterns();
    through_a_method();
    generators();
    drop(loud("end"));
}
