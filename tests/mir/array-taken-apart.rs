//! Refused: an array of which elements move out is dropped from its end.
//@ edition: 2024

pub fn outer(pair: [Big; 2]) -> impl Future<Output = ()> {
    shown(pair)
}

fn shown(pair: [Big; 2]) -> impl Future<Output = ()> {
    async move {
        wait().await;
        let later = pair;
        wait().await;
        let [first, _] = later;
        drop(first);
    }
}

async fn wait() {}

pub struct Big([u8; 64]);

impl Drop for Big {
    fn drop(&mut self) {}
}
