//! rust-lang/rust #108906: `async move { foo.await }` is twice as big as `foo`.
//@ edition: 2024
//@ compile-flags: --crate-type=lib
//@ size: `{async fn body of foo()}` stock=1026 classic=1026 captures-only=1026 packed=1026
//@ size: `{async block@$FILE:18:5: 18:15}` stock=2053 classic=2053 captures-only=1027 packed=1027

use std::future::Future;

async fn nothing() {}

async fn foo() {
    let buffer = [0u8; 1024];
    nothing().await;
    drop(buffer);
}

fn wrap(foo: impl Future<Output = ()>) -> impl Future<Output = ()> {
    async move { foo.await }
}

pub fn wrapped() -> impl Future<Output = ()> {
    wrap(foo())
}
