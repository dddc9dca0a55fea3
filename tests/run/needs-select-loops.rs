//! Loops around something like `select`: one of two futures is done, and the other is kept, dropped, or awaited later.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use support::trace::*;

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

type Value = Traced<60>;

async fn own(value: Value) -> u32 {
    pause().await;
    value.look()
}

enum Either<A, B> {
    Left(A),
    Right(B),
}
use Either::*;

/// Polls both, and gives back the one that is not done.
struct Select<A, B>(Option<(A, B)>);

impl<A: Future + Unpin, B: Future + Unpin> Future for Select<A, B> {
    type Output = Either<(A::Output, B), (B::Output, A)>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let (mut one, mut other) = self.0.take().expect("polled after the end");
        if let Poll::Ready(output) = Pin::new(&mut one).poll(context) {
            return Poll::Ready(Left((output, other)));
        }
        if let Poll::Ready(output) = Pin::new(&mut other).poll(context) {
            return Poll::Ready(Right((output, one)));
        }
        self.0 = Some((one, other));
        Poll::Pending
    }
}

fn select<A: Future + Unpin, B: Future + Unpin>(one: A, other: B) -> Select<A, B> {
    Select(Some((one, other)))
}

type Task = Pin<Box<dyn Future<Output = Value>>>;

fn task(name: &'static str, turns: u32) -> Task {
    Box::pin(async move {
        let value = sized::<60>(name);
        for _ in 0..turns {
            pause().await;
        }
        value
    })
}

async fn one_is_kept() -> u32 {
    match select(task("one", 1), task("two", 2)).await {
        Left((value, rest)) => {
            let sum = value.look();
            drop(value);
            sum + own(rest.await).await
        }
        Right((value, _)) => own(value).await,
    }
}

async fn one_is_dropped() -> u32 {
    let value = match select(task("one", 2), task("two", 1)).await {
        Left((value, _)) => value,
        Right((value, rest)) => {
            drop(rest);
            pause().await;
            value
        }
    };
    own(value).await
}

async fn in_a_loop() -> u32 {
    let mut slow = task("slow", 2);
    let mut sum = 0;
    loop {
        match select(task("fast", 1), slow).await {
            Left((value, rest)) => {
                sum += value.look();
                slow = rest;
            }
            Right((value, rest)) => {
                drop(rest);
                return sum + own(value).await;
            }
        }
        pause().await;
    }
}

async fn given_away() -> u32 {
    let left = match select(task("one", 1), task("two", 1)).await {
        Left((value, rest)) => (value, Some(rest)),
        Right((value, _)) => (value, None),
    };
    let (value, rest) = left;
    value.look();
    let Some(rest) = rest else { return 1 };
    let boxed = Box::new(value);
    let other = rest.await;
    pause().await;
    other.look() + boxed.look()
}

fn main() {
    everywhere![one_is_kept(), one_is_dropped(), in_a_loop(), given_away()];
}
