//! Shapes whose layouts are easily moved by a change of the pass or of the packing.
//@ edition: 2024
//@ compile-flags: --crate-type=lib
#![feature(coroutines, coroutine_trait, gen_blocks, stmt_expr_attributes)]
#![allow(unused)]

use std::future::ready;
use std::marker::PhantomData;
use std::pin::Pin;

fn look<T: ?Sized>(value: &T) {
    std::hint::black_box(value);
}

struct Loud<const N: usize>([u8; N]);

impl<const N: usize> Drop for Loud<N> {
    fn drop(&mut self) {
        look(&self.0);
    }
}

/// A future that is a variable of others.
async fn leaf(bytes: [u8; 5], word: u32) -> u32 {
    ready(()).await;
    look(&bytes);
    word
}

/// What a coroutine leaves of its tag's values is used by the enums around it.
async fn in_enums(flag: bool) {
    let mut next = Some(leaf([1; 5], 2));
    let mut nested = Some(Some(leaf([3; 5], 4)));
    ready(()).await;
    if let Some(next) = next.take() {
        next.await;
    }
    if flag && let Some(Some(nested)) = nested.take() {
        nested.await;
    }
}

macro_rules! sixteen_times {
    ($($body:tt)*) => { $($body)* $($body)* $($body)* $($body)* $($body)* $($body)* $($body)*
        $($body)* $($body)* $($body)* $($body)* $($body)* $($body)* $($body)* $($body)* $($body)* };
}

/// More states than a byte can tell apart.
fn many_states(kept: u16, first: Loud<3>) -> impl Iterator<Item = u16> {
    gen move {
        yield first.0[0].into();
        drop(first);
        sixteen_times! { sixteen_times! { yield kept; } }
        yield kept;
    }
}

#[repr(align(64))]
struct Line([u8; 65]);

async fn alignments(a: u8, b: u16, c: u32, d: u64, e: u128, f: Line, g: [u8; 3]) {
    ready(()).await;
    look(&(a, &f));
    drop(f);
    ready(()).await;
    look(&(b, c, &g));
    let late = [7u16; 5];
    ready(()).await;
    look(&(d, e, late));
}

/// Parts without bytes, one with an alignment of its own.
async fn nothing(a: (), b: [u64; 0], c: PhantomData<u8>, d: [Loud<0>; 2], e: u8) {
    ready(()).await;
    look(&(a, b, c, &d));
    ready(()).await;
    look(&e);
}

async fn drop_flags(flag: bool, a: Loud<9>, b: Loud<17>, c: String) {
    if flag {
        drop(a);
        ready(()).await;
        drop(b);
    } else {
        ready(()).await;
        drop(c);
        ready(()).await;
    }
    ready(()).await;
}

fn captures(by_ref: &mut [u64; 4], copied: u32, unused: [u8; 40]) -> impl Future<Output = u64> {
    let (text, list) = (String::from("a"), vec![1u8]);
    async move {
        let _ = unused;
        by_ref[0] += 1;
        ready(()).await;
        drop(text);
        ready(()).await;
        by_ref[1] + u64::from(copied) + list.len() as u64
    }
}

async fn patterns((a, (b, _)): (Loud<6>, ([u16; 3], u64)), [c, .., d]: [String; 4], _: [u8; 99]) {
    ready(()).await;
    look(&(&a, b));
    ready(()).await;
    look(&(c, d));
}

async fn generic<T, F: Future>(value: T, other: F, count: usize) -> F::Output {
    for _ in 0..count {
        ready(()).await;
    }
    let output = other.await;
    look(&value);
    output
}

/// Scopes one after the other and inside of each other, for which no order of placing is the best.
async fn scopes(capture: u16, wide: [u64; 3]) {
    {
        let (bytes, word) = ([0u8; 17], 0u64);
        ready(()).await;
        look(&(bytes, word));
        {
            let (half, more) = (0u16, [0u32; 3]);
            ready(()).await;
            look(&(half, more, bytes));
        }
    }
    look(&wide);
    {
        let (half, bytes, words) = (0u16, [0u8; 9], [0u64; 2]);
        ready(()).await;
        look(&(half, bytes));
        let tail = [0u8; 23];
        ready(()).await;
        look(&(words, tail));
    }
    look(&capture);
}

