//! Every kind of coroutine, polled when it has ended and when it has panicked: the messages, and where they
//! point to, are stock's (this program does not silence them), and nothing is dropped twice.
//@ edition: 2024
//@ run-pass
#![feature(gen_blocks, async_iterator, coroutines, coroutine_trait, stmt_expr_attributes)]
#![feature(async_fn_track_caller)]

mod support;
#[path = "support/drive.rs"]
mod drive;
use std::panic::Location;
use support::*;

async fn function(a: Loud, (b, _): (Loud, Loud), panics: bool) -> usize {
    wait().await;
    if panics {
        panic!("in the function, with {}", a.name());
    }
    drop(a);
    wait().await;
    b.name().len()
}

fn block(a: Loud, panics: bool) -> impl Future<Output = usize> {
    async move {
        let local = loud("local");
        wait().await;
        assert_ne!(panics, true, "{}", local.name());
        a.name().len()
    }
}

/// Panics in what it calls, which has a place of its own.
#[track_caller]
fn fails(what: &Loud) -> usize {
    println!("    called from line {}", Location::caller().line());
    let nothing: Option<usize> = None;
    nothing.expect(what.name())
}

/// The location of a poll: that of the `.await`, or wherever it is polled from.
#[track_caller]
async fn tracked(value: Loud) -> usize {
    let here = Location::caller();
    wait().await;
    println!("    {} {} {}", value.name(), here.line(), here.column());
    fails(&value)
}

async fn calls_tracked(value: Loud) -> usize {
    let other = loud("other");
    let result = tracked(value).await;
    result + other.name().len()
}

/// Arithmetic and indexing panic with the place of the expression.
async fn built_in(numbers: [u32; 3], index: usize, divisor: u32, name: Loud) -> u32 {
    wait().await;
    let quotient = numbers[index] / divisor;
    wait().await;
    name.name().len() as u32 + quotient
}

fn main() {
    let pair = || (loud("b"), loud("c"));
    for panics in [false, true] {
        let most = if panics { 3 } else { 4 };
        drive::futures("function", most, || function(loud("a"), pair(), panics));
        drive::futures("block", 3, || block(loud("a"), panics));
        drive::futures("closure", 3, || {
            let captured = loud("captured");
            let closure = async move |argument: Loud| {
                wait().await;
                assert!(!panics, "closure with {}", argument.name());
                captured.name().len()
            };
            async move { closure(loud("argument")).await }
        });
        drive::iterators("gen", 4, || {
            let captured = loud("captured");
            gen move {
                yield captured.name().len();
                if panics {
                    panic!("in the gen block");
                }
            }
        });
        drive::async_iterators("async gen", 4, || {
            let captured = loud("captured");
            async gen move {
                wait().await;
                yield captured.name().len();
                if panics {
                    panic!("in the async gen block");
                }
            }
        });
        drive::coroutines("movable", 4, || {
            let captured = loud("captured");
            #[coroutine]
            move |argument: Loud| {
                let next = yield argument.name().len();
                assert!(!panics, "movable with {}", next.name());
                captured.name().len()
            }
        }, |i| loud(&format!("argument {i}")));
        drive::coroutines("static", 4, || {
            let captured = loud("captured");
            #[coroutine]
            static move |argument: Loud| {
                let next = yield argument.name().len();
                assert!(!panics, "static with {}", next.name());
                captured.name().len()
            }
        }, |i| loud(&format!("argument {i}")));
        // Ends or panics at once.
        drive::futures("without a suspension", 2, || {
            let captured = loud("captured");
            async move {
                assert!(!panics, "at once, with {}", captured.name());
                captured.name().len()
            }
        });
    }
    drive::futures("tracked", 3, || tracked(loud("value")));
    drive::futures("calls tracked", 3, || calls_tracked(loud("value")));
    for (index, divisor) in [(0, 1), (3, 1), (1, 0), (2, 1)] {
        drive::futures(&format!("built in {index} {divisor}"), 3, || {
            built_in([1, 2, 30], index, divisor, loud("name"))
        });
    }
}
