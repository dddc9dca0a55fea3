//! rust-lang/rust #140132: a coroutine owns what it captures by move, yet may not store a borrow of
//! its own locals there (E0521): what is a field of the coroutine is not a local. Relocated before
//! borrowck, captures would be locals, and code that stock 1.95 refuses would compile (as under PR
//! #135527 at first). Under Snug, all errors are stock's.
//@ edition: 2024
//@ check-fail
#![feature(coroutines, stmt_expr_attributes)]

fn once(_: impl FnOnce()) {}

pub fn closure() {
    let mut outer = &3;
    once(move || {
        let inner = 5;
        outer = &inner;
    });
    _ = outer;
}

pub fn coroutine(x: &i32) {
    let mut outer = &3;
    let _ = #[coroutine]
    move || {
        let inner = 5;
        outer = &inner;
        yield ();
    };
    _ = (outer, x);
}

pub fn block() {
    let mut outer = &3;
    let _ = async move {
        let inner = 5;
        outer = &inner;
        std::future::ready(()).await;
    };
    _ = outer;
}

pub fn async_closure() {
    let mut outer = &3;
    let _ = async move || {
        let inner = 5;
        outer = &inner;
        std::future::ready(()).await;
    };
}

/// Accepted: here it is a local.
pub async fn parameter(mut outer: &i32) -> i32 {
    let inner = 5;
    let before = *outer;
    outer = &inner;
    std::future::ready(()).await;
    before + *outer
}

fn main() {}
