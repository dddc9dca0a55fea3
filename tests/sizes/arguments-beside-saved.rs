//! Values that are saved until they are passed to a call. Passed from where they lie, they are
//! alive while the call's other arguments, what these refer to, and its result are: of those, what
//! is saved later must not lie beside them. In stock's layout it overlaps them.
//@ edition: 2024
//@ compile-flags: --crate-type=lib
//@ size: `{async fn body of beside_a_temporary()}` stock=112 classic=112 captures-only=112 packed=112
//@ size: `{async fn body of beside_a_number()}` stock=104 classic=104 captures-only=104 packed=104
//@ size: `{async fn body of beside_a_variable()}` stock=203 classic=203 captures-only=202 packed=201
//@ size: `{async fn body of result_moved_into_a_pair()}` stock=101 classic=101 captures-only=101 packed=101
//@ size: `{async fn body of result_with_drop_glue()}` stock=136 classic=136 captures-only=136 packed=102
//@ size: `{async fn body of result_in_an_enum()}` stock=136 classic=136 captures-only=136 packed=102
//@ size: `{async fn body of result_dropped()}` stock=101 classic=101 captures-only=101 packed=101
//@ size: `{async fn body of result_saved()}` stock=101 classic=101 captures-only=101 packed=101

use std::future::pending;
use std::hint::black_box;

struct Large([u8; 100]);

fn look<T>(value: &T) {
    black_box(value);
}

fn change<T>(value: &mut T) {
    black_box(value);
}

#[inline(never)]
fn change_and_return(large: Large) -> Large {
    black_box(large)
}

#[inline(never)]
fn with_name(large: Large) -> (String, Large) {
    (String::new(), large)
}

#[inline(never)]
fn sum<T>(large: Large, _: &T) -> u64 {
    large.0.iter().copied().map(u64::from).sum()
}

/// What an argument refers to lives as long as the statement, over the await.
async fn beside_a_temporary(byte: u8) {
    let large = Large([1; 100]);
    pending::<()>().await;
    let pair = (sum(large, &[byte; 100]), pending::<()>().await);
    look(&pair.0);
}

/// So does a number that something refers to.
async fn beside_a_number(byte: u8) {
    let large = Large([1; 100]);
    pending::<()>().await;
    let pair = (sum(large, &u64::from(byte)), pending::<()>().await);
    look(&pair.0);
}

async fn beside_a_variable(byte: u8) {
    let large = Large([1; 100]);
    pending::<()>().await;
    let array = [byte; 100];
    look(&sum(large, &array));
    pending::<()>().await;
    look(&array);
}

/// The result has been borrowed, so that it counts as saved even after it is moved.
async fn result_moved_into_a_pair() {
    let large = Large([1; 100]);
    pending::<()>().await;
    {
        let mut result = change_and_return(large);
        change(&mut result);
        look(&(result, 1));
        pending::<()>().await;
    }
}

async fn result_with_drop_glue() {
    let large = Large([1; 100]);
    pending::<()>().await;
    {
        let mut result = with_name(large);
        change(&mut result);
        look(&(result, 1));
        pending::<()>().await;
    }
}

async fn result_in_an_enum() {
    let large = Large([1; 100]);
    pending::<()>().await;
    {
        let mut result = with_name(large);
        change(&mut result);
        {
            let result = Some(result);
            look(&result);
        }
        pending::<()>().await;
    }
}

/// The result is over when the coroutine is suspended.
async fn result_dropped() {
    let large = Large([1; 100]);
    pending::<()>().await;
    {
        let result = change_and_return(large);
        look(&result);
        drop(result);
        pending::<()>().await;
    }
}

async fn result_saved() {
    let large = Large([1; 100]);
    pending::<()>().await;
    let result = change_and_return(large);
    look(&result);
    pending::<()>().await;
    look(&result);
}

pub fn sizes() -> usize {
    size_of_val(&beside_a_temporary(1))
        + size_of_val(&beside_a_variable(1))
        + size_of_val(&result_moved_into_a_pair())
        + size_of_val(&result_with_drop_glue())
        + size_of_val(&result_in_an_enum())
        + size_of_val(&result_dropped())
        + size_of_val(&result_saved())
}
