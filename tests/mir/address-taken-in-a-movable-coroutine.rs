//! Refused: a pointer to the capture may be used across a `yield`, as the coroutine can be moved only in name.
//@ edition: 2024

#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]

use std::ops::Coroutine;

pub fn shown(x: Big) -> impl Coroutine<Yield = u8, Return = ()> {
    #[coroutine]
    move || {
        let first = (&x).0[0];
        yield first;
    }
}

pub struct Big([u8; 64]);
