//! rust-lang/rust #73137: `Foo { b: &42, a: wait().await }` wrote one field over the other: the
//! temporaries of an aggregate and the aggregate itself were saved in the same bytes, and the move
//! from the one to the other was no move. Mended in 2020; since then both sides of an assignment
//! conflict. Snug packs tighter, merges what is moved on, and must keep them apart.
//@ edition: 2024
//@ run-pass

mod support;
use support::tasks::*;
use support::*;

struct Foo {
    a: usize,
    b: &'static u32,
    c: Filled<20>,
    d: Loud,
}

async fn later<T>(value: T) -> T {
    wait().await;
    value
}

impl Foo {
    async fn check(&self) -> String {
        self.c.check("c");
        wait().await;
        format!("{} {} {}", self.a, self.b, self.d.name())
    }
}

/// The reproducer: only the borrowed field is looked at.
async fn original() -> usize {
    let action = Foo { b: &42, c: Filled::new(0), d: loud("d"), a: later(0).await };
    std::hint::black_box(&action.b);
    assert_eq!(*action.b, 42);
    later(()).await;
    action.a
}

/// Every field in its own suspension, in another order, from captures.
async fn all_of_them(a: usize, c: Filled<20>, d: Loud) -> String {
    let foo = Foo {
        c: later(c).await,
        b: later(&43).await,
        d: later(d).await,
        a: later(a).await + later(1).await,
    };
    let foo = Foo { b: &44, a: later(foo.a).await, ..foo };
    foo.check().await
}

/// Captures are moved straight into the aggregate, beside fields that wait.
async fn straight(a: usize, c: Filled<20>, d: Loud) -> String {
    let foo = Foo { c, d, b: &45, a: later(a).await };
    wait().await;
    let Foo { a, c, d, .. } = foo;
    wait().await;
    let foo = Foo { d, c, a, b: later(&46).await };
    foo.check().await
}

async fn tuples(first: Filled<30>, second: Filled<30>, third: Loud) -> u64 {
    let pair = (first, later(second).await);
    let pair = (pair.1, later(pair.0).await, third);
    let (x, y, third) = later(pair).await;
    let array = [y, later(x).await, later(y).await];
    let array = [array[1], later(array[0]).await, array[2]];
    println!("    {}", third.name());
    array.iter().fold(0, |sum, filled| sum.rotate_left(3) ^ filled.sum())
}

enum Choice {
    Pair { left: Filled<10>, right: Loud },
    One(Loud),
}

async fn variants(left: Filled<10>, right: Loud, pair: bool) -> usize {
    let choice = if pair {
        Choice::Pair { right: later(right).await, left: later(left).await }
    } else {
        Choice::One(later(right).await)
    };
    wait().await;
    match later(choice).await {
        Choice::Pair { left, right } => {
            wait().await;
            left.check("left");
            right.name().len()
        }
        Choice::One(loud) => later(loud).await.name().len() + 100,
    }
}

/// Operands that are evaluated before and behind a suspension.
async fn operands(mut number: u64, mut filled: Filled<10>) -> u64 {
    let before = number
        + later({
            number += 5;
            number
        })
        .await
            * 2
        + number;
    let sum = filled.sum()
        ^ later({
            filled.refill(9);
            filled.sum()
        })
        .await
        ^ filled.sum();
    let args = combine(
        number,
        later(before).await,
        {
            number *= 3;
            number
        },
        later(sum).await,
    );
    number ^= later(args).await;
    number
}

fn combine(a: u64, b: u64, c: u64, d: u64) -> u64 {
    a.wrapping_mul(3) ^ b.wrapping_mul(5) ^ c.wrapping_mul(7) ^ d
}

fn main() {
    println!("{}", block_on(original()));
    println!("{}", block_on(all_of_them(1, Filled::new(2), loud("d"))));
    println!("{}", block_on(straight(3, Filled::new(4), loud("d"))));
    println!("{:x}", block_on(tuples(Filled::new(5), Filled::new(6), loud("third"))));
    println!("{:x}", block_on(operands(7, Filled::new(8))));
    for pair in [false, true] {
        println!("{}", block_on(variants(Filled::new(9), loud("right"), pair)));
        drop_everywhere("variants", 5, || variants(Filled::new(9), loud("right"), pair));
    }
    drop_everywhere("all of them", 8, || all_of_them(1, Filled::new(2), loud("d")));
    drop_everywhere("straight", 5, || straight(3, Filled::new(4), loud("d")));
    drop_everywhere("tuples", 6, || tuples(Filled::new(5), Filled::new(6), loud("third")));
}
