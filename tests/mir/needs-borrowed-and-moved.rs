//! Done: what was borrowed keeps no bytes when it has moved away.
//@ edition: 2024

pub async fn shown() -> u8 {
    let big = make();
    let first = look(&big);
    wait().await;
    let boxed = Box::new(Some(big));
    wait().await;
    drop(boxed);
    first
}

fn make() -> Big {
    Big([1; 64])
}

fn look(big: &Big) -> u8 {
    big.0[0]
}

async fn wait() {}

pub struct Big([u8; 64]);
