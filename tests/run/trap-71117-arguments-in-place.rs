//! rust-lang/rust #71117: a moved argument is passed by a pointer to where it lies, so the callee
//! may write over it, and the place for the result must not be the argument's. Stock 1.95 has a
//! stack slot for each argument of its resume functions; Snug passes arguments from where they lie
//! in the future, and lets saved values share bytes. Each callee here fills its result in an order
//! that shows if it writes over what it still has to read.
//@ edition: 2024
//@ run-pass

mod support;
use std::hint::black_box;
use support::*;

#[derive(Clone, Copy)]
struct Large([u64; 40]);

fn large(seed: u64) -> Large {
    Large(std::array::from_fn(|i| seed * 1000 + i as u64))
}

impl Large {
    fn sum(&self) -> u64 {
        self.0.iter().fold(0, |sum, value| sum.wrapping_mul(31) ^ value)
    }
}

#[inline(never)]
fn reversed(from: Large) -> Large {
    let mut to = Large([0; 40]);
    for i in 0..40 {
        to.0[i] = from.0[39 - i] + black_box(1);
    }
    to
}

#[inline(never)]
fn crossed(mut left: Large, mut right: Large) -> (Large, Large) {
    for i in 0..40 {
        (left.0[i], right.0[39 - i]) = (right.0[39 - i] + 1, left.0[i] + 2);
    }
    (right, left)
}

/// Spoils its argument, which is its own.
#[inline(never)]
fn spoil(mut large: Large) -> u64 {
    let sum = large.sum();
    large.0.fill(u64::MAX);
    black_box(&large);
    sum
}

/// Only moved, and saved before and behind each call.
struct Owner {
    large: Large,
    name: Loud,
}

#[inline(never)]
fn renamed(owner: Owner, name: Loud) -> Owner {
    let large = reversed(owner.large);
    println!("    {} becomes {}", owner.name.name(), name.name());
    Owner { name, large }
}

async fn again_and_again(mut value: Large) -> u64 {
    for _ in 0..3 {
        value = reversed(value);
        wait().await;
    }
    let other = reversed(value);
    wait().await;
    let (left, right) = crossed(other, value);
    wait().await;
    left.sum() ^ right.sum().rotate_left(1)
}

async fn consumed_at_once(first: Large, second: Large) -> u64 {
    let result = reversed(first);
    let both = crossed(second, result);
    wait().await;
    both.0.sum() ^ both.1.sum().rotate_left(5)
}

/// Copies: what is passed must be one, as it is used again.
async fn used_again(value: Large) -> u64 {
    let mut sum = spoil(value);
    sum ^= spoil(value).rotate_left(3);
    wait().await;
    sum ^= spoil(value).rotate_left(7);
    let copy = value;
    sum ^= spoil(copy).rotate_left(11);
    wait().await;
    sum ^ value.sum() ^ copy.sum().rotate_left(13)
}

async fn owners(mut owner: Owner) -> u64 {
    owner = renamed(owner, loud("second"));
    wait().await;
    let next = renamed(owner, loud("third"));
    wait().await;
    owner = next;
    let last = renamed(renamed(owner, loud("fourth")), loud("fifth"));
    wait().await;
    last.large.sum() + last.name.name().len() as u64
}

async fn inner(value: Large, other: Large) -> Large {
    let result = reversed(value);
    wait().await;
    crossed(result, other).1
}

/// The argument of a call goes into a future that lies where it is polled.
async fn into_futures(first: Large, second: Large) -> u64 {
    let third = inner(first, second).await;
    let fourth = inner(third, reversed(second)).await;
    let future = inner(fourth, third);
    wait().await;
    let value = future.await;
    value.sum() ^ third.sum().rotate_left(9)
}

fn main() {
    println!("{:x}", block_on(again_and_again(large(1))));
    println!("{:x}", block_on(consumed_at_once(large(2), large(3))));
    println!("{:x}", block_on(used_again(large(4))));
    println!("{:x}", block_on(into_futures(large(5), large(6))));
    drop_everywhere("owners", 5, || owners(Owner { large: large(7), name: loud("first") }));
}
