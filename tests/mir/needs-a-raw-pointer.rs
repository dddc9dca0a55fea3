//! Refused: unsafe code may read what has moved away.
//@ edition: 2024

pub async fn shown() -> u8 {
    let big = make();
    keep(&raw const big);
    wait().await;
    let boxed = Box::new(Some(big));
    wait().await;
    (*boxed).map_or(0, |big| big.0[0])
}

fn make() -> Big {
    Big([1; 64])
}

fn keep(_: *const Big) {}

async fn wait() {}

pub struct Big([u8; 64]);
