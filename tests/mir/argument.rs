//! An argument is passed from where it lies.
//@ edition: 2024

pub async fn shown(x: Big) {
    wait().await;
    eat(x);
    wait().await;
}

fn eat(_: Big) {}

async fn wait() {}

pub struct Big([u8; 64]);
