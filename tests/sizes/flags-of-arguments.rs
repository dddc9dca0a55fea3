//! An argument that is a capture lies where it was captured, and it is dropped if evaluating the next argument
//! panics. The flag that says so is set where the value comes to its place: for a temporary after the suspension,
//! so that it is not saved. In place it would be, and the coroutine would be bigger than stock's.
//@ edition: 2024
//@ compile-flags: --crate-type=lib
//@ size: `{coroutine@$FILE:29:18: 29:34}` stock=26 classic=26 captures-only=26 packed=26
//@ size: `{coroutine@$FILE:37:18: 37:34}` stock=27 classic=27 captures-only=27 packed=27
//@ size: `{coroutine@$FILE:48:18: 48:34}` stock=27 classic=27 captures-only=27 packed=27
#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]
#![allow(unused)]

struct Noisy([u8; 25]);
impl Drop for Noisy {
    fn drop(&mut self) {}
}

#[inline(never)]
fn may_panic(n: u8) -> [u8; 64] {
    [n; 64]
}

fn give() -> u64 {
    5
}

async fn of_two(value: Noisy, bytes: [u8; 64]) {}

fn argument(value: Noisy) {
    #[coroutine] move |first: u8| {
        yield;
        let future = of_two(value, may_panic(1));
        give()
    };
}

fn variable(value: Noisy) {
    #[coroutine] move |first: u8| {
        yield;
        let variable = value;
        if first == 1 {
            drop(variable);
        }
        give()
    };
}

fn pair(value: Noisy) {
    #[coroutine] move |first: u8| {
        yield;
        let variable = value;
        let pair = (may_panic(first), variable, may_panic(2));
        give()
    };
}
