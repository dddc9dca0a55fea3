//! Refused: the argument is moved to its temporary, and the body suspends before the call.
//@ edition: 2024

pub async fn shown(x: Big) {
    wait().await;
    eat(x, number().await);
    wait().await;
}

async fn number() -> u64 {
    7
}

fn eat(_: Big, _: u64) {}

async fn wait() {}

pub struct Big([u8; 64]);
