//! Values that move into closures, async closures and nested futures, or are borrowed by them, wholly or in part.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use support::trace::*;

type Value = Traced<60>;

async fn into_closure() -> u32 {
    let value: Value = sized("value");
    value.look();
    let closure = move || value.look();
    pause().await;
    let next: Value = sized("next");
    pause().await;
    closure() + next.look()
}

async fn borrowed_by_closure() -> u32 {
    let value: Value = sized("value");
    let closure = || value.look();
    pause().await;
    let sum = closure();
    pause().await;
    eat(value);
    let next: Value = sized("next");
    pause().await;
    sum + next.look()
}

async fn in_part() -> u32 {
    let pair: (Value, Value) = (sized("left"), sized("right"));
    pair.1.look();
    let closure = || eat(pair.0);
    closure();
    pause().await;
    let next: Value = sized("next");
    pause().await;
    pair.1.look() + next.look()
}

async fn nested() -> u32 {
    let value: Value = sized("value");
    value.look();
    let inner = async move {
        pause().await;
        let held = Some(value);
        pause().await;
        held.map_or(0, |value| value.look())
    };
    pause().await;
    let next: Value = sized("next");
    let sum = inner.await;
    pause().await;
    sum + next.look()
}

async fn lending() -> u32 {
    let mut value: Value = sized("value");
    let mut closure = async |name| {
        pause().await;
        value.rename(name);
        value.look()
    };
    let sum = closure("one").await + closure("two").await;
    pause().await;
    eat(value);
    pause().await;
    sum
}

async fn once() -> u32 {
    let value: Value = sized("value");
    value.look();
    let closure = async move || {
        pause().await;
        let held = (value, 3);
        pause().await;
        held.0.look()
    };
    let sum = call(closure).await;
    let next: Value = sized("next");
    pause().await;
    sum + next.look()
}

async fn call(closure: impl AsyncFnOnce() -> u32) -> u32 {
    closure().await
}

fn main() {
    everywhere![into_closure(), borrowed_by_closure(), in_part(), nested(), lending(), once(),];
}
