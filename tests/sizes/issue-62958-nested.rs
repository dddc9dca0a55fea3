//! rust-lang/rust #62958, second half: every level of nesting doubles the future, from 8 KiB to
//! 8 MiB in ten levels.
//@ edition: 2024
//@ compile-flags: --crate-type=lib
//@ size: `{async fn body of use_future<{async fn body of use_future<{async fn body of use_future<{async fn body of use_future<{async fn body of use_future<{async fn body of use_future<{async fn body of use_future<{async fn body of use_future<{async fn body of use_future<{async fn body of use_future<{async fn body of test0()}>()}>()}>()}>()}>()}>()}>()}>()}>()}>()}` stock=8390655 classic=8390655 captures-only=8203 packed=8203

use std::future::Future;

async fn test0(_arg: [u8; 8192]) {}

async fn use_future(fut: impl Future<Output = ()>) {
    fut.await
}

type Nested = std::pin::Pin<Box<dyn Future<Output = ()>>>;

pub fn nested() -> Nested {
    Box::pin(use_future(use_future(use_future(use_future(use_future(
        use_future(use_future(use_future(use_future(use_future(test0([0; 8192])))))),
    ))))))
}
