//! What breaks if a function keeps a pointer to a value and uses its place after the value has been moved out.
//!
//! The pass sees raw pointers that a body makes or gets. It does not see what `keep` does with a reference. So it makes one
//! local of `value` and `moved`, and what is written to the old place of the value is seen in its new one.
//! docs/assumptions.md is about this.

use std::cell::Cell;
use std::future::Future;
use std::pin::{Pin, pin};
use std::ptr;
use std::task::{Context, Poll, Waker};

struct Value([u64; 8]);

thread_local! {
    static KEPT: Cell<*mut Value> = const { Cell::new(ptr::null_mut()) };
}

fn keep(value: &mut Value) {
    KEPT.set(value);
}

/// Writes to the place of the value that was kept, wherever the value is now.
fn write_to_kept(number: u64) {
    // SAFETY: the storage of the variable that `keep` got is still live. That it holds a value is not sure.
    unsafe { KEPT.get().write(Value([number; 8])) };
}

async fn breaks(mut value: Value) -> u64 {
    keep(&mut value);
    wait().await;
    let moved = value;
    write_to_kept(2);
    wait().await;
    moved.0[0]
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
    let mut future = pin!(breaks(Value([1; 8])));
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(number) = future.as_mut().poll(&mut context) {
            println!("moved: {number}");
            return;
        }
    }
}
