//! Parts with destructors move to a temporary and back, for drop elaboration, until that has run.
//@ edition: 2024

pub async fn shown((a, b): (Big, Big)) {
    wait().await;
    drop(b);
    wait().await;
    drop(a);
}

async fn wait() {}

pub struct Big([u8; 64]);

impl Drop for Big {
    fn drop(&mut self) {}
}
