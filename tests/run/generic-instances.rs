//! The same bodies with types of every kind: `Copy`, with a destructor, without size, large, borrowed, boxed, over-aligned,
//! functions, futures. Drop flags, merged places and saved values are those of the generic body, layouts
//! those of the instance.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use std::fmt::Debug;
use support::trace::*;

#[derive(Debug)]
struct Nothing;

#[derive(Debug)]
struct DroppedNothing;

impl Drop for DroppedNothing {
    fn drop(&mut self) {
        event("-nothing");
    }
}

#[derive(Debug)]
#[repr(align(128))]
struct Wide(#[expect(dead_code)] Traced);

#[derive(Clone, Copy, Debug)]
#[repr(u8)]
enum Small {
    One = 1,
    Two,
}

fn show<T: Debug>(value: &T) {
    event(&format!("{value:?}"));
}

async fn moved<T: Debug>(a: T, b: T, take: bool) -> T {
    show(&a);
    pause().await;
    if take {
        eat(b);
        pause().await;
        return a;
    }
    drop(a);
    pause().await;
    b
}

fn captured<T: Debug, U: Debug>(t: T, u: U, mut list: Vec<T>) -> impl Future<Output = (U, Option<T>)> {
    async move {
        list.push(t);
        pause().await;
        let last = list.pop();
        pause().await;
        show(&u);
        (u, last)
    }
}

async fn patterns<T: Debug, U: Debug>((a, _, b): (T, U, T), [first, second]: [U; 2]) -> [T; 2] {
    pause().await;
    drop(first);
    show(&b);
    pause().await;
    eat(second);
    [b, a]
}

async fn loops<T: Debug>(mut value: T, make: impl Fn(u32) -> T, times: u32) -> T {
    for turn in 0..times {
        let old = std::mem::replace(&mut value, make(turn));
        pause().await;
        if turn == 1 {
            value = old;
        }
    }
    value
}

async fn kept_until<T: Debug>(value: Option<T>, other: Result<T, T>) -> T {
    let either = match other {
        Ok(value) => value,
        Err(error) => {
            pause().await;
            return error;
        }
    };
    match value {
        Some(value) => {
            pause().await;
            eat(either);
            value
        }
        None => {
            pause().await;
            either
        }
    }
}

async fn awaits<F: Future<Output: Debug>, T: Debug>(future: F, beside: T) -> (F::Output, T) {
    let output = future.await;
    show(&output);
    pause().await;
    (output, beside)
}

/// By a trait with a type and a constant of its own.
trait Kind {
    type Part: Debug;
    const TIMES: u32;
    fn part(&self, turn: u32) -> Self::Part;
}

impl Kind for u8 {
    type Part = Traced;
    const TIMES: u32 = 2;
    fn part(&self, _: u32) -> Traced {
        traced("part")
    }
}

impl Kind for Traced {
    type Part = (u32, [u64; 30]);
    const TIMES: u32 = 1;
    fn part(&self, turn: u32) -> Self::Part {
        (self.look() + turn, [3; 30])
    }
}

impl Kind for () {
    type Part = ();
    const TIMES: u32 = 0;
    fn part(&self, _: u32) {}
}

async fn associated<K: Kind>(kind: K, first: K::Part) -> K::Part {
    let mut part = first;
    for turn in 0..K::TIMES {
        part = kind.part(turn);
        pause().await;
    }
    drop(kind);
    pause().await;
    part
}

macro_rules! instances {
    ($($ty:ty: $value:expr;)*) => {
        $(
            println!("INSTANCE {}", stringify!($ty));
            everywhere! {
                moved::<$ty>($value, $value, true),
                moved::<$ty>($value, $value, false),
                captured::<$ty, Traced>($value, traced("u"), vec![$value]),
                patterns::<$ty, Traced>(($value, traced("p"), $value), [traced("0"), traced("1")]),
                patterns::<Traced, $ty>((traced("a"), $value, traced("b")), [$value, $value]),
                loops::<$ty>($value, |_| $value, 3),
                kept_until::<$ty>(Some($value), Ok($value)),
                kept_until::<$ty>(None, Err($value)),
                awaits(async { pause().await; $value }, $value),
            }
        )*
    };
}

fn main() {
    support::quiet();
    instances! {
        u8: 7;
        Traced: traced("t");
        (): ();
        Nothing: Nothing;
        DroppedNothing: DroppedNothing;
        [u64; 40]: [5; 40];
        Wide: Wide(traced("w"));
        &'static [u64; 3]: &[1, 2, 3];
        Option<Box<Traced>>: Some(Box::new(traced("boxed")));
        Small: if support::fresh() % 2 == 0 { Small::One } else { Small::Two };
        (Traced, [Traced; 2]): (traced("x"), [traced("y"), traced("z")]);
    }
    everywhere! {
        associated(8u8, traced("first")),
        associated(traced("kind"), (0, [1; 30])),
        associated((), ()),
    }
}
