//! What is not saved is used where it was captured.
//@ edition: 2024

pub async fn shown(x: Big) {
    eat(x);
    wait().await;
}

fn eat(_: Big) {}

async fn wait() {}

pub struct Big([u8; 64]);
