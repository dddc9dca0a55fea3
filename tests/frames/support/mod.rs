//! What the programs of the `frames` suite share: large values, and a `main` that polls a future on
//! a small stack.
//!
//! `program CASE roomy|small finished|cancelled`: makes the case's future on a large stack and on the
//! heap, then polls it on a thread of its own until it is ready, or drops it there after one poll. A
//! future that is ready is dropped where there is room again.

#![allow(dead_code)]

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::thread;

/// Every large value has this size.
pub const MIB: usize = 1 << 20;

/// The stack on which futures are polled: it has no room for a large value.
const SMALL: usize = 384 << 10;

/// Enough for every case, whoever compiles it.
const ROOMY: usize = 256 << 20;

/// A large value without a destructor.
pub type Big = [u8; MIB];

/// A large value whose contents depend on where in it they are.
pub fn big(seed: u8) -> Big {
    let mut bytes = [seed; MIB];
    for (i, block) in bytes.chunks_mut(256).enumerate() {
        block[0] = i as u8;
        block[17] = (i >> 8) as u8;
    }
    bytes
}

/// Depends on every byte. Its stack frame is small.
#[inline(never)]
pub fn sum(bytes: &[u8]) -> u64 {
    let words = bytes.chunks_exact(8);
    words.fold(7, |sum: u64, word| {
        let word = u64::from_le_bytes(word.try_into().expect("a chunk is a word"));
        (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
    })
}

/// Takes a large value; where it comes from is no matter of this function's frame.
#[inline(never)]
pub fn eat<T: AsRef<[u8]>>(value: T) -> u64 {
    sum(value.as_ref())
}

/// Makes a large value of another.
#[inline(never)]
pub fn turned(mut bytes: Big) -> Big {
    bytes.reverse();
    bytes
}

/// Makes a large value of a borrowed one.
#[inline(never)]
pub fn derived(bytes: &Big) -> Big {
    *bytes
}

/// A large value with a destructor that looks at it.
pub struct Guarded {
    pub bytes: Big,
}

impl Drop for Guarded {
    fn drop(&mut self) {
        println!("drop {:x}", sum(&self.bytes));
    }
}

impl AsRef<[u8]> for Guarded {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

pub fn guarded(seed: u8) -> Guarded {
    Guarded { bytes: big(seed) }
}

/// Suspends once.
pub struct Wait(bool);

pub fn wait() -> Wait {
    Wait(false)
}

impl Future for Wait {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}

/// A future of some size whose output tells what it has seen.
pub type Case = Pin<Box<dyn Future<Output = u64>>>;

/// Puts a case's future on the heap.
pub fn case(future: impl Future<Output = u64> + 'static) -> Case {
    Box::pin(future)
}

/// A case on its way to another thread.
struct Sent(Case);

// SAFETY: no case holds anything that is bound to a thread; only one thread at a time has it.
unsafe impl Send for Sent {}

/// The `main` of a program.
pub fn run(make: fn(&str) -> Case) {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, stack, end] = &arguments[..] else { panic!("not `CASE STACK END`") };
    let name = name.clone();
    let sent = on_a_thread(ROOMY, move || Sent(make(&name)));
    let stack = match &**stack {
        "roomy" => ROOMY,
        "small" => SMALL,
        _ => panic!("no such stack"),
    };
    let cancelled = match &**end {
        "finished" => false,
        "cancelled" => true,
        _ => panic!("no such end"),
    };
    let left = on_a_thread(stack, move || drive(sent, cancelled));
    on_a_thread(ROOMY, move || drop(left));
}

/// Gives back a future that is ready.
fn drive(Sent(mut future): Sent, cancelled: bool) -> Option<Sent> {
    loop {
        match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending if cancelled => return None,
            Poll::Pending => println!("pending"),
            Poll::Ready(value) => {
                println!("{value:x}");
                return Some(Sent(future));
            }
        }
    }
}

fn on_a_thread<T: Send + 'static>(stack: usize, run: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = thread::Builder::new().stack_size(stack).spawn(run).expect("a thread can start");
    thread.join().expect("the thread does not panic")
}
