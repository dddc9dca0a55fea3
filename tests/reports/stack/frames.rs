//! How large the frames of some functions are: each calls itself, and the second call compares where it is with where the first one is.
#![allow(clippy::needless_return)]

use std::cell::Cell;
use std::hint::black_box;

thread_local! {
    /// Where the first call of a function is.
    static FIRST: Cell<usize> = const { Cell::new(0) };
}

/// What is called in each function: it calls it once more, and then says how far away that is.
fn visit(function: fn(u64) -> u64, name: &str, argument: u64) {
    let mark = 0u8;
    let here = black_box(&raw const mark) as usize;
    match FIRST.replace(here) {
        0 => drop(black_box(function(argument))),
        first => {
            // The frame of this function is a part of both.
            println!("{name} {}", first - here);
        }
    }
    FIRST.set(0);
}

type Page = [u8; 4096];

#[inline(never)]
fn page(byte: u64) -> Page {
    [byte as u8; 4096]
}

#[inline(never)]
fn sum(page: &Page) -> u64 {
    page.iter().map(|&byte| u64::from(byte)).sum()
}

#[inline(never)]
fn turned(mut page: Page) -> Page {
    page.reverse();
    page
}

macro_rules! arms {
    ($name:expr, $($number:literal)*) => {
        match $name {
            $($number => {
                let own = page($number);
                sum(&own) + sum(&page($number + 1))
            })*
            other => other,
        }
    };
}

/// A hundred arms, each with a page and a temporary of a page.
fn a_hundred_arms(which: u64) -> u64 {
    visit(a_hundred_arms, "a_hundred_arms", which);
    arms!(which,
        0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33
        34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64
        65 66 67 68 69 70 71 72 73 74 75 76 77 78 79 80 81 82 83 84 85 86 87 88 89 90 91 92 93 94 95
        96 97 98 99)
}

/// Blocks one after the other.
fn blocks(seed: u64) -> u64 {
    visit(blocks, "blocks", seed);
    let first = {
        let own = page(seed);
        sum(&own)
    };
    let second = {
        let own = page(seed + 1);
        sum(&own)
    };
    for at in 0..2 {
        let own = page(at);
        if sum(&own) > 5000 {
            let other = page(3);
            return sum(&other);
        }
    }
    first + second
}

/// Values that are handed on, and never looked at.
fn handed_on(seed: u64) -> u64 {
    visit(handed_on, "handed_on", seed);
    sum(&turned(turned(turned(turned(turned(turned(page(seed))))))))
}

/// Copies for calls.
fn copies(seed: u64) -> u64 {
    visit(copies, "copies", seed);
    let own = page(seed);
    sum(&turned(own)) + sum(&turned(own)) + sum(&turned(own)) + sum(&turned(own)) + sum(&own)
}

/// All at the same time: there is nothing to be gained.
fn together(seed: u64) -> u64 {
    visit(together, "together", seed);
    let one = page(seed);
    let two = page(seed + 1);
    let three = page(seed + 2);
    sum(&one) + sum(&two) + sum(&three)
}

/// With a destructor in each arm, and unwinding from each.
fn destructors(which: u64) -> u64 {
    struct Loud(Page);
    impl Drop for Loud {
        fn drop(&mut self) {
            black_box(&self.0);
        }
    }
    visit(destructors, "destructors", which);
    match which {
        0 => sum(&Loud(page(1)).0),
        1 => {
            let own = Loud(page(2));
            sum(&own.0) + sum(&Loud(page(3)).0)
        }
        2 => {
            let own = Loud(page(4));
            sum(&own.0)
        }
        _ => 0,
    }
}

fn main() {
    for function in [a_hundred_arms, blocks, handed_on, copies, together, destructors] {
        FIRST.set(0);
        black_box(function(1));
    }
}
