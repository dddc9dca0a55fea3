//! Values without size, with destructors: captured, as arguments, in arrays and patterns, saved, moved on
//! conditions, over-aligned, generic. They take no bytes, but are dropped like any other.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use std::marker::PhantomData;
use support::trace::*;

/// A type for each name, so that the trace tells them apart.
#[derive(Debug)]
struct Zero<const NAME: char>;

impl<const NAME: char> Zero<NAME> {
    fn look(&self) -> u32 {
        say!("?{NAME}");
        NAME as u32
    }
}

impl<const NAME: char> Drop for Zero<NAME> {
    fn drop(&mut self) {
        say!("-{NAME}");
    }
}

/// Has no size, but an alignment.
#[repr(align(256))]
struct Wide<T>(T);

impl<T> Wide<T> {
    fn check(&self) {
        let address = std::hint::black_box(std::ptr::from_ref(self)).addr();
        say!("{}@{}", size_of::<Self>(), address % 256);
    }
}

async fn parameters(a: Zero<'a'>, _: Zero<'b'>, _c: Zero<'c'>, big: Traced<60>, d: Zero<'d'>) {
    pause().await;
    drop(d);
    pause().await;
    eat((a, big));
    pause().await;
}

async fn patterns(
    (a, _, c): (Zero<'a'>, Zero<'b'>, Zero<'c'>),
    [first, .., last]: [Zero<'e'>; 3],
    Wide(inside): Wide<Zero<'w'>>,
) {
    a.look();
    pause().await;
    drop(last);
    inside.look();
    pause().await;
    drop((first, c));
}

fn only_captures(a: Zero<'a'>, b: Zero<'b'>, wide: Wide<Zero<'w'>>) -> impl Future<Output = Zero<'b'>> {
    async move {
        let referenced = &b;
        wide.check();
        pause().await;
        referenced.look();
        drop(wide);
        pause().await;
        a.look();
        b
    }
}

async fn arrays(array: [Zero<'x'>; 4], empty: [Traced; 0], index: usize) -> u32 {
    let number = array[index].look() + empty.len() as u32;
    pause().await;
    let [a, rest @ ..] = array;
    pause().await;
    rest[index].look();
    drop(rest);
    pause().await;
    number + a.look()
}

async fn on_conditions(a: Zero<'a'>, mut b: Zero<'b'>, option: Option<Zero<'o'>>, condition: bool) {
    if condition {
        drop(a);
        pause().await;
        b = Zero;
    } else {
        pause().await;
        b.look();
    }
    if let Some(zero) = option {
        pause().await;
        eat(zero);
    }
    pause().await;
    b.look();
}

async fn in_a_loop(mut value: Zero<'v'>, times: u32) -> Zero<'v'> {
    for _ in 0..times {
        let moved = value;
        pause().await;
        moved.look();
        value = moved;
    }
    value
}

async fn closures(a: Zero<'a'>, b: Zero<'b'>, call: bool) {
    let closure = move || {
        a.look();
        a
    };
    let block = async move {
        b.look();
        pause().await;
    };
    pause().await;
    if call {
        drop(closure());
        block.await;
    }
    pause().await;
}

async fn generic<T, U>(t: T, marker: PhantomData<U>, u: U, tuple: (T, U)) -> (U, PhantomData<U>) {
    pause().await;
    drop(t);
    pause().await;
    eat(tuple.0);
    pause().await;
    drop(u);
    (tuple.1, marker)
}

/// Boxes and lists of nothing allocate nothing, and still own.
async fn owners(boxed: Box<Zero<'b'>>, mut list: Vec<Zero<'l'>>, unit: (), nested: ((), [(); 3])) {
    pause().await;
    let value = *boxed;
    list.pop();
    pause().await;
    say!("{unit:?} {nested:?}");
    drop(list);
    value.look();
}

fn main() {
    support::quiet();
    everywhere! {
        parameters(Zero, Zero, Zero, sized("big"), Zero),
        patterns((Zero, Zero, Zero), [Zero, Zero, Zero], Wide(Zero)),
        only_captures(Zero, Zero, Wide(Zero)),
        arrays([Zero, Zero, Zero, Zero], [], 2),
        on_conditions(Zero, Zero, Some(Zero), true),
        on_conditions(Zero, Zero, None, false),
        in_a_loop(Zero, 2),
        closures(Zero, Zero, true),
        closures(Zero, Zero, false),
        generic::<Zero<'t'>, Zero<'u'>>(Zero, PhantomData, Zero, (Zero, Zero)),
        generic::<Traced, Zero<'u'>>(traced("t"), PhantomData, Zero, (traced("t2"), Zero)),
        owners(Box::new(Zero), vec![Zero, Zero], (), ((), [(); 3])),
    }
}
