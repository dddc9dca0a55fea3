//! Drops that do nothing, for different reasons: of coroutines that can be copied, of what a pattern has taken
//! everything from, of two variables with nothing to do with each other that both are empty.
//!
//! The validator took each of them for a change.
//@ edition: 2024
//@ run-pass
#![feature(gen_blocks, coroutine_clone)]

mod support;
use support::*;

struct Wrap<T>(T);

async fn copied<T: Clone>(value: T) -> usize {
    let generator = gen move { yield size_of::<T>() };
    drop(generator);
    for size in generator {
        wait().await;
        drop(value.clone());
        return size;
    }
    0
}

async fn elements(Wrap(both): Wrap<[Loud; 3]>) -> usize {
    let [first, ..] = both;
    wait().await;
    first.name().len()
}

async fn unrelated(index: usize, boxed: Box<(u64, Loud)>, mut array: [u64; 2]) -> u64 {
    array[index] += 1;
    let first = async { 1 };
    let second = IntoFuture::into_future(async move {
        let inner = boxed;
        wait().await;
        inner.0
    });
    drop(first);
    let result = array[1] + array[0];
    wait().await;
    result + second.await
}

fn main() {
    drop_everywhere("copied", 2, || copied("value"));
    drop_everywhere("elements", 2, || elements(Wrap(["a", "b", "c"].map(loud))));
    drop_everywhere("unrelated", 3, || unrelated(1, Box::new((3, loud("boxed"))), [5, 6]));
}
