//! Captures consumed before the first suspension in every other kind of coroutine, with resume
//! arguments that are saved, and in coroutines that are moved or cloned between suspensions.
//@ edition: 2024
//@ run-pass
#![feature(gen_blocks, async_iterator, coroutines, coroutine_trait, coroutine_clone)]
#![feature(stmt_expr_attributes)]

mod support;
use std::async_iter::AsyncIterator;
use std::ops::{Coroutine, CoroutineState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Waker};
use support::tasks::*;
use support::*;

#[inline(never)]
fn reversed<const N: usize>(value: [u64; N]) -> [u64; N] {
    std::array::from_fn(|i| value[N - 1 - i] ^ 5)
}

fn numbers<const N: usize>(seed: u64) -> [u64; N] {
    std::array::from_fn(|i| seed.wrapping_mul(0x9e37_79b9).wrapping_add(i as u64))
}

fn sum(numbers: &[u64]) -> u64 {
    numbers.iter().fold(1, |sum, number| sum.rotate_left(5).wrapping_add(*number))
}

fn resume_all<R, C: Coroutine<R, Yield = u64>>(
    what: &str,
    times: usize,
    coroutine: C,
    argument: impl Fn(usize) -> R,
) where
    C::Return: std::fmt::Debug,
{
    println!("{what}, {times} resumes:");
    let mut coroutine = pin!(coroutine);
    for i in 0..times {
        let resumed = catch_unwind(AssertUnwindSafe(|| coroutine.as_mut().resume(argument(i))));
        match resumed {
            Ok(CoroutineState::Yielded(value)) => println!("  {value:x}"),
            Ok(CoroutineState::Complete(value)) => {
                println!("  end {value:x?}");
                break;
            }
            Err(payload) => println!("  panicked: {}", message(&*payload)),
        }
    }
    println!("  dropping");
}

fn with_arguments() {
    for times in 0..4 {
        let (a, b, name) = (numbers::<50>(1), numbers::<70>(2), loud("name"));
        let coroutine = #[coroutine]
        static move |first: [u64; 60]| {
            let x = reversed(b);
            let y = sum(&reversed(a));
            let second = yield sum(&x);
            drop(name);
            let third = yield sum(&first) ^ y;
            sum(&second) ^ sum(&third) ^ sum(&x)
        };
        resume_all("large arguments", times, coroutine, |i| numbers(i as u64));
        let (a, b, name) = (loud("a"), 7u64, loud("name"));
        let coroutine = #[coroutine]
        move |first: Loud| {
            let joined = loud(&format!("{} {} {b}", a.name(), first.name()));
            drop(a);
            let second = yield b + 1;
            println!("    {} {} {}", joined.name(), first.name(), second.name());
            drop(first);
            let _third = yield b + 2;
            name
        };
        resume_all("dropped arguments", times, map_end(coroutine), |i| loud(&format!("argument {i}")));
    }
}

/// Makes an end of a coroutine printable.
fn map_end<R, C: Coroutine<R, Yield = u64, Return = Loud> + Unpin>(
    mut coroutine: C,
) -> impl Coroutine<R, Yield = u64, Return = String> {
    #[coroutine]
    static move |mut argument: R| {
        loop {
            match Pin::new(&mut coroutine).resume(argument) {
                CoroutineState::Yielded(value) => argument = yield value,
                CoroutineState::Complete(value) => return value.name().to_owned(),
            }
        }
    }
}

fn moved_between() {
    let (a, b, c) = (numbers::<40>(3), numbers::<40>(4), loud("c"));
    let mut coroutine = #[coroutine]
    move || {
        let y = reversed(a);
        yield sum(&y);
        let z = reversed(b);
        yield sum(&z) ^ sum(&y);
        println!("    {}", c.name());
        sum(&y)
    };
    for _ in 0..3 {
        let mut elsewhere = Box::new(coroutine);
        println!("{:x?}", Pin::new(&mut *elsewhere).resume(()));
        coroutine = *elsewhere;
    }
}

/// Has a destructor, but owns nothing: stock clones what was moved out as well, and leaks the clone.
#[derive(Clone, Debug)]
struct Plain([u64; 3]);

impl Drop for Plain {
    fn drop(&mut self) {
        println!("    drop {:?}", self.0);
    }
}

fn cloned_between() {
    let (a, b) = (Plain([1, 2, 3]), numbers::<30>(5));
    let mut coroutine = #[coroutine]
    move || {
        let total = sum(&a.0) ^ sum(&reversed(b));
        let moved = a;
        yield total;
        let more = reversed(b);
        yield sum(&more);
        moved
    };
    for _ in 0..3 {
        let mut copy = coroutine.clone();
        println!("{:x?}", Pin::new(&mut copy).resume(()));
        println!("{:x?}", Pin::new(&mut coroutine).resume(()));
    }
}

fn gens() {
    for times in 0..4 {
        println!("gen, {times} items:");
        let (a, b) = (Owned { filled: Filled::<300>::new(1), name: loud("a") }, numbers::<200>(6));
        let mut iterator = gen move {
            a.look();
            let name = loud(a.name.name());
            drop(a);
            let y = reversed(b);
            yield sum(&y);
            drop(name);
            yield sum(&reversed(y));
        };
        for _ in 0..times {
            println!("  {:x?}", iterator.next());
        }
        drop(iterator);
    }
    for polls in 0..6 {
        println!("async gen, {polls} polls:");
        let (a, b, future) = (loud("a"), numbers::<200>(7), task("future", 1));
        let mut iterator = Box::pin(async gen move {
            let y = reversed(b);
            let name = a.name().len() as u64;
            drop(a);
            yield sum(&y) ^ name;
            let result = future.await;
            yield sum(&y) ^ result.name().len() as u64;
        });
        for _ in 0..polls {
            let polled = iterator.as_mut().poll_next(&mut Context::from_waker(Waker::noop()));
            println!("  {polled:x?}");
        }
    }
}

async fn call_once(closure: impl AsyncFnOnce([u64; 90]) -> u64) -> u64 {
    closure(numbers(8)).await
}

async fn call_twice(closure: impl AsyncFn([u64; 90]) -> u64) -> u64 {
    closure(numbers(8)).await ^ closure(numbers(9)).await
}

fn closures() {
    for times in 0..3 {
        let (a, b, name) = (numbers::<80>(1), numbers::<100>(2), loud("name"));
        let consuming = async move |argument: [u64; 90]| {
            let text = format!("{}!", name.name());
            drop(name);
            let y = reversed(b);
            let z = reversed(argument);
            wait().await;
            println!("    {text}");
            sum(&reversed(a)) ^ sum(&y) ^ sum(&z)
        };
        poll_and_drop("AsyncFnOnce", times, call_once(consuming));
        let name = loud("name");
        let closure = async move |argument: [u64; 90]| {
            let y = reversed(argument);
            let z = reversed(b);
            wait().await;
            println!("    {} {:x}", name.name(), sum(&a));
            sum(&y) ^ sum(&z)
        };
        poll_and_drop("AsyncFn", times, call_twice(&closure));
        println!("{:x}", block_on(call_twice(&closure)));
        println!("{:x}", block_on(call_once(closure)));
    }
}

fn main() {
    quiet();
    with_arguments();
    moved_between();
    cloned_between();
    gens();
    closures();
}
