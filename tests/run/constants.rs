//! Coroutines in const evaluation: values in constants and statics, sizes, alignments, offsets.
//@ edition: 2024
//@ run-pass
#![feature(const_async_blocks, coroutines, coroutine_trait, stmt_expr_attributes)]

mod support;
use std::mem::{align_of, size_of, size_of_val};
use support::*;

const fn number_of<T>(_: &T) -> usize {
    size_of::<T>()
}

const CAPTURED: [u8; 4] = [1, 2, 3, 4];

const FUTURE: impl_future::Type = impl_future::make();

mod impl_future {
    use super::*;

    pub struct Type(pub u32);

    pub const fn make() -> Type {
        Type(3)
    }

    pub fn sized(captured: [u8; 64]) -> impl Future<Output = u8> {
        async move {
            wait().await;
            captured[1]
        }
    }
}

const fn future_with_captures(a: u64, b: [u8; 5]) -> impl Future<Output = u64> {
    async move {
        wait().await;
        let c = b;
        wait().await;
        a + c[4] as u64
    }
}

const fn size_of_result<A, R>(_: fn(A) -> R) -> usize {
    size_of::<R>()
}

const SIZE: usize = size_of_result(impl_future::sized);

/// An array whose length is a coroutine's size: wrong layouts in constants would show.
fn buffer_for_a_future() -> [u8; SIZE] {
    [0; SIZE]
}

async fn constant_inside(index: usize) -> u8 {
    const { assert!(align_of::<u64>() == 8) };
    let table = const { [5u8, 6, 7, 8] };
    wait().await;
    table[index] + CAPTURED[index]
}

fn main() {
    let future = impl_future::sized([9; 64]);
    println!("{}", buffer_for_a_future().len() == size_of_val(&future));
    println!("{}", number_of(&future) == SIZE);
    println!("{}", block_on(future));
    println!("{}", FUTURE.0);
    println!("{}", block_on(future_with_captures(40, [2; 5])));
    const MADE: u64 = {
        let future = future_with_captures(1, [1; 5]);
        let size = number_of(&future);
        std::mem::forget(future);
        (size > 0) as u64
    };
    println!("{MADE}");
    println!("{}", block_on(constant_inside(2)));
    let in_place = const { future_with_captures(7, [3; 5]) };
    println!("{}", block_on(in_place));
}
