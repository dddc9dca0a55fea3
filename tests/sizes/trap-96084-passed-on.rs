//! rust-lang/rust #96084, as RTIC cites it (its text is not at hand): a future that is passed to an
//! async fn, wrapped there and awaited, is stored once per hand that it goes through;
//! `timeout_after(future)` of RTIC had 4 times the future's bytes. Stock 1.95 has still. Under Snug
//! each hand adds its own state, and no copy.
//@ edition: 2024
//@ compile-flags: --crate-type=lib
//@ size: `{async fn body of in_variables<Dummy<1024>>()}` stock=2052 classic=2052 captures-only=1028 packed=1027
//@ size: `{async fn body of select<Dummy<1024>, {async fn body of delay()}>()}` stock=2120 classic=2120 captures-only=1080 packed=1080
//@ size: `{async fn body of timeout_after<Dummy<1024>>()}` stock=4200 classic=4200 captures-only=1096 packed=1096
//@ size: `{async fn body of timeout_after<Dummy<8>>()}` stock=136 classic=136 captures-only=80 packed=80
//@ size: `{async fn body of timeout_at<Dummy<1024>>()}` stock=3160 classic=3160 captures-only=1088 packed=1088

use std::future::{Future, pending, poll_fn};
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

pub struct Dummy<const N: usize>([u8; N]);

impl<const N: usize> Future for Dummy<N> {
    type Output = usize;
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<usize> {
        Poll::Ready(black_box(self.0[0]) as usize)
    }
}

async fn delay(_millis: u64) {
    pending::<()>().await;
}

/// Polls two futures where they are pinned.
async fn select<A: Future, B: Future>(a: A, b: B) -> Option<A::Output> {
    let mut a = pin!(a);
    let mut b = pin!(b);
    poll_fn(|context| match a.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => b.as_mut().poll(context).map(|_| None),
    })
    .await
}

async fn timeout_at<F: Future>(millis: u64, future: F) -> Option<F::Output> {
    select(future, delay(millis)).await
}

async fn timeout_after<F: Future>(millis: u64, future: F) -> Option<F::Output> {
    let at = millis + 1;
    timeout_at(at, future).await
}

/// Moved from variable to variable, and into a branch.
async fn in_variables<F: Future>(future: F, first: bool) -> Option<F::Output> {
    let moved = future;
    if first {
        pending::<()>().await;
    }
    let again = moved;
    match again.await {
        value if first => Some(value),
        _ => None,
    }
}

pub fn sizes() -> usize {
    size_of_val(&timeout_after(1, Dummy::<8>([0; 8])))
        + size_of_val(&timeout_after(1, Dummy::<1024>([0; 1024])))
        + size_of_val(&in_variables(Dummy::<1024>([0; 1024]), true))
}
