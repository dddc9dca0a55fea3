//! rust-lang/rust #149748: with the passes Inline and ReferencePropagation on, a saved local is
//! assigned to itself, and the linter of MIR stops at `Assign` with overlapping memory. Open
//! (#155841); whether it shows depends on what was optimised before. Snug's in-place upvars are, on
//! purpose, one place under two names: its bodies must pass the same lints.
//@ edition: 2024
//@ run-pass
//@ compile-flags: -Zmir-enable-passes=+Inline,+ReferencePropagation -Zlint-mir -Zvalidate-mir
#![feature(gen_blocks, yield_expr)]

mod support;
use support::tasks::*;
use support::*;

struct Pairs<'a>(&'a [i32], &'a [i32]);

impl<'a> Pairs<'a> {
    #[inline(always)]
    fn first(&self) -> &'a i32 {
        &self.0[0]
    }

    #[inline(always)]
    fn both(&self) -> impl Iterator<Item = &'a i32> {
        let (left, right) = (self.0, self.1);
        gen move {
            let mut lefts = left.iter();
            let mut rights = right.iter();
            while let (Some(left), Some(right)) = (lefts.next(), rights.next()) {
                yield left;
                yield right;
            }
        }
    }
}

#[inline(always)]
fn same<T>(value: T) -> T {
    value
}

#[inline(always)]
fn of<T>(value: &T) -> &T {
    value
}

/// References to captures, which end as the captures' own places.
fn of_captures<'a>(left: &'a i32, right: &'a i32, third: &'a i32) -> impl Iterator<Item = &'a i32> {
    gen move {
        let first = *of(&left);
        let second = same(right);
        let kept = same(third);
        yield second;
        yield first;
        yield of(kept);
        let again = &third;
        yield *again;
    }
}

async fn passed_on(filled: Filled<20>, mut name: Loud, number: &u64) -> u64 {
    let filled = same(filled);
    name = same(name);
    wait().await;
    let reference = of(&filled);
    name = same(name);
    wait().await;
    let number = *same(number);
    println!("    {}", of(&name).name());
    reference.sum() ^ same(filled).sum() ^ number
}

async fn awaited(future: impl Future<Output = u64>, name: Loud) -> u64 {
    let future = same(future);
    let name = same(name);
    let value = same(future.await);
    println!("    {}", name.name());
    value
}

fn main() {
    let pairs = Pairs(&[1, 2, 3], &[4, 5]);
    println!("{} {:?}", pairs.first(), pairs.both().collect::<Vec<_>>());
    println!("{:?}", of_captures(&1, &2, &3).collect::<Vec<_>>());
    let make = || awaited(passed_on(Filled::new(1), loud("inner"), &5), loud("outer"));
    println!("{:x}", block_on(make()));
    drop_everywhere("awaited", 3, make);
}
