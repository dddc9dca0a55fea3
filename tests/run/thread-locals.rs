//! Thread locals beside captures: read and written across awaits, holding futures that are polled, replaced or
//! dropped from inside each other, and futures that are dropped by the end of their thread.
//@ edition: 2024
//@ run-pass
#![feature(thread_local)]

#[macro_use]
mod support;
use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::task::Poll;
use std::thread;
use support::trace::*;

type Task = Pin<Box<dyn Future<Output = u32>>>;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    static NAMES: RefCell<Vec<Traced>> = const { RefCell::new(Vec::new()) };
    static TASKS: RefCell<Vec<Option<Task>>> = const { RefCell::new(Vec::new()) };
}

#[thread_local]
static mut NUMBER: u64 = 3;

/// Counts how deep it is, whatever happens.
struct Deeper(#[expect(dead_code)] Traced);

fn deeper(name: &'static str) -> Deeper {
    DEPTH.set(DEPTH.get() + 1);
    Deeper(traced(name))
}

impl Drop for Deeper {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
        say!("depth {}", DEPTH.get());
    }
}

async fn counts(value: Traced, other: Traced) -> u32 {
    DEPTH.set(0);
    let guard = deeper("guard");
    pause().await;
    let inner = async move {
        let _inner = deeper("inner");
        value.look();
        pause().await;
        DEPTH.get()
    };
    let depth = inner.await;
    drop(guard);
    pause().await;
    other.look() + depth + DEPTH.get()
}

/// The values are in the thread local while the future waits.
async fn parked(value: Traced, mut kept: Vec<Traced>) -> u32 {
    // What an earlier run has leaked is none of this one's.
    std::mem::forget(NAMES.take());
    NAMES.with_borrow_mut(|names| names.push(value));
    pause().await;
    NAMES.with_borrow_mut(|names| std::mem::swap(names, &mut kept));
    pause().await;
    let back = NAMES.take();
    pause().await;
    back.len() as u32 + kept.iter().map(Traced::look).sum::<u32>()
}

#[expect(static_mut_refs)]
async fn by_address(value: Traced) -> u64 {
    unsafe { NUMBER = 3 };
    let number = &raw mut NUMBER;
    pause().await;
    unsafe { *number += value.look() as u64 };
    let reference = unsafe { &NUMBER };
    pause().await;
    *reference + unsafe { NUMBER }
}

/// Takes the first task out, polls it, and puts it back or drops it.
fn turn() -> bool {
    let Some(Some(mut task)) = TASKS.with_borrow_mut(Vec::pop) else { return false };
    match support::poll(task.as_mut()) {
        Poll::Ready(number) => say!("done {number}"),
        Poll::Pending => TASKS.with_borrow_mut(|tasks| tasks.insert(0, Some(task))),
    }
    true
}

fn spawn(name: &'static str, rest: u32) {
    let value = traced(name);
    TASKS.with_borrow_mut(|tasks| {
        tasks.push(Some(Box::pin(async move {
            pause().await;
            if rest > 0 {
                spawn("child", rest - 1);
            }
            pause().await;
            value.look() + rest
        })));
    });
}

async fn executor(value: Traced) -> u32 {
    std::mem::forget(TASKS.take());
    spawn("task", 2);
    let mut turns = 0;
    while turn() {
        turns += 1;
        pause().await;
    }
    turns + value.look()
}

fn main() {
    support::quiet();
    everywhere! {
        counts(traced("value"), traced("other")),
        parked(traced("value"), vec![traced("x"), traced("y")]),
        by_address(traced("value")),
        executor(traced("value")),
    }
    // A thread's end drops what is still waiting in it. Its own trace tells.
    let thread = thread::spawn(|| {
        thread_local! {
            static LAST: RefCell<Option<Task>> = const { RefCell::new(None) };
        }
        let (a, b) = (support::loud("a"), support::loud("b"));
        let mut task: Task = Box::pin(async move {
            let b = b;
            support::wait().await;
            println!("    {}", a.name());
            support::wait().await;
            b.name().len() as u32
        });
        println!("{:?}", support::poll(task.as_mut()));
        println!("{:?}", support::poll(task.as_mut()));
        LAST.set(Some(task));
    });
    thread.join().unwrap();
}