macro_rules! overlapping {
    ($($name:ident: [$ty:ident; $count:literal]),*) => {
        /// More parts than are searched for the best layout; each lives for some suspensions.
        async fn many_parts() {
            let mut last: u64 = 0;
            $(
                let $name = [1 as $ty; $count];
                ready(()).await;
                last += u64::from($name[0]);
            )*
            $(
                if last % 3 == 1 {
                    look(&$name);
                    ready(()).await;
                }
            )*
        }
    };
}
overlapping! {
    a: [u8; 3], b: [u16; 5], c: [u32; 1], d: [u64; 2], e: [u8; 7], f: [u16; 1], g: [u32; 3],
    h: [u64; 1], i: [u8; 13], j: [u16; 3], k: [u32; 2], l: [u64; 3], m: [u8; 1], n: [u16; 7],
    o: [u32; 5], p: [u64; 1], q: [u8; 29], r: [u16; 2], s: [u32; 1], t: [u64; 4], u: [u8; 11],
    v: [u16; 9], w: [u32; 4], x: [u64; 2], y: [u8; 2], z: [u16; 4], aa: [u32; 7], ab: [u64; 1],
    ac: [u8; 31], ad: [u16; 6], ae: [u32; 2], af: [u64; 2], ag: [u8; 5], ah: [u16; 8], ai: [u32; 3]
}

async fn arms(choice: u8, text: String) -> usize {
    let held = match choice {
        0 => leaf([0; 5], 1).await as usize,
        1 => {
            let list = vec![1u16; 3];
            ready(()).await;
            list.len()
        }
        _ => {
            let array = [text.len(); 6];
            ready(()).await;
            array[3]
        }
    };
    ready(()).await;
    held + text.len()
}

async fn borrows(mut list: Vec<u8>, index: usize) -> u8 {
    let first = &mut list[index];
    ready(()).await;
    *first += 1;
    let slice = &list[1..];
    ready(()).await;
    slice.iter().sum()
}

fn recursive(depth: u32, kept: Loud<2>) -> Pin<Box<dyn Future<Output = u32>>> {
    Box::pin(async move {
        if depth == 0 {
            return 0;
        }
        let below = recursive(depth - 1, Loud([1; 2])).await;
        look(&kept);
        below + 1
    })
}

struct Held<F> {
    before: u16,
    future: F,
    after: [u8; 3],
}

async fn in_other_types(flag: u8) -> u32 {
    let held = Held { before: 1, future: leaf([0; 5], 1), after: [flag; 3] };
    let two = [leaf([1; 5], 2), leaf([2; 5], 3)];
    ready(()).await;
    let sum = held.future.await;
    let [one, other] = two;
    let pair = (one, other);
    ready(()).await;
    sum + pair.1.await + u32::from(held.before)
}

async fn closures(word: u64, text: String) -> u64 {
    let by_ref = async |n: u64| {
        ready(()).await;
        n + word
    };
    let sum = by_ref(1).await;
    let by_move = async move |n: usize| {
        ready(()).await;
        n + text.len()
    };
    sum + call_once(by_move).await as u64
}

async fn call_once<F: AsyncFnOnce(usize) -> usize>(function: F) -> usize {
    ready(()).await;
    function(2).await
}

/// Movable, and an address is taken: left alone where there is nothing to drop.
fn movable(mut number: u64, loud: Loud<4>, plain: u32) -> impl std::ops::Coroutine<u8> {
    #[coroutine]
    move |mut argument: u8| {
        let address = &raw mut number;
        argument = yield 1u8;
        look(&address);
        drop(loud);
        argument = yield argument;
        look(&plain);
    }
}

async gen fn stream(from: u32, text: String) -> u32 {
    for n in from..3 {
        let value = leaf([0; 5], n).await;
        yield value;
    }
    yield text.len() as u32;
}

async fn moved_on(big: [u8; 77]) -> u8 {
    let again = big;
    ready(()).await;
    let last = again;
    ready(()).await;
    last[3]
}

pub fn all() {
    drop(in_enums(true));
    drop(many_states(1, Loud([0; 3])));
    drop(alignments(1, 2, 3, 4, 5, Line([0; 65]), [0; 3]));
    drop(nothing((), [], PhantomData, [Loud([]), Loud([])], 1));
    drop(drop_flags(true, Loud([0; 9]), Loud([0; 17]), String::new()));
    drop(captures(&mut [0; 4], 1, [0; 40]));
    drop(patterns((Loud([0; 6]), ([0; 3], 1)), [const { String::new() }; 4], [0; 99]));
    drop(generic(1u8, leaf([0; 5], 1), 2));
    drop(generic([1u64; 3], ready(1u16), 2));
    drop(generic(Loud([1; 21]), generic(1u32, ready([0u8; 7]), 3), 2));
    drop(scopes(1, [0; 3]));
    drop(many_parts());
    drop(arms(1, String::new()));
    drop(borrows(vec![], 1));
    drop(recursive(1, Loud([0; 2])));
    drop(in_other_types(1));
    drop(closures(1, String::new()));
    drop(movable(1, Loud([0; 4]), 2));
    drop(stream(1, String::new()));
    drop(moved_on([0; 77]));
}
