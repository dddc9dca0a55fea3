//! Refused: in a coroutine that can be moved, a raw pointer may lead to what has moved out.
//@ edition: 2024

#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]

use std::ops::Coroutine;

pub fn shown(x: Big) -> impl Coroutine<Yield = (), Return = ()> {
    #[coroutine]
    move || {
        keep(&raw const x);
        drop(x);
        yield;
    }
}

fn keep(_: *const Big) {}

pub struct Big([u8; 64]);

impl Drop for Big {
    fn drop(&mut self) {}
}
