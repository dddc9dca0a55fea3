//! Clones of coroutines, before and after every resume, and clones of clones: every value once, in stock's
//! order; each copy goes on by itself. A `Clone::clone` that panics drops what has been cloned already.
//! Stock also clones what has been
//! moved out of, or may not be there yet, which is undefined behaviour: see hazard-02-clone-dead-captures.rs.
//@ edition: 2024
//@ run-pass
#![feature(coroutines, coroutine_trait, coroutine_clone, stmt_expr_attributes)]

mod support;
use std::cell::Cell;
use std::ops::{Coroutine, CoroutineState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use support::*;

thread_local! {
    /// Counts clones, and panics at zero.
    static UNTIL_PANIC: Cell<u32> = const { Cell::new(u32::MAX) };
}

/// Logs clones and drops. It owns memory, so that a second drop is found out.
struct Log<const PAD: usize = 0> {
    name: String,
    pad: [u8; PAD],
}

impl<const PAD: usize> Log<PAD> {
    fn len(&self) -> usize {
        assert!(self.pad.iter().all(|byte| *byte as usize == PAD % 256), "overwritten");
        self.name.len()
    }
}

impl<const PAD: usize> Clone for Log<PAD> {
    fn clone(&self) -> Self {
        println!("    clone {}", self.name);
        let left = UNTIL_PANIC.get() - 1;
        UNTIL_PANIC.set(left);
        if left == 0 {
            panic!("clone of {}", self.name);
        }
        Log { name: format!("{}'", self.name), pad: self.pad }
    }
}

impl<const PAD: usize> Drop for Log<PAD> {
    fn drop(&mut self) {
        println!("    drop {}", self.name);
    }
}

fn log<const PAD: usize>(name: &str) -> Log<PAD> {
    Log { name: name.to_owned(), pad: [(PAD % 256) as u8; PAD] }
}

fn resume<C: Coroutine<u32, Yield = usize, Return = usize> + Unpin>(what: &str, c: &mut C) -> bool {
    match Pin::new(c).resume(what.len() as u32) {
        CoroutineState::Yielded(value) => println!("  {what} yields {value}"),
        CoroutineState::Complete(value) => {
            println!("  {what} ends with {value}");
            return false;
        }
    }
    true
}

fn finish<C: Coroutine<u32, Yield = usize, Return = usize> + Unpin>(what: &str, mut coroutine: C) {
    while resume(what, &mut coroutine) {}
    println!("  drop {what}");
}

/// Clones after so many resumes, then the clone, and then all three live on, or are dropped.
fn clones_of_clones<C>(what: &str, most: usize, make: impl Fn() -> C)
where
    C: Coroutine<u32, Yield = usize, Return = usize> + Unpin + Clone,
{
    for resumes in 0..=most {
        println!("{what}: cloned after {resumes} resumes");
        let mut original = make();
        for _ in 0..resumes {
            resume("original", &mut original);
        }
        let mut clone = original.clone();
        println!("  cloned");
        if resumes < most {
            resume("original", &mut original);
        }
        let of_clone = clone.clone();
        println!("  cloned again");
        if resumes < most {
            resume("clone", &mut clone);
        }
        clone.clone_from(&of_clone);
        println!("  cloned from the second");
        drop(original);
        finish("clone", clone);
        finish("clone of clone", of_clone);
    }
}

/// The clone number `at` panics.
fn panicking_clones<C>(what: &str, most: usize, make: impl Fn() -> C)
where
    C: Coroutine<u32, Yield = usize, Return = usize> + Unpin + Clone,
{
    for resumes in 0..=most {
        for at in 1.. {
            println!("{what}: after {resumes} resumes, clone {at} panics");
            let mut original = make();
            for _ in 0..resumes {
                resume("original", &mut original);
            }
            UNTIL_PANIC.set(at);
            let cloned = catch_unwind(AssertUnwindSafe(|| original.clone()));
            UNTIL_PANIC.set(u32::MAX);
            println!("  {}", if cloned.is_ok() { "cloned" } else { "panicked" });
            drop(original);
            if let Ok(clone) = cloned {
                finish("clone", clone);
                break;
            }
        }
    }
}

fn captures_and_locals()
-> impl Coroutine<u32, Yield = usize, Return = usize> + Unpin + Clone {
    let (a, b, c) = (log::<0>("a"), log::<300>("b"), Box::new(log::<9>("c")));
    let numbers = [5usize; 8];
    #[coroutine]
    move |first: u32| {
        let second;
        {
            let early = log::<40>("early");
            second = yield a.len() + numbers[7];
            let pair = (log::<7>("pair.0"), [log::<1>("pair.1.0"), log::<1>("pair.1.1")]);
            yield pair.1[1].len() + early.len();
        }
        let late = log::<90>("late");
        for i in 0..2 {
            let inside = (i, Some(log::<80>("inside")));
            yield b.len() + inside.1.as_ref().map_or(inside.0, Log::len);
        }
        yield late.len() + first as usize;
        a.len() + c.len() + (first + second) as usize
    }
}

/// Coroutines in coroutines, and arguments that are kept.
fn nested() -> impl Coroutine<u32, Yield = usize, Return = usize> + Unpin + Clone {
    let guard = log::<0>("guard");
    let mut inner = captures_and_locals();
    #[coroutine]
    move |mut argument: u32| {
        let before = log::<20>("before");
        let end = loop {
            match Pin::new(&mut inner).resume(argument) {
                CoroutineState::Yielded(value) => argument = yield value + before.len(),
                CoroutineState::Complete(value) => break value,
            }
        };
        yield guard.len();
        end
    }
}

/// Which values there are depends on the way.
fn conditional(which: u32) -> impl Coroutine<u32, Yield = usize, Return = usize> + Unpin + Clone {
    let (kept, other) = (log::<3>("kept"), Some(log::<5>("other")));
    #[coroutine]
    move |_: u32| {
        if which > 0 {
            let local = log::<50>("local");
            yield local.len();
        }
        let vector = vec![log::<2>("v0"), log::<2>("v1")];
        let last = if which == 2 {
            yield kept.len();
            log::<30>("last")
        } else {
            log::<30>("another last")
        };
        yield vector.len() + last.len();
        other.as_ref().map_or(0, Log::len) + kept.len()
    }
}

fn main() {
    quiet();
    clones_of_clones("captures and locals", 5, captures_and_locals);
    panicking_clones("captures and locals", 5, captures_and_locals);
    // Its last suspension holds a coroutine that has ended: stock would clone what that had.
    clones_of_clones("nested", 5, nested);
    panicking_clones("nested", 2, nested);
    for which in 0..3 {
        clones_of_clones(&format!("conditional {which}"), 1 + which as usize, || conditional(which));
        panicking_clones(&format!("conditional {which}"), 1 + which as usize, || conditional(which));
    }
    let row = vec![captures_and_locals(); 3];
    println!("a vector of clones");
    for each in row {
        finish("in a vector", each);
    }
}
