//! rust-lang/rust #62958, first half: an argument of an `async fn` is stored twice.
//@ edition: 2024
//@ compile-flags: --crate-type=lib
//@ size: `{async fn body of test()}` stock=16386 classic=16386 captures-only=8194 packed=8194

async fn wait() {}

pub async fn test(arg: [u8; 8192]) {
    wait().await;
    drop(arg);
}
