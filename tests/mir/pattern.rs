//! The variables of a pattern stay parts of the parameter.
//@ edition: 2024

pub async fn shown((a, b): (Big, Big)) -> u8 {
    wait().await;
    a.0[0] + b.0[0]
}

async fn wait() {}

pub struct Big([u8; 64]);
