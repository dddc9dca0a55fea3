//! How long a value that has moved away keeps its bytes.

use crate::Choice;

pub(super) const CHOICE: Choice = Choice {
    name: "liveness",
    variable: "SNUG_LIVENESS",
    smaller: "moves",
    bigger: "stock",
    default: "moves",
    store: STORE,
    app: APP,
    breaks: ("assumptions/read-after-move.rs", "kept: 1\n", "kept: 2\n"),
    programs: &NEEDS,
    reported: |coroutine| coroutine.liveness.as_deref(),
};

/// What needs change.
const NEEDS: [&str; 5] = ["consumed-", "gens-", "moves", "needs-", "ways-out"];

const STORE: &str = "
pub struct Big(pub [u8; 500]);

impl Drop for Big {
    fn drop(&mut self) {}
}

pub async fn wait() {}

pub fn look(big: &Big) -> u8 {
    big.0[0]
}

pub async fn own(big: Big) -> u8 {
    wait().await;
    big.0[0]
}

pub fn make(number: u8) -> Result<Big, u8> {
    Ok(Big([number; 500]))
}

pub async fn in_turn() -> Result<u8, u8> {
    let one = make(1)?;
    let seen = look(&one);
    let first = own(one).await;
    let two = make(2)?;
    let seen = seen + look(&two);
    Ok(seen + first + own(two).await)
}

pub fn all() -> impl Future<Output = Result<u8, u8>> {
    in_turn()
}
";

const APP: &str = "
use std::pin::pin;
use std::task::{Context, Poll, Waker};
extern crate store;
use store::{all, look, make, own, wait};

async fn here(number: u8) -> Result<u8, u8> {
    let big = make(number)?;
    wait().await;
    let seen = look(&big);
    let boxed = Box::new(big);
    wait().await;
    let other = make(number)?;
    wait().await;
    Ok(seen + boxed.0[1] + look(&other) + own(other).await)
}

fn run<F: Future<Output = Result<u8, u8>>>(future: F) {
    let size = size_of::<F>();
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(result) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            println!(\"{} {size}\", result.unwrap());
            return;
        }
    }
}

fn main() {
    run(all());
    run(here(6));
}
";
