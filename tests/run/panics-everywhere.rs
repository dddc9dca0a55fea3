//! Destructors that panic among others: while a body ends, is cancelled, or moves on; nested in tuples,
//! arrays, boxes, options; of captures that are dropped on a condition; of the awaited future. What is
//! beside them is still dropped, once.
//!
//! The driver makes every single destructor panic; here bombs do, which panic in every run.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use std::pin::Pin;
use std::task::{Context, Poll};
use support::trace::*;

/// Panics when it is dropped, unless something else does already.
struct Fuse(Traced);

fn fuse(name: &'static str) -> Fuse {
    Fuse(traced(name))
}

impl Drop for Fuse {
    fn drop(&mut self) {
        self.0.look();
        if !std::thread::panicking() {
            panic!("fuse");
        }
    }
}

async fn between(a: Traced, first: Fuse, b: Traced, second: Fuse, c: Traced) {
    pause().await;
    drop(b);
    pause().await;
    let local = traced("local");
    pause().await;
    drop((a, first));
    local.look();
    drop((second, c));
}

fn captured_in_aggregates(
    tuple: (Traced, Fuse, Traced),
    array: [Fuse; 2],
    boxed: Box<(Fuse, Traced)>,
    option: Option<Fuse>,
) -> impl Future<Output = ()> {
    async move {
        tuple.0.look();
        pause().await;
        if let Some(fuse) = option {
            pause().await;
            std::mem::forget(fuse);
        }
        let (last, _) = (tuple.2, &array);
        pause().await;
        drop(boxed);
        last.look();
    }
}

async fn on_a_condition(a: Traced, first: Fuse, b: Traced, early: bool, late: bool) {
    if early {
        std::mem::forget(first);
    }
    pause().await;
    if late {
        drop(a);
        pause().await;
    }
    b.look();
}

/// The panic of one scope's end is caught by none: those around it end, too.
async fn in_scopes(outer: Traced, inner: Fuse, innermost: Traced) {
    let kept = outer;
    {
        let inner = inner;
        pause().await;
        {
            let innermost = innermost;
            pause().await;
            innermost.look();
        }
        inner.0.look();
    }
    pause().await;
    kept.look();
}

/// Assignment drops the old value; if that panics, the new one is there nevertheless.
async fn assigned(mut slot: Fuse, other: Traced) {
    slot.0.look();
    pause().await;
    slot = fuse("new");
    pause().await;
    slot.0.look();
    other.look();
}

struct Sour {
    left: u32,
    fuse: Fuse,
    value: Traced,
}

fn sour(left: u32) -> Sour {
    Sour { left, fuse: fuse("fuse"), value: traced("v") }
}

impl Future for Sour {
    type Output = Traced;
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Traced> {
        self.fuse.0.look();
        self.value.look();
        if self.left == 0 {
            return Poll::Ready(traced("result"));
        }
        self.left -= 1;
        Poll::Pending
    }
}

async fn awaited(before: Traced, future: Sour, after: Traced) -> Traced {
    before.look();
    let result = future.await;
    after.look();
    pause().await;
    result
}

async fn awaited_in_a_scope(future: Sour, after: Traced) {
    let result = {
        let _scope = traced("scope");
        future.await
    };
    pause().await;
    eat((result, after));
}

/// In an argument: the values that were to be passed beside it go as well.
async fn in_arguments(a: Traced, first: Fuse, b: Traced) {
    fn take(_: Traced, _: (), _: Traced) {
        event("take");
    }
    pause().await;
    take(a, drop(first), b);
    pause().await;
}

async fn loops(fuses: [Fuse; 3], kept: Traced) {
    for fuse in fuses {
        pause().await;
        fuse.0.look();
    }
    kept.look();
}

fn main() {
    support::quiet();
    everywhere! {
        between(traced("a"), fuse("1"), traced("b"), fuse("2"), traced("c")),
        captured_in_aggregates(
            (traced("a"), fuse("1"), traced("b")),
            [fuse("2"), fuse("3")],
            Box::new((fuse("4"), traced("c"))),
            Some(fuse("5")),
        ),
        captured_in_aggregates(
            (traced("a"), fuse("1"), traced("b")),
            [fuse("2"), fuse("3")],
            Box::new((fuse("4"), traced("c"))),
            None,
        ),
        on_a_condition(traced("a"), fuse("1"), traced("b"), false, false),
        on_a_condition(traced("a"), fuse("1"), traced("b"), false, true),
        on_a_condition(traced("a"), fuse("1"), traced("b"), true, false),
        on_a_condition(traced("a"), fuse("1"), traced("b"), true, true),
        in_scopes(traced("outer"), fuse("inner"), traced("innermost")),
        assigned(fuse("old"), traced("other")),
        awaited(traced("before"), sour(1), traced("after")),
        awaited_in_a_scope(sour(1), traced("after")),
        in_arguments(traced("a"), fuse("1"), traced("b")),
        loops([fuse("1"), fuse("2"), fuse("3")], traced("kept")),
    }
}
