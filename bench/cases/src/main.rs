//! `cases NAME`: a report of a user, as a program. It prints the bytes of its future, the bytes of stack that it needs, and
//! what it computes, which must not depend on the compiler.

mod azure;
mod datafusion;
mod embassy;
mod pants;
mod tokio_main;

use std::env;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Runs a future to its end on a stack that is looked at.
fn measured(name: &str, make: impl FnOnce() -> u64 + Send + 'static, bytes: usize) {
    let (sum, stack) = common::on_painted_stack(64, make);
    println!("bytes {bytes}");
    common::stack(stack);
    common::result(name, sum);
}

/// Runs a future as `#[tokio::main(flavor = "current_thread")]` does.
fn block_on<F: Future<Output = u64>>(future: F) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    runtime.expect("a runtime can be made").block_on(future)
}

/// Waits once: it is pending when it is polled first.
#[derive(Debug, Default)]
struct Once {
    polled: bool,
}

impl Future for Once {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.polled {
            return Poll::Ready(());
        }
        self.polled = true;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

fn main() {
    let name = env::args().nth(1).expect("usage: cases NAME");
    match &*name {
        "azure" => azure::run(&name),
        "tokio" => tokio_main::run(&name),
        "datafusion" => datafusion::run(&name),
        "pants" => pants::run(&name),
        "embassy" => embassy::run(&name),
        _ => panic!("{name} is no case: azure, tokio, datafusion, pants, embassy"),
    }
}
