//! rust-lang/rust #122630, where it is no error: values that are moved from saved local to saved
//! local, on some ways, in loops, and back. No assignment may go from a saved local to one that
//! shares bytes with it, and what validation in stock 1.95 accepts, Snug's merged locals must not
//! make wrong.
//@ edition: 2024
//@ run-pass
#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]

mod support;
use std::mem;
use support::tasks::*;
use support::*;

async fn in_turns(first: Owned<100>, take: bool) {
    wait().await;
    let second;
    if take {
        second = first;
        wait().await;
        second.look();
    } else {
        first.look();
        wait().await;
        second = first;
    }
    wait().await;
    second.look();
    let third = second;
    wait().await;
    third.look();
}

/// Moved out and filled again, so that both have a value in turn.
async fn back_and_forth(mut first: Owned<100>, rounds: u32) {
    for _ in 0..rounds {
        wait().await;
        let second = first;
        wait().await;
        second.look();
        first = second;
    }
    first.look();
}

/// All three are alive in one suspension, and change places.
async fn around(mut a: Filled<40>, mut b: Filled<40>, mut c: Filled<40>) -> u64 {
    let mut sum = 0u64;
    for _ in 0..4 {
        wait().await;
        let d = a;
        a = b;
        b = c;
        wait().await;
        c = d;
        sum = sum.rotate_left(7) ^ a.sum() ^ b.sum().rotate_left(1) ^ c.sum().rotate_left(2);
    }
    sum
}

async fn swapped(mut a: Owned<30>, mut b: Owned<30>) {
    wait().await;
    mem::swap(&mut a, &mut b);
    wait().await;
    let c = mem::replace(&mut a, other("new"));
    wait().await;
    (a, b) = (b, a);
    wait().await;
    a.look();
    b.look();
    c.look();
}

fn other(name: &str) -> Owned<30> {
    Owned { filled: Filled::new(name.len() as u64), name: loud(name) }
}

async fn parts(pair: (Owned<30>, Owned<30>), left_first: bool) {
    let (left, right) = pair;
    wait().await;
    let kept = if left_first {
        drop(right);
        wait().await;
        left
    } else {
        drop(left);
        wait().await;
        right
    };
    wait().await;
    kept.look();
    let pair = (kept, other("late"));
    wait().await;
    pair.1.look();
}

fn large(name: &str) -> Owned<100> {
    Owned { filled: Filled::new(name.len() as u64), name: loud(name) }
}

fn main() {
    for take in [false, true] {
        drop_everywhere(&format!("in turns {take}"), 5, || in_turns(large("first"), take));
        drop_everywhere(&format!("parts {take}"), 4, || parts((other("l"), other("right")), take));
    }
    drop_everywhere("back and forth", 6, || back_and_forth(large("first"), 3));
    drop_everywhere("swapped", 5, || swapped(other("a"), other("bb")));
    println!("{:x}", block_on(around(Filled::new(1), Filled::new(2), Filled::new(3))));
}
