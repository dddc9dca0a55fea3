//! Refused: the argument was saved, and would be beside the future that it moves into.
//@ edition: 2024

pub async fn shown(x: Big) -> u8 {
    wait().await;
    own(x).await
}

async fn own(x: Big) -> u8 {
    wait().await;
    x.0[0]
}

async fn wait() {}

pub struct Big([u8; 64]);
