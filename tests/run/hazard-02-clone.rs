//! Clones of coroutines, in every state: each live value once, captures first; nothing that is
//! moved out or dead.
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

fn kept_moved_and_dead(resumes: u32) {
    let (kept, moved, dead, number) = (log("kept"), log("moved"), log("dead"), Box::new(7u32));
    clone_after(resumes, #[coroutine] move || {
        let local = log("local");
        yield *number;
        let other = moved;
        drop(dead);
        yield *number + 1;
        drop(local);
        yield *number + 2;
        drop(other);
        drop(kept);
        let late = log("late");
        yield 9;
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
        let (inner, outer_value) = (inner.clone(), outer_value.clone());
        clone_after(resumes, #[coroutine] move || {
            let mut inner = inner;
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
    for resumes in 0..6 {
        kept_moved_and_dead(resumes.min(5));
    }
    for resumes in 0..4 {
        panicking_clone(resumes);
    }
    copies_and_references();
    nested();
}
