//! A hundred captures, parameters and parts: by value, by reference, by mutable reference, moved on conditions,
//! in every second suspension; a hundred values made before and in between. (`hundred-captures.rs` has one that
//! lets them die one after the other.)
//@ edition: 2024
//@ not-poisoned: rubbish for a hundred variables at a hundred places takes LLVM all memory
//@ run-pass
#![allow(unused_assignments)]

#[macro_use]
mod support;
use std::cell::Cell;
use support::trace::*;

/// Calls a macro with a hundred names and numbers.
macro_rules! hundred {
    ($use:ident) => {
        $use! {
            a0 0, a1 1, a2 2, a3 3, a4 4, a5 5, a6 6, a7 7, a8 8, a9 9,
            b0 10, b1 11, b2 12, b3 13, b4 14, b5 15, b6 16, b7 17, b8 18, b9 19,
            c0 20, c1 21, c2 22, c3 23, c4 24, c5 25, c6 26, c7 27, c8 28, c9 29,
            d0 30, d1 31, d2 32, d3 33, d4 34, d5 35, d6 36, d7 37, d8 38, d9 39,
            e0 40, e1 41, e2 42, e3 43, e4 44, e5 45, e6 46, e7 47, e8 48, e9 49,
            f0 50, f1 51, f2 52, f3 53, f4 54, f5 55, f6 56, f7 57, f8 58, f9 59,
            g0 60, g1 61, g2 62, g3 63, g4 64, g5 65, g6 66, g7 67, g8 68, g9 69,
            h0 70, h1 71, h2 72, h3 73, h4 74, h5 75, h6 76, h7 77, h8 78, h9 79,
            i0 80, i1 81, i2 82, i3 83, i4 84, i5 85, i6 86, i7 87, i8 88, i9 89,
            j0 90, j1 91, j2 92, j3 93, j4 94, j5 95, j6 96, j7 97, j8 98, j9 99
        }
    };
}

/// A value without a trace that fits a number: its bytes are checked.
fn bytes<const N: usize>(number: usize) -> [u8; N] {
    [number as u8; N]
}

fn check<const N: usize>(bytes: &[u8; N], number: usize) -> usize {
    assert!(bytes.iter().all(|byte| *byte == number as u8), "{bytes:?} is not {number}");
    number
}

thread_local! {
    /// Only every tenth value leaves a trace: a hundred times a hundred would be read by nobody.
    static DROPS: Cell<usize> = const { Cell::new(0) };
}

/// Counts the order in which it is dropped, among others.
#[derive(Debug)]
struct Counted(usize);

impl Drop for Counted {
    fn drop(&mut self) {
        DROPS.set(DROPS.get().wrapping_mul(31).wrapping_add(self.0));
        if self.0 % 25 == 0 {
            say!("-{} {:x}", self.0, DROPS.get());
        }
    }
}

fn start() {
    DROPS.set(0);
}

macro_rules! parameters {
    ($($name:ident $number:literal),*) => {
        #[allow(clippy::too_many_arguments)]
        async fn parameters($($name: Counted),*) -> usize {
            pause().await;
            let mut sum = 0;
            $(if $number % 3 == 0 { sum += $name.0; drop($name); })*
            pause().await;
            sum
        }

        fn call_parameters() -> impl Future<Output = usize> {
            start();
            parameters($(Counted($number)),*)
        }
    };
}

macro_rules! captures {
    ($($name:ident $number:literal),*) => {
        fn by_value(which: usize) -> impl Future<Output = usize> {
            start();
            $(let $name = (Counted($number), bytes::<{ $number % 17 + 1 }>($number));)*
            async move {
                let mut sum = which;
                $(
                    if $number % 10 == which {
                        pause().await;
                        drop($name.0);
                    } else if $number % 7 == which {
                        sum += check(&$name.1, $number);
                    }
                )*
                pause().await;
                $(sum += check(&$name.1, $number);)*
                sum
            }
        }

        async fn by_reference(which: usize) -> usize {
            start();
            $(let mut $name = (Counted($number), bytes::<{ $number % 17 + 1 }>($number));)*
            let block = async {
                let mut sum = 0;
                $(
                    match $number % 20 {
                        0 => pause().await,
                        1 | 2 => $name.1 = bytes($number),
                        3 => $name.0 = Counted(100 + $number),
                        _ => sum += check(&$name.1, $number),
                    }
                )*
                sum
            };
            let mut sum = block.await;
            pause().await;
            if which == 1 {
                $(sum += check(&$name.1, $number) + $name.0.0;)*
            }
            sum
        }

        async fn parts(array: [Counted; 100], which: usize) -> usize {
            let [$($name),*] = array;
            pause().await;
            let mut sum = 0;
            $(
                let $name = if $number % 10 == which { sum += $name.0; None } else { Some($name) };
                if $number % 33 == 0 {
                    pause().await;
                }
            )*
            $(sum += $name.map_or(0, |counted| counted.0);)*
            sum
        }
    };
}

hundred!(parameters);
hundred!(captures);

fn array() -> [Counted; 100] {
    start();
    std::array::from_fn(Counted)
}

fn main() {
    support::quiet();
    everywhere! {
        call_parameters(),
        by_value(3),
        by_value(11),
        by_reference(0),
        by_reference(1),
        parts(array(), 5),
    }
}
