//! Async closures, by reference and by value: captures that move away in the body, and arguments that do.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use support::trace::*;

type Value = Traced<60>;

async fn own(value: Value) -> u32 {
    pause().await;
    value.look()
}

async fn twice(mut closure: impl AsyncFnMut(Value) -> u32) -> u32 {
    let one = closure(sized("one")).await;
    pause().await;
    one + closure(sized("two")).await
}

async fn once(closure: impl AsyncFnOnce(Value) -> u32) -> u32 {
    pause().await;
    closure(sized("once")).await
}

async fn arguments() -> u32 {
    twice(async |value: Value| {
        value.look();
        let boxed = Box::new(value);
        pause().await;
        let next = sized::<90>("next");
        pause().await;
        boxed.look() + next.look()
    })
    .await
}

async fn captured_by_value() -> u32 {
    let value = sized::<60>("captured");
    value.look();
    once(async move |other: Value| {
        let sum = other.look();
        drop(other);
        let held = Some(value);
        pause().await;
        sum + held.map_or(0, |held| held.look())
    })
    .await
}

async fn lent() -> u32 {
    let mut value = sized::<60>("lent");
    let sum = twice(async |other: Value| {
        value.rename("again");
        pause().await;
        own(other).await + value.look()
    })
    .await;
    sum + own(value).await
}

async fn in_parts() -> u32 {
    let both = (sized::<60>("left"), sized::<60>("right"));
    let sum = once(async move |_: Value| {
        let left = both.0;
        pause().await;
        own(left).await
    })
    .await;
    let next = sized::<90>("next");
    pause().await;
    sum + next.look()
}

fn main() {
    everywhere![arguments(), captured_by_value(), lent(), in_parts()];
}
