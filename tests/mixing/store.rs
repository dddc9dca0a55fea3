//! The upstream crate: futures of all kinds, and functions that use them here.
//!
//! What is not generic is compiled here; what is generic, where it is used. Both must have the same
//! idea of every future. `sizes!()` lists the sizes that the crate with the macro call sees. A call
//! of `size_of_val` would not do: crates share the instances of generic functions.

#![feature(type_alias_impl_trait)]

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// Pending once.
#[derive(Default)]
pub struct Wait(bool);

impl Future for Wait {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        self.0 = !self.0;
        if self.0 { Poll::Pending } else { Poll::Ready(()) }
    }
}

/// Says when it is dropped.
pub struct Loud(pub &'static str);

impl Drop for Loud {
    fn drop(&mut self) {
        println!("dropped {}", self.0);
    }
}

pub fn finish<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(result) = poll_once(future.as_mut()) {
            return result;
        }
    }
}

pub fn poll_once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

pub async fn hold(bytes: [u8; 1024]) -> u8 {
    Wait::default().await;
    bytes[7]
}

pub async fn guarded(first: Loud, second: Loud) -> usize {
    let third = Loud("third");
    Wait::default().await;
    drop(second);
    Wait::default().await;
    first.0.len() + third.0.len()
}

pub async fn generic<T: Clone>(value: T, times: usize) -> Vec<T> {
    let mut all = Vec::new();
    for _ in 0..times {
        Wait::default().await;
        all.push(value.clone());
    }
    all
}

pub fn returned<T: Copy + 'static>(value: T) -> impl Future<Output = T> {
    async move {
        Wait::default().await;
        value
    }
}

/// Nothing is captured. In stock, what lives across two awaits keeps its bytes for ever: Snug's
/// layout would be smaller.
pub fn without_captures() -> impl Future<Output = u64> {
    async {
        let mut sum = 0;
        for _ in 0..2 {
            let words = [1u64; 9];
            Wait::default().await;
            Wait::default().await;
            sum += words[3];
        }
        for _ in 0..3 {
            let words = [1u64; 9];
            Wait::default().await;
            Wait::default().await;
            sum += words[4];
        }
        sum
    }
}

/// A future between other fields, whose places depend on it.
pub struct Embedded<F: Future> {
    pub before: u8,
    pub future: F,
    pub after: u64,
}

pub fn embedded(words: [u64; 6]) -> Embedded<impl Future<Output = u64>> {
    let future = async move {
        Wait::default().await;
        words.iter().sum()
    };
    Embedded { before: 1, future, after: 2 }
}

pub type Named = impl Future<Output = u64>;

#[define_opaque(Named)]
pub fn named(words: [u64; 9]) -> Named {
    async move {
        let first = words[0];
        Wait::default().await;
        first + words[8]
    }
}

/// Compiled here: it takes what other crates have made, moved and polled.
pub fn finish_named(embedded: Embedded<Named>) -> [u64; 3] {
    [embedded.before.into(), finish(embedded.future), embedded.after]
}

pub fn boxed(text: String) -> Pin<Box<dyn Future<Output = usize>>> {
    Box::pin(async move {
        Wait::default().await;
        text.len()
    })
}

pub fn finish_boxed(mut future: Pin<Box<dyn Future<Output = usize> + '_>>) -> (usize, usize) {
    (size_of_val(&*future), finish(future.as_mut()))
}

pub fn row(start: u8) -> [impl Future<Output = u8>; 3] {
    [0, 1, 2].map(|step| async move {
        Wait::default().await;
        start + step
    })
}

pub fn closure(base: [u64; 4]) -> impl AsyncFn(u64) -> u64 {
    async move |index| {
        Wait::default().await;
        base[index as usize]
    }
}

pub async fn call<C: AsyncFn(u64) -> u64>(closure: C) -> u64 {
    closure(1).await + closure(2).await
}

/// The second field lies where the future ends.
#[repr(C)]
pub struct Ruler<F>(pub F, pub u8);

#[macro_export]
macro_rules! size {
    ($future:expr) => {{
        let ruler = $crate::Ruler($future, 0);
        (&raw const ruler.1) as usize - (&raw const ruler) as usize
    }};
}

#[macro_export]
macro_rules! sizes {
    () => {
        vec![
            ("store::hold", $crate::size!($crate::hold([0; 1024]))),
            ("store::generic", $crate::size!($crate::generic([0u16; 70], 1))),
            ("store::returned", $crate::size!($crate::returned([0u32; 40]))),
            ("store::without_captures", $crate::size!($crate::without_captures())),
            ("store::embedded", $crate::size!($crate::embedded([0; 6]))),
            ("store::named", $crate::size!($crate::named([0; 9]))),
            ("store::row", $crate::size!($crate::row(0))),
            ("store::closure", $crate::size!($crate::closure([0; 4]))),
            ("store::call", $crate::size!($crate::call($crate::closure([0; 4])))),
            ("store::boxed", size_of_val(&*$crate::boxed(String::new()))),
        ]
    };
}

#[inline(never)]
pub fn sizes() -> Vec<(&'static str, usize)> {
    sizes!()
}
