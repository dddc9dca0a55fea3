//! Clones of coroutines whose captures are all alive, in every state that can be cloned: each value
//! once, captures first. (Captures that are dead: hazard-02-clone-dead-captures.rs.)
//@ edition: 2024
//@ run-pass
#![feature(coroutines, coroutine_trait, coroutine_clone, stmt_expr_attributes)]

mod support;
use std::ops::{Coroutine, CoroutineState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use support::*;

/// Owns memory and logs clones and drops.
struct Log(String);

impl Clone for Log {
    fn clone(&self) -> Log {
        println!("    clone {}", self.0);
        if self.0.starts_with("bad") && fresh() >= 2 {
            panic!("cannot clone {}", self.0);
        }
        Log(format!("{}'", self.0))
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        println!("    drop {}", self.0);
    }
}

fn log(name: &str) -> Log {
    Log(name.to_owned())
}

fn resume<C: Coroutine<(), Yield = u32> + Unpin>(what: &str, coroutine: &mut C) {
    match Pin::new(coroutine).resume(()) {
        CoroutineState::Yielded(value) => println!("  {what} yields {value}"),
        CoroutineState::Complete(_) => println!("  {what} ends"),
    }
}

/// Clones after so many resumes, and lets both live on.
fn clone_after<C: Coroutine<(), Yield = u32> + Unpin + Clone>(resumes: u32, mut original: C) {
    println!("clone after {resumes} resumes");
    for _ in 0..resumes {
        resume("original", &mut original);
    }
    let clone = catch_unwind(AssertUnwindSafe(|| original.clone()));
    let Ok(mut clone) = clone else { return println!("  clone panicked") };
    println!("  cloned");
    if resumes < 4 {
        resume("clone", &mut clone);
        resume("original", &mut original);
    }
    println!("  drop original");
    drop(original);
    println!("  drop clone");
    drop(clone);
}

fn all_alive(resumes: u32) {
    let (first, second, number) = (log("first"), log("second"), Box::new(7u32));
    clone_after(resumes, #[coroutine] move || {
        let local = log("local");
        yield *number;
        {
            let scoped = log("scoped");
            yield *number + scoped.0.len() as u32;
        }
        drop(local);
        yield *number + second.0.len() as u32;
        let late = log("late");
        yield *number + first.0.len() as u32;
        drop(late);
    });
}

fn panicking_clone(resumes: u32) {
    let (first, bad, last) = (log("first"), log("bad"), log("last"));
    clone_after(resumes, #[coroutine] move || {
        let local = log("local");
        yield 1;
        yield first.0.len() as u32;
        yield bad.0.len() as u32;
        yield last.0.len() as u32;
        drop(local);
    });
}

fn copies_and_references() {
    let text = String::from("text");
    let numbers = [1u32, 2, 3];
    let mut one = #[coroutine] || {
        yield numbers[0] + text.len() as u32;
        yield numbers[1];
        yield numbers[2];
    };
    resume("one", &mut one);
    let mut two = one.clone();
    resume("one", &mut one);
    resume("two", &mut two);
    let mut three = two.clone();
    for coroutine in [&mut one, &mut two, &mut three] {
        resume("each", coroutine);
    }
}

fn nested() {
    let inner_value = log("inner");
    let inner = #[coroutine] move || {
        yield 1u32;
        yield inner_value.0.len() as u32;
    };
    let outer_value = log("outer");
    for resumes in 0..3 {
        let (mut inner, outer_value) = (inner.clone(), outer_value.clone());
        clone_after(resumes, #[coroutine] move || {
                        while let CoroutineState::Yielded(value) = Pin::new(&mut inner).resume(()) {
                let keep = log("between");
                yield value;
                drop(keep);
            }
            yield outer_value.0.len() as u32;
        });
    }
}

fn main() {
    quiet();
    for resumes in 0..5 {
        all_alive(resumes);
    }
    for resumes in 0..4 {
        panicking_clone(resumes);
    }
    copies_and_references();
    nested();
}
