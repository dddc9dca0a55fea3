//! Clones of coroutines some of whose captures are moved out or dead: those are not cloned.
//@ own-output: stock clones dead captures too, which is undefined behaviour
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

fn main() {
    quiet();
    for resumes in 0..6 {
        kept_moved_and_dead(resumes);
    }
}
