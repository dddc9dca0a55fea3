//! When temporaries die beside awaits: at the end of the statement, of the block, of the condition. Editions 2021
//! and 2024 differ about tails of blocks and about `if let`.
//@ revisions: e2021 e2024
//@[e2021] edition: 2021
//@[e2024] edition: 2024
//@ run-pass

#[macro_use]
mod support;
use std::sync::Mutex;
use support::trace::*;

impl Traced {
    /// A temporary that borrows from another one.
    fn inner(&self) -> Inner<'_> {
        self.look();
        Inner(self, traced("inner"))
    }

    async fn waits(&self) -> u32 {
        pause().await;
        self.look()
    }

    fn option(&self, some: bool) -> Option<u32> {
        some.then(|| self.look())
    }
}

struct Inner<'a>(&'a Traced, Traced);

impl Inner<'_> {
    async fn waits(self) -> u32 {
        pause().await;
        self.0.look() + self.1.look()
    }

    async fn by_reference(&self) -> u32 {
        pause().await;
        self.1.look()
    }
}

impl Drop for Inner<'_> {
    fn drop(&mut self) {
        self.0.look();
    }
}

async fn statements(capture: Traced) -> u32 {
    let sum = traced("t1").waits().await + capture.waits().await;
    let more = traced("t2").inner().waits().await;
    traced("t3").inner().by_reference().await;
    let extended = &traced("extended");
    let also = &(traced("pair").waits().await, traced("tuple"));
    pause().await;
    let _ = traced("underscore").waits().await;
    let _ = traced("dropped at once");
    let _kept = traced("kept");
    pause().await;
    sum + more + extended.look() + also.0
}

async fn tails(capture: Traced) -> u32 {
    let first = {
        let local = traced("local");
        local.look();
        traced("tail").waits().await
    };
    let second = {
        let _local = traced("l2");
        capture.inner().by_reference().await
    };
    let third = async {
        let _inside = traced("inside");
        traced("tail3").waits().await
    };
    pause().await;
    first + second + third.await
}

/// The tail of the function itself.
async fn tail_of_function(capture: Traced) -> u32 {
    let _local = traced("local");
    traced("tail").inner().waits().await + capture.look()
}

async fn conditions(capture: Traced, some: bool) -> u32 {
    let mut total = 0;
    if let Some(number) = traced("if let").option(some) {
        pause().await;
        total += number;
    } else {
        pause().await;
        total += capture.look();
    }
    if traced("if").waits().await > 1 {
        pause().await;
    }
    match traced("match").option(some) {
        Some(number) => {
            pause().await;
            total += number;
        }
        None => pause().await,
    }
    let mut left = 2;
    while traced("while").look() > 0 && left > 0 {
        pause().await;
        left -= 1;
    }
    while let Some(number) = traced("while let").option(left < 2) {
        pause().await;
        total += number;
        left += 1;
    }
    let Some(number) = capture.inner().0.option(some) else {
        pause().await;
        return total;
    };
    total + number
}

async fn locks(mutex: Mutex<Vec<Traced>>) -> usize {
    if let Some(last) = mutex.lock().unwrap().pop() {
        let free = mutex.try_lock().is_ok();
        say!("free {free}");
        pause().await;
        last.look();
    } else {
        let free = mutex.try_lock().is_ok();
        say!("free in else {free}");
    }
    let first = mutex.lock().unwrap().first().map(Traced::look);
    pause().await;
    say!("free behind {} {first:?}", mutex.try_lock().is_ok());
    let length = mutex.lock().unwrap().len();
    length
}

/// Arguments are evaluated one after the other, and die in the opposite order.
async fn arguments(capture: Traced) -> u32 {
    fn three(a: &Traced, _: u32, b: &Traced) -> u32 {
        event("three");
        a.look() + b.look()
    }
    let sum = three(&traced("a"), traced("b").waits().await, &traced("c"));
    pause().await;
    sum + three(&capture, traced("d").inner().waits().await, capture.inner().0)
}

/// Extended temporaries, in constructors and behind operators, and those that are not.
async fn extended() -> u32 {
    let tuple = (&traced("a"), [&traced("b"), &traced("c")]);
    let nested = &{ traced("block") };
    pause().await;
    let structure = Some(&traced("some").waits().await);
    tuple.0.look();
    pause().await;
    tuple.1[0].look() + nested.look() + structure.copied().unwrap_or(0)
}

async fn assignments(mut slot: Traced, mut array: [u32; 4]) -> u32 {
    slot = match traced("old").waits().await {
        3 => traced("new"),
        _ => slot,
    };
    array[traced("ix").waits().await as usize] += traced("value").waits().await;
    pause().await;
    let (left, right);
    (left, right) = (traced("left").waits().await, traced("r").inner().waits().await);
    slot.look() + array[2] + left + right
}

fn main() {
    support::quiet();
    let mutex = |names: &[&'static str]| Mutex::new(names.iter().map(|name| traced(name)).collect());
    everywhere! {
        statements(traced("capture")),
        tails(traced("capture")),
        tail_of_function(traced("capture")),
        conditions(traced("capture"), true),
        conditions(traced("capture"), false),
        locks(mutex(&["x", "y"])),
        locks(mutex(&[])),
        arguments(traced("capture")),
        extended(),
        assignments(traced("slot"), [1, 2, 3, 4]),
    }
}
