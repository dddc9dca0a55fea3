//! Refused: what has been copied is used again.
//@ edition: 2024

pub fn outer(x: Big) -> impl Future<Output = u8> {
    shown(x)
}

fn shown(x: Big) -> impl Future<Output = u8> {
    async move {
        wait().await;
        let mut copy = x;
        copy.0[0] += 1;
        wait().await;
        copy.0[0] + x.0[0]
    }
}

async fn wait() {}

#[derive(Clone, Copy)]
pub struct Big([u8; 64]);
