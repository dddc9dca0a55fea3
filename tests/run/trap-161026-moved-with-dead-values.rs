//! rust-lang/rust #161026 (and #159443): whoever moves a movable coroutine between two resumes
//! moves all of its fields, also those that hold nothing any more, or nothing yet. Stock 1.95 does
//! so too: Miri complains, code generators copy bytes. Under Snug those bytes may meanwhile be
//! someone else's, and outer fields of captures that are gone lie over them. So a move must carry
//! every byte, and nobody may read a dead capture.
//@ edition: 2024
//@ run-pass
#![feature(coroutines, coroutine_trait, stmt_expr_attributes, gen_blocks, yield_expr)]

mod support;
use std::num::NonZeroU64;
use std::ops::{Coroutine, CoroutineState};
use std::pin::Pin;
use support::tasks::*;

/// Has a drop flag and a reference; its memory is freed once.
struct Unique(&'static mut String);

fn unique(name: &str) -> Unique {
    Unique(Box::leak(Box::new(name.to_owned())))
}

impl Drop for Unique {
    fn drop(&mut self) {
        println!("    drop {}", self.0);
        drop(unsafe { Box::from_raw(self.0) });
    }
}

/// Resumes so many times, and moves the coroutine to another place each time.
fn moved<C: Coroutine<(), Yield = u64, Return = u64> + Unpin>(
    what: &str,
    resumes: u32,
    coroutine: C,
) {
    println!("{what}, {resumes} resumes");
    let mut coroutine = Box::new(Some(coroutine));
    for _ in 0..resumes {
        let mut taken = coroutine.take().unwrap();
        let result = Pin::new(&mut taken).resume(());
        // To the stack, to the same place, and to another one.
        let taken = std::hint::black_box(taken);
        if resumes % 2 == 0 {
            *coroutine = Some(taken);
        } else {
            coroutine = Box::new(Some(*Box::new(taken)));
        }
        match result {
            CoroutineState::Yielded(value) => println!("  {value}"),
            CoroutineState::Complete(value) => {
                println!("  end {value}");
                break;
            }
        }
    }
    println!("  dropping");
}

/// Captures whose bytes cannot be just anything: references, booleans, numbers that are not zero.
fn captures(flag: bool, resumes: u32) {
    let (a, b, c) = (unique("a"), unique("b"), unique("c"));
    let (number, letter, filled) = (NonZeroU64::new(5).unwrap(), 'x', Filled::<20>::new(1));
    moved(
        "captures",
        resumes,
        #[coroutine]
        move || {
            let first = number.get() + letter as u64 + flag as u64;
            let kept;
            if flag {
                kept = a;
            } else {
                drop(a);
                kept = b;
            }
            kept.0.push('!');
            yield first;
            let zeros = [0u64; 30];
            yield filled.sum() + zeros[7];
            let ones = [u64::MAX; 30];
            kept.0.push('?');
            yield ones[3] ^ zeros[4];
            drop(c);
            yield ones.iter().fold(0, |x, y| x ^ y);
            kept.0.len() as u64
        },
    );
}

/// Locals without a value, and some that have lost theirs.
fn locals(fill: bool, resumes: u32) {
    moved(
        "locals",
        resumes,
        #[coroutine]
        move || {
            let never: Unique;
            let later;
            let given = unique("given");
            if fill {
                never = unique("filled");
                never.0.push('.');
            }
            yield 1;
            if fill {
                later = given;
            } else {
                later = unique("later");
            }
            yield 2;
            later.0.push('+');
            yield later.0.len() as u64;
            3
        },
    );
}

/// #159443: reborrows what it has captured.
fn reborrows(number: &mut u64) -> impl Iterator<Item = u64> {
    gen move {
        let reborrowed = &mut *number;
        *reborrowed += 1;
        yield 1;
        *reborrowed += 10;
        yield *reborrowed;
        *number += 100;
    }
}

fn main() {
    for resumes in 0..6 {
        for flag in [false, true] {
            captures(flag, resumes);
            locals(flag, resumes);
        }
    }
    let mut number = 5;
    let mut first = reborrows(&mut number);
    println!("{:?}", first.next());
    let mut second = first;
    println!("{:?}", second.next());
    let mut third = Box::new(second);
    println!("{:?}", third.next());
    drop(third);
    println!("{number}");
}
