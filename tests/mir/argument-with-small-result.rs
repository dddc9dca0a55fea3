//! A small result that is saved is stored after the call.
//@ edition: 2024

pub async fn shown(x: Big) -> u64 {
    wait().await;
    let sum = eat(x);
    wait().await;
    sum
}

fn eat(_: Big) -> u64 {
    7
}

async fn wait() {}

pub struct Big([u8; 64]);
