//! `Option`s that are taken, replaced, filled and looked into between suspensions.
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

async fn taken() -> u32 {
    let mut value = Some(sized::<60>("value"));
    value.as_ref().map(Value::look);
    let inner = value.take();
    pause().await;
    let sum = match inner {
        Some(inner) => own(inner).await,
        None => 0,
    };
    value = Some(sized("again"));
    pause().await;
    sum + value.map_or(0, |value| value.look())
}

async fn replaced() -> u32 {
    let mut value = Some(sized::<60>("value"));
    let old = value.replace(sized("new"));
    pause().await;
    let sum = old.map_or(0, |old| old.look());
    let new = value.insert(sized("newer"));
    new.rename("newest");
    pause().await;
    sum + value.unwrap().look()
}

async fn filled_in_turn(turns: u32) -> u32 {
    let mut held = None;
    let mut sum = 0;
    for turn in 0..turns {
        if let Some(value) = held.take() {
            sum += own(value).await;
        } else {
            held = Some(sized::<60>("held"));
            pause().await;
        }
        if turn == 2 {
            held = None;
        }
    }
    pause().await;
    sum + held.is_some() as u32
}

async fn moved_if_some(value: Option<Value>) -> u32 {
    let number = value.as_ref().map_or(7, Value::look);
    let Some(value) = value else {
        let next = sized::<90>("next");
        pause().await;
        return number + next.look();
    };
    own(value).await + number
}

async fn of_results(fails: bool) -> u32 {
    let result: Result<Value, Value> = if fails { Err(sized("err")) } else { Ok(sized("ok")) };
    if let Err(error) = &result {
        error.look();
    }
    pause().await;
    let value = result.unwrap_or_else(|error| {
        error.look();
        sized("else")
    });
    let next = sized::<90>("next");
    pause().await;
    own(value).await + next.look()
}

fn main() {
    everywhere![
        taken(),
        replaced(),
        filled_in_turn(2),
        filled_in_turn(5),
        moved_if_some(None),
        moved_if_some(Some(sized("some"))),
        of_results(false),
        of_results(true),
    ];
}
