//! What has no destructor that the compiler runs: unions, `MaybeUninit`, references and numbers that are copied and moved.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use support::trace::*;

use std::mem::ManuallyDrop;

type Value = Traced<60>;

async fn own(value: Value) -> u32 {
    pause().await;
    value.look()
}

#[derive(Clone, Copy)]
struct Plain([u64; 12]);

union Both {
    numbers: [u64; 12],
    plain: Plain,
    value: ManuallyDrop<Value>,
}

async fn keep(plain: Plain) -> u32 {
    pause().await;
    plain.0[11] as u32
}

fn look(plain: &Plain) -> u32 {
    say!("plain");
    plain.0[0] as u32
}

async fn copied() -> u32 {
    let plain = Plain([2; 12]);
    let sum = look(&plain);
    let sum = sum + keep(plain).await;
    let next = Plain([3; 12]);
    pause().await;
    sum + look(&next) + keep(next).await
}

async fn of_unions() -> u32 {
    let both = Both { numbers: [4; 12] };
    pause().await;
    // SAFETY: any bytes are numbers.
    let plain = unsafe { both.plain };
    let sum = look(&plain);
    let other = Both { value: ManuallyDrop::new(sized("value")) };
    pause().await;
    // SAFETY: filled with it above.
    let value = ManuallyDrop::into_inner(unsafe { other.value });
    sum + own(value).await
}

async fn of_tuples() -> u32 {
    let both = (Plain([5; 12]), sized::<60>("value"));
    let plain = &both.0;
    let sum = look(plain);
    let value = both.1;
    pause().await;
    let sum = sum + look(plain) + own(value).await;
    pause().await;
    sum + both.0.0[3] as u32
}

async fn assigned_later(flag: bool) -> u32 {
    let plain;
    if flag {
        plain = Plain([6; 12]);
        look(&plain);
    } else {
        pause().await;
        plain = Plain([7; 12]);
    }
    pause().await;
    keep(plain).await
}

fn main() {
    everywhere![
        copied(),
        of_unions(),
        of_tuples(),
        assigned_later(true),
        assigned_later(false),
    ];
}
