//! gen blocks and functions, async gen, and coroutines, static and movable.
//@ edition: 2024
//@ run-pass
#![feature(gen_blocks, async_iterator, coroutines, coroutine_trait, stmt_expr_attributes)]
#![feature(iter_macro, yield_expr)]

mod support;
use std::async_iter::AsyncIterator;
use std::ops::{Coroutine, CoroutineState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use support::*;

gen fn counted(value: Loud, times: usize) -> String {
    for i in 0..times {
        yield format!("{}{i}", value.name());
    }
    let local = loud("late local");
    yield local.name().to_owned();
}

fn block(first: Loud, second: Loud) -> impl Iterator<Item = usize> {
    gen move {
        yield first.name().len();
        drop(first);
        yield second.name().len();
    }
}

async gen fn slowly(value: Loud, times: usize) -> String {
    for i in 0..times {
        wait().await;
        yield format!("{}{i}", value.name());
    }
}

fn take<T: std::fmt::Debug>(what: &str, iterator: impl Iterator<Item = T>, times: usize) {
    println!("{what}, {times} items:");
    let mut iterator = iterator;
    for _ in 0..times {
        println!("  {:?}", iterator.next());
    }
    println!("  dropping");
}

fn take_slowly<T: std::fmt::Debug>(iterator: impl AsyncIterator<Item = T>, polls: usize) {
    println!("async gen, {polls} polls:");
    let mut iterator = Box::pin(iterator);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..polls {
        match iterator.as_mut().poll_next(&mut context) {
            Poll::Pending => println!("  pending"),
            Poll::Ready(item) => println!("  {item:?}"),
        }
    }
    println!("  dropping");
}

fn resume_all<C: Coroutine<Loud, Yield = u32>>(what: &str, times: usize, coroutine: C)
where
    C::Return: std::fmt::Debug,
{
    println!("{what}, {times} resumes:");
    let mut coroutine = pin!(coroutine);
    for i in 0..times {
        let argument = loud(&format!("argument {i}"));
        let resumed = catch_unwind(AssertUnwindSafe(|| coroutine.as_mut().resume(argument)));
        match resumed {
            Ok(CoroutineState::Yielded(value)) => println!("  {value}"),
            Ok(CoroutineState::Complete(value)) => println!("  end {value:?}"),
            Err(payload) => println!("  panicked: {}", message(&*payload)),
        }
    }
    println!("  dropping");
}

fn coroutines() {
    for times in 0..6 {
        let (a, b) = (loud("a"), loud("b"));
        resume_all("movable", times, #[coroutine] move |first: Loud| {
            let second = yield first.name().len() as u32;
            drop(a);
            drop(first);
            let third = yield second.name().len() as u32;
            println!("    {} {}", third.name(), b.name());
            "done"
        });
        let (a, b) = (loud("a"), loud("b"));
        resume_all("static", times, #[coroutine] static move |first: Loud| {
            let reference = &a;
            let kept = yield first.name().len() as u32;
            println!("    {}", reference.name());
            drop(a);
            let _ = yield kept.name().len() as u32;
            drop(b);
            yield 3;
        });
    }
    let captured = loud("captured");
    let mut moved_around = #[coroutine] move |_: ()| {
        let local = [7u64; 9];
        yield local[3];
        yield captured.name().len() as u64;
    };
    println!("{:?}", Pin::new(&mut moved_around).resume(()));
    let mut elsewhere = Box::new(moved_around);
    println!("{:?}", Pin::new(&mut *elsewhere).resume(()));
    println!("{:?}", Pin::new(&mut *elsewhere).resume(()));
}

fn main() {
    quiet();
    for times in 0..5 {
        take("gen fn", counted(loud("value"), 2), times);
        take("gen block", block(loud("first"), loud("second")), times);
    }
    for polls in 0..7 {
        take_slowly(slowly(loud("value"), 2), polls);
    }
    coroutines();
}
