//! rust-lang/rust #153688: `pin!` in a movable coroutine pins nothing: the coroutine moves, and
//! what is pinned in it with it. Open; stock 1.95 accepts it. Such a value has no name and nothing
//! but a pointer leads to it; it must keep its place in the coroutine, and its bytes, for as long
//! as in stock, also where it was captured and only pinned.
//@ edition: 2024
//@ run-pass
#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]

mod support;
use std::cell::Cell;
use std::ops::{Coroutine, CoroutineState};
use std::pin::{Pin, pin};
use std::task::Poll;
use support::tasks::*;
use support::*;

/// A future that does not mind being moved, and knows all of its bytes.
struct Steps {
    left: u32,
    filled: Filled<40>,
    name: Loud,
}

fn steps(name: &str, left: u32) -> Steps {
    Steps { left, filled: Filled::new(left as u64), name: loud(name) }
}

impl Future for Steps {
    type Output = u32;
    fn poll(mut self: Pin<&mut Self>, _: &mut std::task::Context<'_>) -> Poll<u32> {
        self.filled.check(self.name.name());
        println!("    poll {} ({} left)", self.name.name(), self.left);
        if self.left == 0 {
            return Poll::Ready(7);
        }
        self.left -= 1;
        Poll::Pending
    }
}

fn moved<C: Coroutine<(), Yield = u32> + Unpin>(what: &str, resumes: u32, coroutine: C) {
    println!("{what}, {resumes} resumes");
    let mut coroutine = Box::new(coroutine);
    for _ in 0..resumes {
        match Pin::new(&mut *coroutine).resume(()) {
            CoroutineState::Yielded(value) => println!("  {value}"),
            CoroutineState::Complete(_) => println!("  end"),
        }
        // The old place is freed, and written over.
        let taken = *coroutine;
        coroutine = Box::new(std::hint::black_box(taken));
    }
    println!("  dropping");
}

/// The value is polled again by a pointer made anew: as far as Rust knows, it is not borrowed.
fn captured(resumes: u32) {
    let (value, other) = (steps("value", 2), loud("other"));
    moved(
        "captured",
        resumes,
        #[coroutine]
        move || {
            let value = value;
            let mut pinned = pin!(value);
            let ready = poll(pinned.as_mut()).is_ready();
            println!("    {ready} {}", other.name());
            yield 1;
            let zeros = [0u8; 500];
            yield zeros[3] as u32;
            drop(other);
            let ones = [1u8; 500];
            yield ones[3] as u32;
        },
    );
}

/// Pinned in one step, in an argument and in a block.
fn in_places(resumes: u32) {
    let (first, second) = (steps("first", 1), steps("second", 1));
    moved(
        "in places",
        resumes,
        #[coroutine]
        move || {
            println!("    {}", poll(pin!(first)).is_ready());
            yield 1;
            {
                let pinned = pin!(second);
                println!("    {}", poll(pinned).is_ready());
                yield 2;
            }
            yield 3;
        },
    );
}

thread_local! {
    static SEEN: Cell<usize> = const { Cell::new(0) };
}

/// Not moved: a pointer that has left the coroutine stays good.
fn kept_place() {
    let (mut value, filled) = (steps("kept", 3), Filled::<60>::new(9));
    let mut coroutine = #[coroutine]
    move || {
        value.left += 1;
        let pinned = pin!(value);
        SEEN.set(&raw const *pinned as usize);
        println!("    {}", filled.sum());
        yield 1;
        let zeros = [0u8; 1000];
        yield zeros[2] as u32;
        yield 3;
    };
    for _ in 0..3 {
        let state = Pin::new(&mut coroutine).resume(());
        let value = unsafe { &mut *(SEEN.get() as *mut Steps) };
        value.filled.check("from outside");
        value.left += 1;
        let CoroutineState::Yielded(number) = state else { panic!("it yields three times") };
        println!("  {number}, {} left", value.left);
    }
}

fn main() {
    for resumes in 0..5 {
        captured(resumes);
        in_places(resumes);
    }
    kept_place();
}
