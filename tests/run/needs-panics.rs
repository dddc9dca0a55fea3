//! Values that move into something that panics, and what unwinds beside them: each is dropped once, by whoever has it.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use support::trace::*;

use std::panic::{AssertUnwindSafe, catch_unwind};

type Value = Traced<60>;

async fn own(value: Value) -> u32 {
    pause().await;
    value.look()
}

fn fail(value: Value, fails: bool) -> Value {
    value.look();
    assert!(!fails, "failed");
    value
}

async fn in_a_call(fails: bool) -> u32 {
    let beside = sized::<60>("beside");
    let value = sized::<60>("value");
    value.look();
    pause().await;
    let value = fail(value, fails);
    let next = sized::<90>("next");
    pause().await;
    value.look() + next.look() + beside.look()
}

async fn in_an_aggregate(fails: bool) -> u32 {
    let one = sized::<60>("one");
    one.look();
    pause().await;
    let both = (one, fail(sized("two"), fails), sized::<60>("three"));
    pause().await;
    both.1.look() + own(both.2).await
}

async fn in_a_child(fails: bool) -> u32 {
    let value = sized::<60>("value");
    let beside = sized::<60>("beside");
    beside.look();
    let child = async move {
        let value = value;
        pause().await;
        let value = fail(value, fails);
        own(value).await
    };
    let sum = child.await;
    sum + own(beside).await
}

async fn caught(fails: bool) -> u32 {
    let mut value = Some(sized::<60>("value"));
    pause().await;
    let result = catch_unwind(AssertUnwindSafe(|| {
        let value = value.take();
        fail(value.unwrap_or_else(|| sized("none")), fails)
    }));
    let next = sized::<90>("next");
    pause().await;
    match result {
        Ok(value) => own(value).await,
        Err(_) => next.look(),
    }
}

async fn while_assigned(fails: bool) -> u32 {
    let mut value = sized::<60>("old");
    value.look();
    pause().await;
    value = fail(sized("new"), fails);
    pause().await;
    let old = std::mem::replace(&mut value, sized("newer"));
    own(old).await + value.look()
}

fn main() {
    for fails in [false, true] {
        everywhere![
            in_a_call(fails),
            in_an_aggregate(fails),
            in_a_child(fails),
            caught(fails),
            while_assigned(fails),
        ];
    }
}
