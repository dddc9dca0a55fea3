//! Refused: unsafe code may use the place of what has been moved out of.
//@ edition: 2024

pub fn outer(x: Big) -> impl Future<Output = u8> {
    shown(x)
}

fn shown(x: Big) -> impl Future<Output = u8> {
    async move {
        let pointer = &raw const x;
        keep(pointer);
        wait().await;
        let later = x;
        wait().await;
        later.0[0]
    }
}

fn keep(_: *const Big) {}

async fn wait() {}

pub struct Big([u8; 64]);
