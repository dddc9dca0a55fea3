//! Refused: stock clones all captures in every state, and this `Clone` can tell.
//@ edition: 2024

#![feature(coroutine_clone, coroutines, coroutine_trait, stmt_expr_attributes)]

use std::ops::Coroutine;

pub fn shown(x: Big) -> impl Coroutine<Yield = (), Return = ()> + Clone {
    #[coroutine]
    move || {
        yield;
        let _moved = x;
    }
}

pub struct Big([u8; 64]);

impl Clone for Big {
    fn clone(&self) -> Big {
        Big(self.0)
    }
}
