//! Raw pointers that are used as they may be: before the value moves away, or while it stays. And values that unsafe
//! code moves or forgets.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use std::mem::{ManuallyDrop, MaybeUninit, replace, take};
use std::pin::pin;
use std::ptr::{self, NonNull};
use support::trace::*;

type Value = Traced<60>;

async fn before_it_moves() -> u32 {
    let mut value: Value = sized("value");
    let pointer = &raw mut value;
    pause().await;
    unsafe { (*pointer).rename("renamed") };
    pause().await;
    let held = Some(value);
    let next: Value = sized("next");
    pause().await;
    held.map_or(0, |value| value.look()) + next.look()
}

async fn while_it_stays() -> u64 {
    let mut numbers = [1u64; 20];
    let pointer = NonNull::from(&mut numbers);
    pause().await;
    let next = [2u64; 20];
    pause().await;
    unsafe { (*pointer.as_ptr())[3] = 40 };
    pause().await;
    next[1] + unsafe { pointer.as_ref() }[3]
}

async fn read_out() -> u32 {
    let value = ManuallyDrop::new(sized::<60>("value"));
    value.look();
    let copy: Value = unsafe { ptr::read(&*value) };
    pause().await;
    let next: Value = sized("next");
    pause().await;
    copy.look() + next.look()
}

async fn written_in_place() -> u32 {
    let mut place = MaybeUninit::<Value>::uninit();
    pause().await;
    place.write(sized("value"));
    pause().await;
    let value = unsafe { place.assume_init() };
    let next: Value = sized("next");
    pause().await;
    value.look() + next.look()
}

async fn forgotten() -> u32 {
    let value = Box::new(5);
    let leaked: &'static mut i32 = Box::leak(value);
    pause().await;
    let next: Value = sized("next");
    pause().await;
    drop(unsafe { Box::from_raw(leaked) });
    next.look()
}

async fn swapped() -> u32 {
    let mut value: Option<Value> = Some(sized("value"));
    value.iter().for_each(|value| _ = value.look());
    let taken = take(&mut value);
    pause().await;
    let old = replace(&mut value, Some(sized("new")));
    pause().await;
    assert!(old.is_none());
    taken.map_or(0, |value| value.look()) + value.map_or(0, |value| value.look())
}

async fn pinned() -> u32 {
    let value: Value = sized("value");
    value.look();
    let mut future = pin!(async move {
        pause().await;
        value.look()
    });
    pause().await;
    let sum = future.as_mut().await;
    let next: Value = sized("next");
    pause().await;
    sum + next.look()
}

fn main() {
    everywhere![
        before_it_moves(),
        while_it_stays(),
        read_out(),
        written_in_place(),
        forgotten(),
        swapped(),
        pinned(),
    ];
}
