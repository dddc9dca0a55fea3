//! Values that move into collections and out of them while the body suspends.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use support::trace::*;

use std::collections::{BTreeMap, VecDeque};

type Value = Traced<60>;

async fn own(value: Value) -> u32 {
    pause().await;
    value.look()
}

fn some() -> Vec<Value> {
    vec![sized("a"), sized("bb"), sized("ccc")]
}

async fn consumed_in_turn() -> u32 {
    let values = some();
    values[1].look();
    let mut sum = 0;
    for value in values {
        sum += own(value).await;
    }
    let next = sized::<90>("next");
    pause().await;
    sum + next.look()
}

async fn left_early(last: u32) -> u32 {
    let mut sum = 0;
    for value in some() {
        let length = value.look();
        if length == last {
            pause().await;
            break;
        }
        sum += own(value).await;
    }
    sum
}

async fn drained() -> u32 {
    let mut values = some();
    let mut sum = 0;
    for value in values.drain(1..) {
        pause().await;
        sum += value.look();
    }
    values.push(sized("pushed"));
    pause().await;
    sum + values.len() as u32
}

async fn queued() -> u32 {
    let mut queue: VecDeque<Value> = some().into();
    let mut sum = 0;
    while let Some(value) = queue.pop_front() {
        value.look();
        if queue.len() == 1 {
            queue.push_back(value);
            pause().await;
            sum += queue.pop_back().map_or(0, |value| value.look());
        } else {
            sum += own(value).await;
        }
    }
    sum
}

async fn by_keys() -> u32 {
    let mut map = BTreeMap::new();
    for value in some() {
        let key = value.look();
        map.insert(key, value);
        pause().await;
    }
    let removed = map.remove(&2);
    pause().await;
    let sum = match removed {
        Some(value) => own(value).await,
        None => 0,
    };
    sum + map.into_values().map(|value| value.look()).sum::<u32>()
}

fn main() {
    everywhere![
        consumed_in_turn(),
        left_early(2),
        left_early(9),
        drained(),
        queued(),
        by_keys(),
    ];
}
