//! Awaited futures that are large: parameters, captures, results of calls, blocks and closures.
//@ edition: 2024
//@ case: parameter across
//@ case: parameter_after_waiting across
//@ case: parameter_as_into_future as-stock
//@ case: through_three across
//@ case: capture across
//@ case: result_of_a_call across
//@ case: results_in_a_loop across
//@ case: results_in_arguments across
//@ case: on_a_condition across
//@ case: chosen across
//@ case: field across
//@ case: part_of_a_pattern across
//@ case: block_that_captures across
//@ case: block_that_borrows across
//@ case: pinned across
//@ case: closure_by_reference across
//@ case: closure_by_move across
//@ case: closure_is_called_once as-stock
//@ case: closure_with_a_parameter across
//@ case: large_output as-stock
#![feature(async_fn_traits)]

mod support;
use std::future::IntoFuture;
use std::pin::pin;
use support::*;

/// A large future: what it needs, it makes itself.
async fn large(seed: u8) -> u64 {
    let mut bytes = [1; MIB];
    bytes[5] = seed;
    wait().await;
    sum(&bytes)
}

async fn of_capture(x: Guarded) -> u64 {
    wait().await;
    sum(&x.bytes)
}

async fn parameter(future: impl Future<Output = u64>) -> u64 {
    future.await
}

async fn parameter_after_waiting(future: impl Future<Output = u64>) -> u64 {
    wait().await;
    future.await ^ 1
}

/// Which `into_future` this calls is not known in its MIR, so the call stays.
async fn parameter_as_into_future(future: impl IntoFuture<Output = u64>) -> u64 {
    future.await ^ 2
}

fn capture(future: impl Future<Output = u64>) -> impl Future<Output = u64> {
    async move { future.await ^ 3 }
}

async fn result_of_a_call() -> u64 {
    let first = large(1).await;
    first ^ large(2).await
}

async fn results_in_a_loop() -> u64 {
    let mut found = 0;
    for seed in 0..3 {
        found ^= large(seed).await;
    }
    found
}

async fn results_in_arguments() -> u64 {
    async fn join(left: u64, right: u64) -> u64 {
        wait().await;
        left ^ right
    }
    join(large(1).await, join(large(2).await, large(3).await).await).await
}

async fn on_a_condition(future: impl Future<Output = u64>, condition: bool) -> u64 {
    wait().await;
    if condition { future.await } else { 0 }
}

async fn chosen(which: u8, future: impl Future<Output = u64>) -> u64 {
    match which {
        0 => large(0).await,
        1 => future.await,
        _ => {
            let inner = async {
                wait().await;
                large(3).await
            };
            inner.await
        }
    }
}

struct Fields<F> {
    future: F,
    other: Guarded,
}

impl<F: Future<Output = u64>> Fields<F> {
    async fn field(self) -> u64 {
        let found = self.future.await;
        wait().await;
        found ^ sum(&self.other.bytes)
    }
}

async fn part_of_a_pattern<F: Future<Output = u64>>((future, other): (F, u64)) -> u64 {
    future.await ^ other
}

async fn block_that_captures(x: Big) -> u64 {
    let inner = async move {
        wait().await;
        sum(&x)
    };
    inner.await
}

async fn block_that_borrows(x: Big) -> u64 {
    let inner = async {
        wait().await;
        sum(&x)
    };
    inner.await ^ x.len() as u64
}

async fn pinned(future: impl Future<Output = u64>) -> u64 {
    let mut future = pin!(future);
    let found = future.as_mut().await;
    wait().await;
    found
}

async fn call(closure: &impl AsyncFn() -> u64) -> u64 {
    closure().await ^ closure().await
}

async fn closure_by_reference(x: Big) -> u64 {
    let closure = async || {
        wait().await;
        sum(&x)
    };
    call(&closure).await
}

/// The closure was called already: its body is polled.
fn closure_by_move(x: Big) -> impl Future<Output = u64> {
    fn start<F: AsyncFnOnce() -> u64>(closure: F) -> F::CallOnceFuture {
        closure.async_call_once(())
    }
    start(async move || {
        wait().await;
        sum(&x)
    })
}

async fn closure_is_called_once(closure: impl AsyncFnOnce() -> u64) -> u64 {
    closure().await
}

fn closure_with_a_parameter(x: Big) -> impl Future<Output = u64> {
    fn start<F: AsyncFnOnce(Big) -> u64>(closure: F, x: Big) -> F::CallOnceFuture {
        closure.async_call_once((x,))
    }
    start(
        async |x: Big| {
            wait().await;
            sum(&x)
        },
        x,
    )
}

async fn large_output() -> u64 {
    async fn output() -> Big {
        wait().await;
        big(1)
    }
    let bytes = output().await;
    wait().await;
    sum(&bytes)
}

fn make(name: &str) -> Case {
    let capturing = || of_capture(guarded(1));
    match name {
        "parameter" => case(parameter(capturing())),
        "parameter_after_waiting" => case(parameter_after_waiting(large(1))),
        "parameter_as_into_future" => case(parameter_as_into_future(capturing())),
        "through_three" => case(parameter(capture(parameter(capturing())))),
        "capture" => case(capture(large(1))),
        "result_of_a_call" => case(result_of_a_call()),
        "results_in_a_loop" => case(results_in_a_loop()),
        "results_in_arguments" => case(results_in_arguments()),
        "on_a_condition" => case(on_a_condition(capturing(), true)),
        "chosen" => case(chosen(1, capturing())),
        "field" => case(Fields { future: large(1), other: guarded(2) }.field()),
        "part_of_a_pattern" => case(part_of_a_pattern((capturing(), 2))),
        "block_that_captures" => case(block_that_captures(big(1))),
        "block_that_borrows" => case(block_that_borrows(big(1))),
        "pinned" => case(pinned(capturing())),
        "closure_by_reference" => case(closure_by_reference(big(1))),
        "closure_by_move" => case(closure_by_move(big(1))),
        "closure_is_called_once" => {
            let x = big(1);
            case(closure_is_called_once(async move || {
                wait().await;
                sum(&x)
            }))
        }
        "closure_with_a_parameter" => case(closure_with_a_parameter(big(1))),
        "large_output" => case(large_output()),
        _ => panic!("no such case"),
    }
}

fn main() {
    run(make);
}
