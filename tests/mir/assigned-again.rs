//! Refused: a capture that has been moved out of is assigned again.
//@ edition: 2024

pub fn outer(x: Big, other: Big) -> impl Future<Output = u8> {
    shown(x, other)
}

fn shown(mut x: Big, other: Big) -> impl Future<Output = u8> {
    async move {
        wait().await;
        let first = x;
        x = other;
        wait().await;
        first.0[0] + x.0[0]
    }
}

async fn wait() {}

pub struct Big([u8; 64]);
