//! Coroutines with resume arguments and yielded values of many types, static and movable, cut off at every
//! resume: arguments that are kept across resumes, dropped at once, moved into locals, never bound, and
//! overwritten; captures consumed before and after.
//@ edition: 2024
//@ run-pass
#![feature(coroutines, coroutine_trait, stmt_expr_attributes, async_iterator)]

mod support;
#[path = "support/drive.rs"]
mod drive;
use std::ops::{Coroutine, CoroutineState};
use std::pin::Pin;
use support::tasks::*;
use support::*;

/// The same body as a movable and as a static coroutine.
macro_rules! both {
    ($what:literal, $most:expr, { $($let:tt)* }, ($argument:pat_param in $ty:ty) $body:block, $make:expr) => {
        drive::coroutines(concat!($what, ", movable"), $most, || {
            $($let)*
            #[coroutine] move |$argument: $ty| $body
        }, $make);
        drive::coroutines(concat!($what, ", static"), $most, || {
            $($let)*
            #[coroutine] static move |$argument: $ty| $body
        }, $make);
    };
}

fn argument(i: usize) -> Loud {
    loud(&format!("argument {i}"))
}

fn arguments_that_are_dropped() {
    both!("kept", 6, { let (a, b) = (loud("a"), loud("b")); }, (first in Loud) {
        println!("    {}", first.name());
        let second = yield a.name().len();
        drop(a);
        let third = yield second.name().len();
        drop(first);
        let both = (second, third);
        yield both.0.name().len() + both.1.name().len();
        b.name().to_owned()
    }, argument);
    both!("dropped at once", 5, { let a = loud("a"); }, (_ in Loud) {
        yield 1;
        let _ = yield 2;
        println!("    {}", (yield 3).name());
        a.name().to_owned()
    }, argument);
    both!("replaced", 5, { let mut last = loud("last"); }, (mut argument in Loud) {
        for i in 0..3 {
            let next = yield i;
            last = std::mem::replace(&mut argument, next);
            argument = yield last.name().len();
        }
        last.name().to_owned()
    }, argument);
    both!("in a loop", 7, { let stop = Box::new(4usize); }, (mut argument in Loud) {
        let mut all = vec![];
        loop {
            if all.len() == *stop {
                break all.len();
            }
            all.push(argument);
            argument = yield all.last().unwrap().name().len();
        }
    }, argument);
    both!("taken apart", 4, { let kept = (loud("kept.0"), loud("kept.1")); }, ((mut a, b) in (Loud, Option<Loud>)) {
        let name = kept.0;
        if let Some(b) = b {
            (a, _) = yield b.name().len();
        }
        yield a.name().len() + name.name().len();
        kept.1.name().len()
    }, |i| (argument(i), (i % 2 == 0).then(|| loud("optional"))));
}

fn arguments_that_are_copied() {
    both!("large", 4, { let (a, b) = (Filled::<33>::new(1), Filled::<50>::new(2)); }, (first in Filled<20>) {
        let x = a.sum() ^ first.sum();
        let second = yield x;
        let y = yield x ^ second.sum();
        b.sum() ^ y.sum() ^ x
    }, |i| Filled::<20>::new(i as u64));
    both!("scalars", 5, { let (p, q) = (3u64, 5u64); }, (x in u64) {
        let t = p ^ q;
        let z = yield t;
        let w = yield x + z;
        x + z + w
    }, |i| i as u64 * 1000);
    both!("references", 4, { let a = loud("a"); }, (x in &'static str) {
        let y = yield x.len();
        let z = yield a.name().len() + y.len();
        [x, y, z].concat()
    }, |i| ["", "one", "two", "three"][i]);
    both!("nothing", 3, { let (a, b) = (loud("a"), owned("b")); }, (_ in ()) {
        b.look();
        yield a.name().len();
        drop(b);
        yield 0;
    }, |_| ());
}

/// What is yielded is moved out, and dropped by whoever gets it.
fn yielded_values() {
    both!("yielded", 5, { let (a, b) = (loud("a"), vec![loud("b.0"), loud("b.1")]); }, (_ in ()) {
        yield Some(a);
        for value in b {
            yield Some(value);
        }
        yield None;
    }, |_| ());
}

impl std::fmt::Debug for Loud {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{}>", self.name())
    }
}

fn panicking() {
    for at in 0..4usize {
        both!("panicking", 6, { let (a, b) = (loud("a"), loud("b")); }, (mut argument in Loud) {
            let local = loud("local");
            for i in 0..3 {
                if i == at {
                    panic!("{i} {}", argument.name());
                }
                argument = yield i;
            }
            drop(a);
            let _bomb = Bomb("last");
            yield local.name().len() + b.name().len();
        }, argument);
    }
}

/// Passes on everything between its caller and another coroutine.
fn delegate<R, C: Coroutine<R> + Unpin>(
    mut inner: C,
    guard: Loud,
) -> impl Coroutine<R, Yield = C::Yield, Return = (C::Return, usize)> {
    #[coroutine]
    static move |mut argument: R| {
        loop {
            match Pin::new(&mut inner).resume(argument) {
                CoroutineState::Yielded(value) => argument = yield value,
                CoroutineState::Complete(value) => return (value, guard.name().len()),
            }
        }
    }
}

fn in_each_other() {
    drive::coroutines("delegated", 5, || {
        let (a, b) = (loud("a"), Box::new(loud("b")));
        let inner = #[coroutine] move |first: Loud| {
            let second = yield (a, 1);
            let third = yield (first, second.name().len());
            println!("    {} {}", second.name(), third.name());
            *b
        };
        delegate(Box::pin(delegate(inner, loud("guard"))), loud("outer guard"))
    }, argument);
    // Coroutines that make coroutines.
    drive::coroutines("made inside", 8, || {
        let shared = loud("shared");
        #[coroutine] static move |_: ()| {
            for i in 0..2usize {
                let mut inner = std::pin::pin!(#[coroutine] static |(): ()| {
                    let local = [i; 10];
                    yield local[3] + shared.name().len();
                    yield local[9];
                });
                while let CoroutineState::Yielded(value) = inner.as_mut().resume(()) {
                    yield value;
                }
            }
            drop(shared);
        }
    }, |_| ());
}

fn main() {
    quiet();
    arguments_that_are_dropped();
    arguments_that_are_copied();
    yielded_values();
    panicking();
    in_each_other();
}
