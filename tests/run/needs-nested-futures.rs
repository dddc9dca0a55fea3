//! Futures that are made, looked at as values, stored, and awaited later, or never; joined and raced inside others.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use support::trace::*;

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::Poll;

type Value = Traced<60>;

async fn own(value: Value) -> u32 {
    pause().await;
    value.look()
}

async fn join(one: impl Future<Output = u32>, other: impl Future<Output = u32>) -> u32 {
    let (mut one, mut other) = (pin!(one), pin!(other));
    let mut results = [None, None];
    std::future::poll_fn(|context| {
        let futures: [Pin<&mut dyn Future<Output = u32>>; 2] = [one.as_mut(), other.as_mut()];
        for (future, result) in futures.into_iter().zip(&mut results) {
            if result.is_none()
                && let Poll::Ready(number) = future.poll(context)
            {
                *result = Some(number);
            }
        }
        if results.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    results.iter().flatten().sum()
}

async fn stored() -> u32 {
    let value = sized::<60>("value");
    value.look();
    let future = own(value);
    let other = sized::<90>("other");
    pause().await;
    let sum = other.look();
    drop(other);
    sum + future.await
}

async fn never_awaited(flag: bool) -> u32 {
    let future = own(sized("value"));
    pause().await;
    if flag {
        return future.await;
    }
    drop(future);
    let next = sized::<200>("next");
    pause().await;
    next.look()
}

async fn joined() -> u32 {
    let (one, two) = (sized::<60>("one"), sized::<60>("two"));
    one.look();
    let sum = join(own(one), own(two)).await;
    let next = sized::<200>("next");
    pause().await;
    sum + next.look()
}

async fn in_order() -> u32 {
    let futures = [own(sized("a")), own(sized("bb"))];
    let mut sum = 0;
    for future in futures {
        sum += future.await;
        pause().await;
    }
    sum
}

async fn handed_on() -> u32 {
    let inner = own(sized("inner"));
    let middle = async move {
        pause().await;
        inner.await + 1
    };
    let outer = async move {
        let middle = middle;
        let beside = sized::<60>("beside");
        let sum = middle.await;
        sum + own(beside).await
    };
    pause().await;
    outer.await
}

fn main() {
    everywhere![
        stored(),
        never_awaited(true),
        never_awaited(false),
        joined(),
        in_order(),
        handed_on(),
    ];
}
