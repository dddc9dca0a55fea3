//! Values that move away in other coroutines: `gen`, `async gen`, movable and immovable ones; values that are yielded,
//! and values that the caller gives.
//@ edition: 2024
//@ run-pass
#![feature(gen_blocks, async_iterator, coroutines, coroutine_trait, stmt_expr_attributes)]

#[path = "support/drive.rs"]
mod drive;
mod support;
use support::*;

fn generator() -> impl Iterator<Item = usize> {
    gen {
        let value = loud("value");
        yield value.name().len();
        let held = Some(value);
        yield 1;
        let next = loud("next");
        yield next.name().len();
        for value in held {
            yield value.name().len();
            drop(value);
        }
        yield next.name().len();
    }
}

fn values() -> impl Iterator<Item = String> {
    gen {
        for name in ["a", "bc"] {
            let value = loud(name);
            let text = value.name().to_owned();
            drop(value);
            let other = (text, loud("other"));
            yield other.1.name().to_owned();
            yield other.0;
        }
    }
}

fn main() {
    drive::iterators("generator", 6, generator);
    drive::iterators("values", 6, values);
    drive::async_iterators("async", 6, || async gen {
        let value = loud("value");
        value.name();
        let pair = (value, 2);
        wait().await;
        yield pair.1;
        let (value, _) = pair;
        let next = loud("next");
        wait().await;
        yield value.name().len() + next.name().len();
        drop(value);
        wait().await;
        yield next.name().len();
    });
    let movable = || {
        #[coroutine]
        |first: usize| {
            let value = loud("value");
            let length = value.name().len();
            let held = Some(value);
            let second = yield first + length;
            let next = loud("next");
            drop(held);
            let third = yield second + next.name().len();
            drop(next);
            third
        }
    };
    drive::coroutines("movable", 4, movable, |number| number);
}
