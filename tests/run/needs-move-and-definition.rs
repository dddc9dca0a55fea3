//! A variable moves into a call, an aggregate or a future, and gets its next value from there: a move and a definition of one
//! variable, sometimes in one statement.
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

async fn pass(value: Value) -> Value {
    pause().await;
    value
}

fn pass_now(value: Value) -> Value {
    say!("pass");
    value
}

async fn through_calls() -> u32 {
    let mut value = sized::<60>("value");
    value.look();
    value = pass_now(value);
    pause().await;
    value = pass(value).await;
    let next = sized::<90>("next");
    pause().await;
    value = pass_now(pass(value).await);
    value.look() + next.look()
}

async fn in_a_loop() -> u32 {
    let mut value = sized::<60>("value");
    for turn in 0..3 {
        value.look();
        value = if turn == 1 { pass(value).await } else { pass_now(value) };
        pause().await;
    }
    own(value).await
}

async fn through_aggregates() -> u32 {
    let mut both = (sized::<60>("left"), sized::<60>("right"));
    both.0.look();
    both = (both.1, both.0);
    pause().await;
    both.0 = pass_now(both.0);
    both.1 = pass(both.1).await;
    let (left, _) = both;
    own(left).await
}

async fn through_a_box() -> u32 {
    let mut value = Box::new(sized::<60>("value"));
    value.look();
    *value = pass_now(*value);
    pause().await;
    value = Box::new(pass(*value).await);
    value.look()
}

async fn through_options(value: Value) -> u32 {
    let mut value = Some(value);
    while let Some(inner) = value {
        inner.look();
        value = if inner.look() > 4 { None } else { Some(pass(inner).await) };
        pause().await;
        if let Some(found) = &mut value {
            found.rename("renamed");
        }
    }
    4
}

fn main() {
    everywhere![
        through_calls(),
        in_a_loop(),
        through_aggregates(),
        through_a_box(),
        through_options(sized("v")),
    ];
}
