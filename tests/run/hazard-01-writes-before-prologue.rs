//! What the first resume writes before it takes the captures (resume arguments, drop flags) must
//! not lie where a capture lies.
//@ edition: 2024
//@ run-pass
#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]

mod support;
use std::ops::{Coroutine, CoroutineState};
use std::pin::pin;
use support::*;

fn drive<A: Clone + std::fmt::Debug, C>(what: &str, arguments: &[A], coroutine: C)
where
    C: Coroutine<A>,
    C::Yield: std::fmt::Debug,
    C::Return: std::fmt::Debug,
{
    println!("{what}");
    let mut coroutine = pin!(coroutine);
    for argument in arguments {
        match coroutine.as_mut().resume(argument.clone()) {
            CoroutineState::Yielded(value) => println!("  yielded {value:?}"),
            CoroutineState::Complete(value) => return println!("  returned {value:?}"),
        }
    }
    println!("  dropping");
}

fn numbers() {
    let (p, q) = (0x1111_2222_3333_4444u64, 0x5555_6666_7777_8888u64);
    drive("u64", &[7, 9, 11], #[coroutine] move |x: u64| {
        let t = p ^ q;
        let z = yield t;
        x + z
    });
    let bytes: [u8; 32] = std::array::from_fn(|i| i as u8);
    drive("[u8; 32]", &[[0xff; 32], [1; 32]], #[coroutine] move |x: [u8; 32]| {
        let sum: u32 = bytes.iter().map(|b| *b as u32).sum();
        let z = yield sum;
        (x[0], z[0])
    });
    let a = 1u8;
    let b = 2u16;
    let c = 3u32;
    let d = 4u64;
    drive("u128", &[u128::MAX, 5, 6], #[coroutine] move |x: u128| {
        let z = yield (a, b, c, d);
        let y = yield (a + 1, b + 1, c + 1, d + 1);
        x.wrapping_add(y).wrapping_add(z)
    });
}

fn owners() {
    let (p, q) = (loud("p"), loud("q"));
    drive(
        "String",
        &["first".to_owned(), "second".to_owned(), "third".to_owned()],
        #[coroutine]
        move |x: String| {
            let both = format!("{}{}", p.name(), q.name());
            let z = yield both;
            drop(p);
            let y = yield x.clone();
            drop(q);
            format!("{x} {y} {z}")
        },
    );
    for polls in 0..3 {
        let (p, q) = (vec![1u64, 2, 3], loud("q"));
        let arguments: Vec<Option<Vec<i32>>> = (0..polls).map(|i| Some(vec![i; 4])).collect();
        drive(&format!("Option<Vec>, {polls} times"), &arguments, #[coroutine] move |x: Option<Vec<i32>>| {
            let z = yield (p.len(), x.clone());
            let y = yield (q.name().len(), z);
            (x, y, p)
        });
    }
}

fn unused_and_shadowed() {
    let p = [3u64; 8];
    drive("unused", &[[9u64; 8]; 3], #[coroutine] move |_: [u64; 8]| {
        yield p[0];
        p[7]
    });
    drive("pattern", &[(1u64, loud_name("a")); 2], #[coroutine] move |(n, name): (u64, &'static str)| {
        let first = p[n as usize];
        let (m, other) = yield first;
        (n + m, name, other)
    });
}

fn loud_name(name: &'static str) -> &'static str {
    name
}

/// Drop flags are cleared first of all: they need places of their own.
async fn flags(a: Loud, b: Loud, c: Loud, which: u8, bytes: [u8; 16]) -> u32 {
    let x;
    let y;
    if which & 1 != 0 {
        x = a;
        println!("    moved {}", x.name());
    }
    if which & 2 != 0 {
        y = b;
        println!("    moved {}", y.name());
    }
    wait().await;
    if which & 4 != 0 {
        drop(c);
    }
    wait().await;
    bytes.iter().map(|byte| *byte as u32).sum()
}

fn main() {
    numbers();
    owners();
    unused_and_shadowed();
    for which in 0..8 {
        let make = || flags(loud("a"), loud("b"), loud("c"), which, [which; 16]);
        println!("sum {}", block_on(make()));
        drop_everywhere(&format!("flags {which}"), 3, make);
    }
}
