//! Values of which nobody knows yet whether they have destructors, in variables of their own behind a suspension. No flag is
//! saved that says whether they still are where they were captured.
//@ edition: 2024
//@ compile-flags: --crate-type=lib
//@ size: `{async fn body of around()}` stock=9 classic=9 captures-only=9 packed=9
//@ size: `{async fn body of parameter<[u8; 7]>()}` stock=16 classic=16 captures-only=9 packed=9
//@ size: `{async fn body of parts<Ended>()}` stock=3 classic=3 captures-only=3 packed=3

#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]

use std::future::pending;
use std::hint::black_box;
use std::ops::Coroutine;

pub struct Ended;
impl Drop for Ended {
    fn drop(&mut self) {}
}

/// It may unwind: whatever is alive then is dropped.
#[inline(never)]
fn make() -> u8 {
    1
}

pub fn coroutine<G>(captured: G) -> impl Coroutine<u8, Yield = u8, Return = u8> {
    #[coroutine]
    static move |_: u8| {
        yield make();
        let _variable = captured;
        make()
    }
}

pub async fn parameter<G>(captured: G) -> u8 {
    make();
    pending::<()>().await;
    let _variable = captured;
    make()
}

pub async fn parts<G>((first, second): (G, G)) -> u8 {
    make();
    pending::<()>().await;
    let _variable = first;
    let _other = second;
    make()
}

pub async fn around() -> u8 {
    let coroutine = coroutine([1u8; 7]);
    pending::<()>().await;
    black_box(&coroutine);
    1
}

pub fn all() -> [usize; 5] {
    [
        size_of_val(&coroutine(Ended)),
        size_of_val(&coroutine([1u8; 7])),
        size_of_val(&parameter([1u8; 7])),
        size_of_val(&parts((Ended, Ended))),
        size_of_val(&around()),
    ]
}
