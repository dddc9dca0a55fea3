//! What async blocks and closures in them capture, and how: by value, by reference, by mutable reference,
//! field by field (from edition 2021 on) or as a whole (edition 2018), through references and boxes.
//@ revisions: e2018 e2021
//@[e2018] edition: 2018
//@[e2021] edition: 2021
//@ run-pass

#[macro_use]
mod support;
use std::future::Future;
use support::trace::*;

struct Pair {
    left: Traced,
    right: Traced,
    number: u32,
}

fn pair(left: &'static str, right: &'static str) -> Pair {
    Pair { left: traced(left), right: traced(right), number: 7 }
}

fn by_value(a: Traced, b: Traced, pair: Pair) -> impl Future<Output = u32> {
    async move {
        pause().await;
        let number = a.look() + pair.number;
        pause().await;
        drop(pair.right);
        pause().await;
        number + b.look()
    }
}

/// The block captures only one field in edition 2021: the others are dropped when the function ends.
fn one_field(pair: Pair, nested: (Pair, Traced)) -> impl Future<Output = ()> {
    async move {
        pause().await;
        eat(pair.left);
        nested.0.right.look();
        pause().await;
    }
}

async fn by_reference(a: Traced, mut b: Traced, mut pair: Pair) -> u32 {
    let block = async {
        a.look();
        pause().await;
        b.rename("b2");
        pause().await;
        pair.left.rename("left2");
        pair.number += 1;
        pause().await;
        pair.right.look()
    };
    let number = block.await;
    a.look() + b.look() + pair.left.look() + pair.number + number
}

/// One block has one field, the other another (edition 2021), or one after the other the whole (2018).
async fn disjoint_fields(mut pair: Pair) -> Traced {
    {
        let left = async {
            pair.left.rename("l2");
            pause().await;
            pair.left.look();
        };
        left.await;
    }
    let right = async {
        pair.right.rename("r2");
        pause().await;
        pair.number += 1;
    };
    right.await;
    say!("number {}", pair.number);
    drop(pair.left);
    pause().await;
    pair.right
}

async fn closures(a: Traced, mut b: Traced, c: Traced, pair: Pair) -> u32 {
    let shared = || a.look() + pair.number;
    let mut mutable = || b.rename("b2");
    let once = move || {
        c.look();
        c
    };
    pause().await;
    let sum = shared();
    pause().await;
    mutable();
    pause().await;
    let c = once();
    pause().await;
    let part = move || drop(pair.left);
    pause().await;
    part();
    pause().await;
    sum + a.look() + b.look() + c.look()
}

/// A closure that holds a capture when it is called, dropped, or never called.
async fn closure_kept(a: Traced, b: Traced, call: bool) {
    let closure = move || {
        let inner = async move {
            a.look();
            pause().await;
            drop(a);
            pause().await;
        };
        inner
    };
    pause().await;
    if call {
        closure().await;
    }
    b.look();
}

async fn through_references(shared: &Traced, mutable: &mut Traced, nested: &mut (Traced, u32)) -> u32 {
    let block = async move {
        pause().await;
        shared.look();
        mutable.rename("through");
        pause().await;
        nested.1 += 1;
        nested.0.rename("nested2");
        nested.1
    };
    block.await
}

async fn owner_of_references() -> u32 {
    let shared = traced("shared");
    let mut mutable = traced("mutable");
    let mut nested = (traced("nested"), 4);
    let number = through_references(&shared, &mut mutable, &mut nested).await;
    pause().await;
    number + shared.look() + mutable.look() + nested.0.look() + nested.1
}

async fn through_boxes(boxed: Box<Pair>, mut list: Vec<Traced>) -> usize {
    let field = async move {
        boxed.left.look();
        pause().await;
        let boxed = boxed;
        let Pair { right, .. } = *boxed;
        pause().await;
        right
    };
    let right = field.await;
    list.push(right);
    let last = async {
        pause().await;
        list.pop()
    };
    let last = last.await;
    pause().await;
    drop(last);
    list.len()
}

/// References to references, and a reference that is captured and replaced.
async fn replaced_reference(a: Traced, b: Traced) -> u32 {
    let mut which = &a;
    let twice = &which;
    let first = async { twice.look() };
    let number = first.await;
    let switch = async {
        pause().await;
        which = &b;
        pause().await;
    };
    switch.await;
    number + which.look()
}

/// A capture that is itself a block with captures, three deep.
fn nested(a: Traced, b: Traced, c: Traced) -> impl Future<Output = ()> {
    async move {
        b.look();
        async move {
            pause().await;
            let a = a;
            async move {
                pause().await;
                a.look();
                drop(c);
                pause().await;
            }
            .await;
            pause().await;
        }
        .await;
        pause().await;
    }
}

fn main() {
    support::quiet();
    everywhere! {
        by_value(traced("a"), traced("b"), pair("left", "right")),
        one_field(pair("left", "right"), (pair("l2", "r2"), traced("outer"))),
        by_reference(traced("a"), traced("b"), pair("left", "right")),
        disjoint_fields(pair("left", "right")),
        closures(traced("a"), traced("b"), traced("c"), pair("left", "right")),
        closure_kept(traced("a"), traced("b"), true),
        closure_kept(traced("a"), traced("b"), false),
        owner_of_references(),
        through_boxes(Box::new(pair("left", "right")), vec![traced("x"), traced("y")]),
        replaced_reference(traced("a"), traced("b")),
        nested(traced("a"), traced("b"), traced("c")),
    }
}
