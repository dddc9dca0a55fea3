//! Whether values that only move from one local to the next have one place.

use crate::Choice;

pub(super) const CHOICE: Choice = Choice {
    name: "coalescing",
    variable: "SNUG_COALESCE",
    smaller: "on",
    bigger: "off",
    default: "on",
    store: STORE,
    app: APP,
    breaks: ("assumptions/kept-by-a-callee.rs", "moved: 1\n", "moved: 2\n"),
    programs: &COALESCED,
    reported: |coroutine| coroutine.coalescing.as_deref(),
};

/// What coalescing changes.
const COALESCED: [&str; 8] = [
    "arrays-taken-apart",
    "awaitees-",
    "consumed-",
    "merged-copies-in-loops",
    "patterns-",
    "pointers-after-moves",
    "trap-1",
    "ways-out",
];

const STORE: &str = "
pub struct Big(pub [u8; 500]);

pub async fn wait() {}

pub async fn own(big: Big) -> u8 {
    wait().await;
    big.0[0]
}

pub async fn passes<F: Future<Output = u8>>(future: F, (one, two): (Big, Big)) -> u8 {
    let first = future.await;
    wait().await;
    first + one.0[1] + own(two).await
}

pub fn all() -> impl Future<Output = u8> {
    passes(own(Big([1; 500])), (Big([2; 500]), Big([3; 500])))
}
";

const APP: &str = "
use std::pin::pin;
use std::task::{Context, Poll, Waker};
extern crate store;
use store::{Big, all, wait};

async fn here(big: Big) -> u8 {
    wait().await;
    let moved = big;
    wait().await;
    moved.0[0]
}

fn run<F: Future<Output = u8>>(future: F) {
    let size = size_of::<F>();
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(number) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            println!(\"{number} {size}\");
            return;
        }
    }
}

fn main() {
    run(all());
    run(here(Big([6; 500])));
}
";
