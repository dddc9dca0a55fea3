//! Generic bodies: whether a value is `Copy`, has a destructor, or has no bytes at all is known only later.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use support::trace::*;

use std::mem::{ManuallyDrop, MaybeUninit};

type Value = Traced<60>;

async fn own(value: Value) -> u32 {
    pause().await;
    value.look()
}

trait Look {
    fn look(&self) -> u32;
}

impl Look for Value {
    fn look(&self) -> u32 {
        Traced::look(self)
    }
}

impl Look for [u64; 9] {
    fn look(&self) -> u32 {
        self[8] as u32
    }
}

impl Look for () {
    fn look(&self) -> u32 {
        1
    }
}

impl<T: Look> Look for Option<T> {
    fn look(&self) -> u32 {
        self.as_ref().map_or(0, T::look)
    }
}

async fn keep<T: Look>(value: T) -> u32 {
    pause().await;
    value.look()
}

async fn moved<T: Look>(value: T, other: impl FnOnce() -> T) -> u32 {
    let sum = value.look();
    let boxed = Box::new(value);
    pause().await;
    let next = other();
    next.look();
    let sum = sum + keep(*boxed).await;
    let next = Some(next);
    pause().await;
    sum + keep(next).await
}

async fn in_parts<T: Look, U: Look>(both: (T, U), flag: bool) -> u32 {
    let sum = both.0.look() + both.1.look();
    let rest = if flag { keep(both.0).await } else { keep(both.1).await };
    let next = sized::<90>("next");
    pause().await;
    sum + rest + next.look()
}

async fn not_dropped<T: Look>(value: T) -> u32 {
    let kept = ManuallyDrop::new(value);
    pause().await;
    let sum = kept.look();
    let value = ManuallyDrop::into_inner(kept);
    pause().await;
    let mut place = MaybeUninit::uninit();
    place.write(value);
    pause().await;
    // SAFETY: written above.
    let value = unsafe { place.assume_init() };
    sum + keep(value).await
}

fn main() {
    everywhere![
        moved(sized::<60>("value"), || sized("other")),
        moved([4u64; 9], || [5; 9]),
        moved((), || ()),
        in_parts((sized::<60>("one"), [3u64; 9]), true),
        in_parts(((), sized::<60>("two")), false),
        in_parts((Some(sized::<60>("one")), sized::<60>("two")), true),
        not_dropped(sized::<60>("value")),
        not_dropped([6u64; 9]),
    ];
}
