//! Raw pointers into variables that have been moved out of, where the way from the reference to the pointer is not a
//! straight one: the coroutine gets it back from its caller, a callee writes it to where another argument points, a
//! reference is replaced through a borrow of it, assembly hands it on.
//!
//! As with other pointers, such a variable must not share its place with what it was moved to.
//@ edition: 2024
//@ run-pass
//@ only-x86_64 (instructions)
#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]

mod support;
use std::arch::asm;
use std::hint::black_box;
use std::ops::{Coroutine, CoroutineState};
use std::pin::pin;
use support::*;

struct Large([u64; 40]);

/// What is written through the pointer must not be seen here.
#[inline(never)]
fn consume(large: Large, mut write: impl FnMut()) -> u64 {
    let before = large.0[3];
    write();
    before * 1000 + black_box(&large).0[3]
}

/// The pointer comes back as what the coroutine is resumed with.
fn resumed_with() {
    let mut coroutine = pin!(
        #[coroutine]
        static |_: *mut Large| {
            let mut large = Large([1; 40]);
            let reference: &'static mut Large = unsafe { std::mem::transmute(&mut large) };
            let pointer: *mut Large = yield reference;
            consume(large, || unsafe { (*pointer).0[3] = 50 })
        }
    );
    let CoroutineState::Yielded(reference) = coroutine.as_mut().resume(std::ptr::null_mut()) else {
        unreachable!()
    };
    let CoroutineState::Complete(result) = coroutine.as_mut().resume(reference) else {
        unreachable!()
    };
    println!("resumed with: {result}");
}

#[inline(never)]
fn keep(slot: &mut *mut Large, large: &mut Large) {
    *slot = large;
}

async fn kept_by_callee() -> u64 {
    let mut slot = std::ptr::null_mut();
    let mut large = Large([2; 40]);
    keep(&mut slot, &mut large);
    wait().await;
    let result = consume(large, || unsafe { (*slot).0[3] = 60 });
    wait().await;
    result
}

async fn replaced_through_borrow() -> u64 {
    let mut other = Large([9; 40]);
    let mut large = Large([3; 40]);
    let mut reference = &mut other;
    let borrow = &mut reference;
    *borrow = &mut large;
    let pointer = reference as *mut Large;
    wait().await;
    let result = consume(large, || unsafe { (*pointer).0[3] = 70 });
    wait().await;
    result + other.0[0]
}

async fn through_assembly() -> u64 {
    let mut large = Large([4; 40]);
    let pointer: *mut Large;
    unsafe { asm!("mov {}, {}", out(reg) pointer, in(reg) &raw mut large) };
    wait().await;
    let result = consume(large, || unsafe { (*pointer).0[3] = 80 });
    wait().await;
    result
}

async fn written_by_assembly() -> u64 {
    let mut slot: *mut Large = std::ptr::null_mut();
    let mut large = Large([5; 40]);
    unsafe { asm!("mov [{}], {}", in(reg) &mut slot, in(reg) &mut large) };
    wait().await;
    let result = consume(large, || unsafe { (*slot).0[3] = 90 });
    wait().await;
    result
}

/// An upvar that becomes a variable later than at its entry.
async fn variable(mut large: Large) -> u64 {
    let mut slot = std::ptr::null_mut();
    keep(&mut slot, &mut large);
    wait().await;
    let mut moved = large;
    unsafe { (*slot).0[3] = 100 };
    wait().await;
    moved.0[4] += 1;
    moved.0[3] * 1000 + unsafe { (*slot).0[3] } + moved.0[4]
}

fn main() {
    resumed_with();
    println!("kept by callee: {}", block_on(kept_by_callee()));
    println!("replaced through borrow: {}", block_on(replaced_through_borrow()));
    println!("through assembly: {}", block_on(through_assembly()));
    println!("written by assembly: {}", block_on(written_by_assembly()));
    println!("variable: {}", block_on(variable(Large([6; 40]))));
}
