//! embassy #4123: a timeout that is an async fn keeps the future that it is given twice, and timeouts are nested.

use std::pin::pin;
use std::task::Poll;

use crate::{Once, block_on, measured};

/// What a driver reads into.
async fn transfer(mut frame: [u8; 256], attempts: u8) -> u64 {
    for attempt in 0..attempts {
        Once::default().await;
        frame[usize::from(attempt)] = attempt + 1;
    }
    frame.iter().map(|&byte| u64::from(byte)).sum()
}

/// The first of two, as `select` of embassy-futures does it.
async fn first<A: Future>(one: A, polls: u32) -> Option<A::Output> {
    let mut one = pin!(one);
    let mut left = polls;
    std::future::poll_fn(|context| {
        if let Poll::Ready(output) = one.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        left -= 1;
        if left == 0 { Poll::Ready(None) } else { Poll::Pending }
    })
    .await
}

async fn with_deadline<F: Future>(polls: u32, future: F) -> Result<F::Output, ()> {
    first(future, polls).await.ok_or(())
}

async fn with_timeout<F: Future>(polls: u32, future: F) -> Result<F::Output, ()> {
    with_deadline(polls, future).await
}

async fn read_register(number: u8) -> Result<u64, ()> {
    with_timeout(20, transfer([number; 256], 5)).await
}

async fn read_all() -> u64 {
    let mut sum = 0;
    for number in 0..4 {
        let value = with_timeout(50, read_register(number)).await;
        sum = common::mix(sum, value.ok().and_then(Result::ok).unwrap_or(7));
    }
    sum
}

pub(crate) fn run(name: &str) {
    measured(name, || block_on(read_all()), size_of_val(&read_all()));
}
