//! Large captures and parameters that live across, before and after awaits.
//@ edition: 2024
//@ case: control overflows
//@ case: capture across
//@ case: capture_renamed across
//@ case: capture_borrowed across
//@ case: capture_consumed_later across
//@ case: capture_with_destructor across
//@ case: capture_changed across
//@ case: parameter across
//@ case: parameter_renamed across
//@ case: parameter_mutable across
//@ case: parameter_consumed_later across
//@ case: parameter_dropped_later across
//@ case: parameter_with_destructor across
//@ case: parameter_on_a_condition across
//@ case: parameter_renamed_and_borrowed across
//@ case: three_captures across
//@ case: three_parameters across
//@ case: capture_looked_at_before as-stock
//@ case: capture_consumed_before as-stock
//@ case: capture_consumed_result_saved as-stock
//@ case: captures_consumed_results_saved as-stock
//@ case: parameter_looked_at_before as-stock
//@ case: parameter_consumed_before as-stock
//@ case: parameter_consumed_result_saved as-stock
//@ case: parameter_never_used as-stock
//@ case: capture_and_derived across
// The example of rust-lang/rust#62958 does it.
#![allow(dropping_copy_types)]

mod support;
use support::*;

/// Has a large value in its frame, so that nothing survives it.
async fn control() -> u64 {
    let local = std::hint::black_box([1; MIB]);
    let found = sum(&local);
    wait().await;
    found
}

fn capture(x: Big) -> impl Future<Output = u64> {
    async move {
        wait().await;
        sum(&x)
    }
}

fn capture_renamed(x: Big) -> impl Future<Output = u64> {
    async move {
        let y = x;
        wait().await;
        sum(&y)
    }
}

fn capture_borrowed(x: Big) -> impl Future<Output = u64> {
    async move {
        let part = &x[5..];
        wait().await;
        sum(part)
    }
}

fn capture_consumed_later(x: Big) -> impl Future<Output = u64> {
    async move {
        wait().await;
        eat(x)
    }
}

fn capture_with_destructor(x: Guarded) -> impl Future<Output = u64> {
    async move {
        wait().await;
        sum(&x.bytes)
    }
}

fn capture_changed(mut x: Big) -> impl Future<Output = u64> {
    async move {
        let found = sum(&x);
        wait().await;
        x = [3; MIB];
        x[78] += 1;
        wait().await;
        found ^ sum(&x)
    }
}

async fn parameter(x: Big) -> u64 {
    wait().await;
    sum(&x)
}

async fn parameter_renamed(x: Big) -> u64 {
    let y = x;
    wait().await;
    sum(&y)
}

async fn parameter_mutable(mut x: Big) -> u64 {
    x.reverse();
    wait().await;
    x[7] += 1;
    wait().await;
    sum(&x)
}

async fn parameter_consumed_later(x: Big) -> u64 {
    wait().await;
    eat(x)
}

async fn parameter_dropped_later(x: Big) -> u64 {
    wait().await;
    drop(x);
    wait().await;
    1
}

async fn parameter_with_destructor(x: Guarded, _unused: Guarded) -> u64 {
    wait().await;
    sum(&x.bytes)
}

async fn parameter_on_a_condition(x: Guarded, condition: bool) -> u64 {
    if condition {
        wait().await;
        return sum(&x.bytes);
    }
    wait().await;
    2
}

async fn parameter_renamed_and_borrowed(x: Big) -> u64 {
    async fn inner(x: &mut Big) -> &mut Big {
        wait().await;
        x
    }
    let mut x = x;
    sum(inner(&mut x).await)
}

fn three_captures(x: Big, y: Big, z: Guarded) -> impl Future<Output = u64> {
    async move {
        let first = sum(&y);
        wait().await;
        let second = sum(&x);
        wait().await;
        first ^ second ^ sum(&z.bytes)
    }
}

async fn three_parameters(x: Big, y: Guarded, z: Big) -> u64 {
    wait().await;
    let found = sum(&z) ^ sum(&y.bytes);
    wait().await;
    found ^ sum(&x)
}

fn capture_looked_at_before(x: Big) -> impl Future<Output = u64> {
    async move {
        let found = sum(&x);
        wait().await;
        found
    }
}

fn capture_consumed_before(x: Big) -> impl Future<Output = u64> {
    async move {
        let found = eat(x);
        wait().await;
        found
    }
}

fn capture_consumed_result_saved(x: Big) -> impl Future<Output = u64> {
    async move {
        let y = turned(x);
        wait().await;
        sum(&y)
    }
}

fn captures_consumed_results_saved(a: Big, b: Big) -> impl Future<Output = u64> {
    async move {
        let y = turned(b);
        let x = turned(a);
        wait().await;
        let first = sum(&x);
        wait().await;
        first ^ sum(&y)
    }
}

async fn parameter_looked_at_before(x: Big) -> u64 {
    let found = sum(&x);
    wait().await;
    found
}

async fn parameter_consumed_before(x: Big) -> u64 {
    let found = eat(x);
    wait().await;
    found
}

async fn parameter_consumed_result_saved(x: Big) -> u64 {
    let y = turned(x);
    wait().await;
    sum(&y)
}

async fn parameter_never_used(_: Big, _x: Big) -> u64 {
    wait().await;
    3
}

fn capture_and_derived(x: Big) -> impl Future<Output = u64> {
    async move {
        let y = derived(&x);
        wait().await;
        sum(&x) ^ sum(&y)
    }
}

fn make(name: &str) -> Case {
    match name {
        "control" => case(control()),
        "capture" => case(capture(big(1))),
        "capture_renamed" => case(capture_renamed(big(1))),
        "capture_borrowed" => case(capture_borrowed(big(1))),
        "capture_consumed_later" => case(capture_consumed_later(big(1))),
        "capture_with_destructor" => case(capture_with_destructor(guarded(1))),
        "capture_changed" => case(capture_changed(big(1))),
        "parameter" => case(parameter(big(1))),
        "parameter_renamed" => case(parameter_renamed(big(1))),
        "parameter_mutable" => case(parameter_mutable(big(1))),
        "parameter_consumed_later" => case(parameter_consumed_later(big(1))),
        "parameter_dropped_later" => case(parameter_dropped_later(big(1))),
        "parameter_with_destructor" => case(parameter_with_destructor(guarded(1), guarded(2))),
        "parameter_on_a_condition" => case(parameter_on_a_condition(guarded(1), true)),
        "parameter_renamed_and_borrowed" => case(parameter_renamed_and_borrowed(big(1))),
        "three_captures" => case(three_captures(big(1), big(2), guarded(3))),
        "three_parameters" => case(three_parameters(big(1), guarded(2), big(3))),
        "capture_looked_at_before" => case(capture_looked_at_before(big(1))),
        "capture_consumed_before" => case(capture_consumed_before(big(1))),
        "capture_consumed_result_saved" => case(capture_consumed_result_saved(big(1))),
        "captures_consumed_results_saved" => {
            case(captures_consumed_results_saved(big(1), big(2)))
        }
        "parameter_looked_at_before" => case(parameter_looked_at_before(big(1))),
        "parameter_consumed_before" => case(parameter_consumed_before(big(1))),
        "parameter_consumed_result_saved" => case(parameter_consumed_result_saved(big(1))),
        "parameter_never_used" => case(parameter_never_used(big(1), big(2))),
        "capture_and_derived" => case(capture_and_derived(big(1))),
        _ => panic!("no such case"),
    }
}

fn main() {
    run(make);
}
