//! Refused: a local is part of one merge at most.
//@ edition: 2024

pub fn outer(x: Big) -> impl Future<Output = ()> {
    shown(x)
}

fn shown(x: Big) -> impl Future<Output = ()> {
    async move {
        wait().await;
        let later = x;
        wait().await;
        eat(later);
    }
}

fn eat(_: Big) {}

async fn wait() {}

pub struct Big([u8; 64]);
