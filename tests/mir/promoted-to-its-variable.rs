//! A parameter: the variable that it is moved to is its local, and lies where it was captured.
//@ edition: 2024

pub async fn shown(x: Big) -> u8 {
    wait().await;
    x.0[0]
}

async fn wait() {}

pub struct Big([u8; 64]);
