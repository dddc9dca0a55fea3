//! A capture by reference is a reference, and one like all others.
//@ edition: 2024

pub fn outer(x: &Big) -> impl Future<Output = u8> {
    shown(x)
}

fn shown(x: &Big) -> impl Future<Output = u8> {
    async {
        wait().await;
        x.0[0]
    }
}

async fn wait() {}

pub struct Big([u8; 64]);
