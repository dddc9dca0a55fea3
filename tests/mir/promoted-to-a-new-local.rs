//! A capture that the body uses in place gets a local of its own.
//@ edition: 2024

pub fn outer(x: Big) -> impl Future<Output = u8> {
    shown(x)
}

fn shown(x: Big) -> impl Future<Output = u8> {
    async move {
        wait().await;
        let first = x.0[0];
        wait().await;
        first + x.0[1]
    }
}

async fn wait() {}

pub struct Big([u8; 64]);
