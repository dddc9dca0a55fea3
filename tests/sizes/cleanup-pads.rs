//! Two arms whose buffers never live together, and captures without drop glue. If the pass took
//! the drop of the captures out of the cleanup pads, rustc would cut off the pads' ends, both
//! buffers would seem to be alive there, and the futures would be twice as big as stock's.
//@ edition: 2024
//@ compile-flags: --crate-type=lib
//@ size: `{async fn body of by_value()}` stock=1003 classic=1003 captures-only=1002 packed=1002
//@ size: `{async fn body of by_reference()}` stock=1040 classic=1040 captures-only=1024 packed=1024
//@ size: `{async fn body of with_drop_glue()}` stock=1056 classic=1056 captures-only=1032 packed=1032

use std::future::pending;
use std::hint::black_box;

fn name() -> String {
    String::new()
}

fn check(_: &str) -> bool {
    true
}

macro_rules! two_arms {
    ($parameter:ident) => {
        if check(&name()) {
            let a = [1u8; 1000];
            if check(&name()) {
                pending::<()>().await;
            }
            black_box(&a);
        } else {
            let b = [2u8; 1000];
            if check(&name()) {
                pending::<()>().await;
            }
            black_box(&b);
        }
        black_box(&$parameter);
    };
}

async fn by_value(parameter: u8) {
    two_arms!(parameter);
}

async fn by_reference(parameter: &str) {
    two_arms!(parameter);
}

async fn with_drop_glue(parameter: String) {
    two_arms!(parameter);
}

pub fn sizes() -> usize {
    size_of_val(&by_value(1))
        + size_of_val(&by_reference(""))
        + size_of_val(&with_drop_glue(name()))
}
