//! What breaks if a function keeps a pointer to a value and reads its place after the value has been moved out.
//!
//! `keep` gets a reference, and the pass does not see what it does with it. When `value` has moved to the heap, its
//! bytes are free (`SNUG_LIVENESS=moves`), and `next` gets them. In stock they stay what they were until the scope
//! of `value` ends. docs/assumptions.md is about this.

use std::cell::Cell;
use std::future::Future;
use std::pin::{Pin, pin};
use std::ptr;
use std::task::{Context, Poll, Waker};

struct Value([u64; 8]);

thread_local! {
    static KEPT: Cell<*const Value> = const { Cell::new(ptr::null()) };
}

#[inline(never)]
fn keep(value: &Value) {
    KEPT.set(value);
}

#[inline(never)]
fn look(value: &Value) -> u64 {
    value.0[7]
}

/// Reads the place of the value that was kept, wherever the value is now.
fn kept() -> u64 {
    // SAFETY: the storage of the variable that `keep` got is still live, and was written. That it holds a value is
    // not sure.
    unsafe { (*KEPT.get()).0[0] }
}

async fn breaks() -> u64 {
    let value = Value([1; 8]);
    keep(&value);
    wait().await;
    let boxed = Box::new(Some(value));
    let next = Value([2; 8]);
    let sum = look(&next) + boxed.iter().map(look).sum::<u64>();
    wait().await;
    let kept = kept();
    assert_eq!(look(&next) + boxed.iter().map(look).sum::<u64>(), sum);
    kept
}

/// Pending once.
struct Wait(bool);

fn wait() -> Wait {
    Wait(false)
}

impl Future for Wait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}

fn main() {
    let mut future = pin!(breaks());
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(number) = future.as_mut().poll(&mut context) {
            println!("kept: {number}");
            return;
        }
    }
}
