//! Refused: a variable of the pattern is assigned again.
//@ edition: 2024

pub async fn shown((mut a, b): (Big, Big), other: Big) -> u8 {
    wait().await;
    a = other;
    wait().await;
    a.0[0] + b.0[0]
}

async fn wait() {}

pub struct Big([u8; 64]);
