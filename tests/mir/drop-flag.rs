//! Refused: stock saves neither the variable nor the flag that says whether it is to be dropped.
//@ edition: 2024

pub fn outer(x: Big) -> impl Future<Output = ()> {
    shown(x)
}

fn shown(x: Big) -> impl Future<Output = ()> {
    async move {
        wait().await;
        let later = x;
        if is_late() {
            drop(later);
        }
    }
}

fn is_late() -> bool {
    true
}

async fn wait() {}

pub struct Big([u8; 64]);

impl Drop for Big {
    fn drop(&mut self) {}
}
