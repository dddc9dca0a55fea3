//! Parameters and variables of every kind: `ref`, `ref mut`, `mut`, `_`, `_x`, shadowed, patterns in patterns, of functions,
//! methods, closures and blocks; declared and filled later; destructuring assignments.
//@ edition: 2024
//@ run-pass
#![allow(unused_variables, unused_assignments)]

#[macro_use]
mod support;
use support::trace::*;

struct Pair {
    left: Traced,
    right: Traced,
}

fn pair() -> Pair {
    Pair { left: traced("left"), right: traced("right") }
}

async fn unnamed(_: Traced, _named: Traced, (_, _inner): (Traced, Traced), used: Traced, _: Pair) {
    pause().await;
    used.look();
    pause().await;
}

async fn only_unnamed(_: Traced, _: (Traced, u8), Pair { .. }: Pair, _last: Traced) {}

async fn mutable(mut a: Traced, (mut b, c): (Traced, Traced), mut count: u32) -> u32 {
    a.rename("a2");
    pause().await;
    b = a;
    pause().await;
    a = c;
    count += b.look() + a.look();
    count
}

async fn by_reference(ref a: Traced, ref mut b: Traced, (ref c, d): (Traced, Traced), Pair { ref mut left, right }: Pair) {
    a.look();
    pause().await;
    b.rename("b2");
    left.rename("l2");
    pause().await;
    drop(d);
    drop(right);
    c.look();
    left.look();
}

/// The parameters that are shadowed live on to the end.
async fn shadowed(value: Traced, other: Traced) -> u32 {
    let value = (value, traced("second"));
    pause().await;
    let other = other.look();
    let value = value.0;
    pause().await;
    let value = async move { value.look() };
    let value = value.await;
    value + other
}

async fn one_name_twice((x, _): (Traced, Traced), y: Traced) -> u32 {
    let x = x;
    {
        let x = y;
        pause().await;
        x.look();
    }
    let y = x;
    pause().await;
    let x = &y;
    x.look()
}

async fn whole_and_parts(whole @ Pair { .. }: Pair, number @ 0..: u32, ref tuple @ (ref a, _): (Traced, Traced)) -> u32 {
    pause().await;
    a.look();
    drop(whole.right);
    pause().await;
    tuple.1.look() + number
}

async fn locals(a: Traced, b: Traced, flag: bool) -> u32 {
    let (ref x, mut y) = (a, b);
    let ref z = traced("z");
    let ref mut w = traced("w");
    pause().await;
    y.rename("y");
    w.rename("w2");
    let late;
    let later: Traced;
    if flag {
        late = y;
        pause().await;
    } else {
        later = y;
        late = traced("late");
        pause().await;
        later.look();
    }
    pause().await;
    x.look() + z.look() + w.look() + late.look()
}

async fn destructured(mut a: Traced, mut b: Traced, mut pair: Pair, mut array: [u32; 3]) -> u32 {
    (a, b) = (b, a);
    pause().await;
    let number;
    [_, number, array[0]] = [1, 2, 3];
    (pair.left, _) = (a, traced("lost"));
    pause().await;
    Pair { right: a, .. } = pair;
    pause().await;
    (b, pair) = (a, Pair { left: b, right: traced("r") });
    pause().await;
    number + array[0] + b.look() + pair.left.look()
}

async fn in_arms(option: Option<(Traced, u32)>, result: Result<Traced, Pair>, mut slot: Option<Traced>) -> u32 {
    let number = match option {
        Some((ref value, n @ 1..=5)) if value.look() > 0 => {
            pause().await;
            n + value.look()
        }
        Some((value, n)) => {
            pause().await;
            drop(value);
            n
        }
        None => 0,
    };
    if let Some(ref mut inside) = slot {
        pause().await;
        inside.rename("inside");
    }
    match result {
        Ok(value) | Err(Pair { left: value, .. }) => {
            pause().await;
            value.look();
        }
    }
    number + slot.map_or(0, |slot| slot.look())
}

struct Owner(Traced);

impl Owner {
    async fn method(self, _: Traced, mut other: Traced, (_, part): (Traced, Traced)) -> u32 {
        pause().await;
        other = self.0;
        pause().await;
        other.look() + part.look()
    }

    async fn unused_self(self, value: Traced) -> Traced {
        pause().await;
        value
    }
}

async fn closures(a: Traced, b: Traced) -> u32 {
    let closure = async |_: Traced, mut x: Traced, (y, _): (Traced, Traced), Pair { ref left, .. }: Pair| {
        pause().await;
        x = y;
        left.look() + x.look()
    };
    let sum = closure(traced("0"), traced("x"), (traced("y"), traced("z")), pair()).await;
    let once = async move |x: Traced| {
        let a = a;
        pause().await;
        (a, x)
    };
    let (a, x) = once(b).await;
    sum + a.look()
}

fn main() {
    support::quiet();
    let two = || (traced("c"), traced("d"));
    everywhere! {
        unnamed(traced("a"), traced("b"), two(), traced("e"), pair()),
        only_unnamed(traced("a"), (traced("b"), 1), pair(), traced("c")),
        mutable(traced("a"), two(), 1),
        by_reference(traced("a"), traced("b"), two(), pair()),
        shadowed(traced("value"), traced("other")),
        one_name_twice(two(), traced("y")),
        whole_and_parts(pair(), 7, two()),
        locals(traced("a"), traced("b"), true),
        locals(traced("a"), traced("b"), false),
        destructured(traced("a"), traced("b"), pair(), [0; 3]),
        in_arms(Some((traced("some"), 3)), Ok(traced("ok")), Some(traced("slot"))),
        in_arms(Some((traced("some"), 9)), Err(pair()), None),
        Owner(traced("self")).method(traced("a"), traced("b"), two()),
        Owner(traced("self")).unused_self(traced("v")),
        closures(traced("a"), traced("b")),
    }
}
