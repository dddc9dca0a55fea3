//! A variable that a capture moves to after a suspension is the local of the capture.
//@ edition: 2024

pub fn outer(x: Big) -> impl Future<Output = u8> {
    shown(x)
}

fn shown(x: Big) -> impl Future<Output = u8> {
    async move {
        wait().await;
        let later = x;
        wait().await;
        later.0[0]
    }
}

async fn wait() {}

pub struct Big([u8; 64]);
