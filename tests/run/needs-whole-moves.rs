//! Values that are borrowed first and then move away as a whole: to calls, into aggregates, boxes, closures and other
//! futures, out of the body. Their bytes are free then, and what comes next gets them.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use support::trace::*;

struct Pair<T>(T, u64);

fn pass<T>(value: T) -> T {
    value
}

async fn own(value: Traced<90>) -> u32 {
    pause().await;
    value.look()
}

async fn one_after_the_other() -> u32 {
    let one = sized::<90>("one");
    let sum = one.look() + own(one).await;
    pause().await;
    let two = sized::<90>("two");
    let sum = sum + two.look() + own(two).await;
    pause().await;
    sum
}

async fn into_an_aggregate() -> u32 {
    let value = sized::<90>("value");
    value.look();
    let pair = Pair(value, 7);
    pause().await;
    let next = sized::<90>("next");
    pause().await;
    next.look() + pair.0.look() + pair.1 as u32
}

async fn into_a_box() -> u32 {
    let value = sized::<90>("value");
    value.look();
    let boxed: Box<dyn Fn() -> u32> = Box::new(move || value.look());
    pause().await;
    let next = sized::<90>("next");
    next.look();
    pause().await;
    boxed() + next.look()
}

async fn and_back() -> u32 {
    let mut value = sized::<90>("value");
    value.look();
    value = pass(value);
    pause().await;
    value.look();
    let other = pass(value);
    pause().await;
    value = other;
    pause().await;
    value.rename("back");
    value.look()
}

async fn returned() -> Traced<90> {
    let value = sized::<90>("value");
    value.look();
    pause().await;
    if value.look() > 3 {
        return value;
    }
    pause().await;
    value
}

async fn shadowed() -> u32 {
    let value = sized::<90>("first");
    let value = Pair(value, 1);
    value.0.look();
    pause().await;
    let value = (value, 2);
    value.0.0.look();
    pause().await;
    let value = [value];
    pause().await;
    value[0].0.0.look()
}

async fn never_used_again(mut captured: Traced<90>) -> u32 {
    captured.rename("renamed");
    pause().await;
    eat(captured);
    pause().await;
    captured = sized("anew");
    pause().await;
    captured.look()
}

fn main() {
    everywhere![
        one_after_the_other(),
        into_an_aggregate(),
        into_a_box(),
        and_back(),
        returned(),
        shadowed(),
        never_used_again(sized("captured")),
    ];
}
