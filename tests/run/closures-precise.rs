//! Async closures whose futures capture less than the closure does: fields of what is moved in, what boxes
//! and references point to, one field of the closure split into several of the future. The by-move bodies
//! have their own captures, and reach these through fields and derefs.
//@ edition: 2024
//@ run-pass
#![feature(async_iterator, coroutine_trait)]

mod support;
#[path = "support/drive.rs"]
mod drive;
use std::rc::Rc;
use support::tasks::*;
use support::*;

async fn shared(f: impl AsyncFn(usize) -> usize) -> usize {
    f(1).await + f(2).await
}

async fn mutable(mut f: impl AsyncFnMut(usize) -> usize) -> usize {
    f(1).await + f(2).await
}

async fn once(f: impl AsyncFnOnce(usize) -> usize) -> usize {
    f(3).await
}

struct Inner {
    name: Loud,
    numbers: [u64; 9],
}

struct Outer {
    left: Inner,
    right: Box<Inner>,
    pair: (Loud, u16),
    maybe: Option<Loud>,
}

fn inner(name: &str) -> Inner {
    Inner { name: loud(name), numbers: [name.len() as u64; 9] }
}

fn outer() -> Outer {
    Outer {
        left: inner("left"),
        right: Box::new(inner("right")),
        pair: (loud("pair"), 3),
        maybe: Some(loud("maybe")),
    }
}

/// Each closure is made anew for every bound.
macro_rules! each {
    ($what:literal, [$($bound:ident),*], $make:expr) => {$(
        drive::futures(concat!($what, ", ", stringify!($bound)), 6, || $bound($make));
    )*};
}

fn fields() {
    each!("fields", [shared, mutable, once], {
        let outer = outer();
        async move |n: usize| {
            wait().await;
            println!("    {} {}", outer.left.name.name(), outer.right.name.name());
            wait().await;
            outer.left.numbers[n] as usize + outer.pair.1 as usize
        }
    });
    each!("whole and field", [shared, mutable, once], {
        let (outer, tasks) = (outer(), (owned("owned"), 5u8));
        async move |n: usize| {
            let Outer { pair: (first, _), .. } = &outer;
            tasks.0.look();
            wait().await;
            let whole = &outer;
            wait().await;
            first.name().len() + whole.right.numbers[n] as usize + tasks.1 as usize
        }
    });
    each!("fields, mutably", [mutable, once], {
        let mut outer = outer();
        async move |n: usize| {
            outer.left.numbers[n] += 1;
            let name = &mut outer.right.name;
            wait().await;
            *name = loud(&format!("new {n}"));
            outer.pair.1 += 1;
            wait().await;
            let gone = outer.maybe.take().is_some() as usize;
            outer.left.numbers[n] as usize + name.name().len() + gone + outer.pair.1 as usize
        }
    });
    each!("fields, consumed", [once], {
        let outer = outer();
        async move |n: usize| {
            let Outer { left: Inner { name, .. }, right, maybe, .. } = outer;
            wait().await;
            drop(name);
            let unboxed = *right;
            wait().await;
            drop(maybe);
            unboxed.numbers[n] as usize
        }
    });
    each!("fields, some consumed", [once], {
        let outer = outer();
        async move |n: usize| {
            drop(outer.left.name);
            wait().await;
            drop(outer.right.name);
            wait().await;
            outer.left.numbers[n] as usize + outer.right.numbers[n] as usize
        }
    });
}

fn behind_boxes_and_references() {
    each!("box", [shared, mutable, once], {
        let (boxed, counted) = (Box::new((loud("boxed"), 4u64)), Rc::new(loud("counted")));
        async move |n: usize| {
            wait().await;
            boxed.0.name().len() + counted.name().len() + n + boxed.1 as usize
        }
    });
    each!("box of box, mutably", [mutable, once], {
        let mut boxed = Box::new(Box::new((loud("boxed"), 4usize)));
        async move |n: usize| {
            boxed.1 += n;
            wait().await;
            boxed.0 = loud("put in");
            wait().await;
            boxed.1
        }
    });
    each!("box, consumed", [once], {
        let boxed = Box::new((loud("boxed"), loud("with it"), 4usize));
        async move |n: usize| {
            wait().await;
            let (first, _, number) = *boxed;
            wait().await;
            drop(first);
            wait().await;
            number + n
        }
    });
    let there = outer();
    each!("reference", [shared, mutable, once], {
        let (there, twice) = (&there, Box::new(&there));
        async move |n: usize| {
            let name = &there.left.name;
            wait().await;
            name.name().len() + twice.right.numbers[n] as usize
        }
    });
    let mut there = outer();
    let mut closure = {
        let there = &mut there;
        async |n: usize| {
            let left = &mut there.left;
            wait().await;
            left.numbers[n] += 1;
            left.name = loud("through two references");
            wait().await;
            there.right.numbers[n] as usize + left.numbers[n] as usize
        }
    };
    for polls in 0..5 {
        poll_and_drop("mutable reference", polls, mutable(&mut closure));
    }
    println!("{}", block_on(once(closure)));
    for polls in 0..4 {
        let there = &mut there;
        poll_and_drop("mutable reference, moved in", polls, once(async move |n: usize| {
            wait().await;
            there.maybe = Some(loud("put there"));
            there.left.numbers[n] as usize
        }));
    }
    println!("{:?}", there.left.numbers);
}

/// Several captures of which some are needed at first only, between others that live on.
fn many() {
    each!("many", [shared, mutable, once], {
        let (a, b, c) = (Filled::<30>::new(1), owned("b"), [7u16; 5]);
        let (d, e, f) = (loud("d"), (Filled::<5>::new(2), loud("e")), 9u8);
        async move |n: usize| {
            let first = a.sum() as usize % 100;
            let task = task("task", 1);
            let second = c[n] as usize + f as usize;
            drop(task.await);
            b.look();
            wait().await;
            println!("    {} {:x}", d.name(), e.0.sum());
            first + second
        }
    });
    each!("many, consumed", [once], {
        let (a, b, c) = (Filled::<30>::new(1), owned("b"), [7u16; 5]);
        let (d, e, f) = (loud("d"), (Filled::<5>::new(2), loud("e")), task("captured", 2));
        async move |n: usize| {
            let (e0, e1) = e;
            b.look();
            let result = f.await;
            drop(b);
            let held = [a.sum() as usize; 40];
            wait().await;
            drop((d, result));
            wait().await;
            drop(e1);
            e0.sum() as usize % 100 + held[n] % 100 + c[n] as usize
        }
    });
}

/// Closures and blocks inside take on what the closure has captured.
fn handed_on() {
    each!("handed on", [shared, mutable, once], {
        let (outer, number) = (outer(), 5u32);
        async move |n: usize| {
            let plain = |k: usize| outer.left.numbers[k] as usize + number as usize;
            let block = async {
                wait().await;
                outer.pair.0.name().len()
            };
            let closure = async || {
                wait().await;
                outer.right.name.name().len() + plain(n)
            };
            block.await + closure().await
        }
    });
    each!("handed on, consumed", [once], {
        let (outer, spare) = (outer(), loud("spare"));
        async move |n: usize| {
            let closure = async move || {
                wait().await;
                drop(outer.pair.0);
                wait().await;
                outer.left.numbers[n] as usize
            };
            let block = async move { spare.name().len() };
            closure().await + block.await
        }
    });
}

fn main() {
    quiet();
    fields();
    behind_boxes_and_references();
    many();
    handed_on();
}
