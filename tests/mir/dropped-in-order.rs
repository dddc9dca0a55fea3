//! Captures with destructors: the drop of each takes the place of the drop of them all.
//@ edition: 2024

pub fn outer(one: Big, two: Big) -> impl Future<Output = ()> {
    shown(one, two)
}

fn shown(one: Big, two: Big) -> impl Future<Output = ()> {
    async move {
        wait().await;
        look(&two, &one);
    }
}

fn look(_: &Big, _: &Big) {}

async fn wait() {}

pub struct Big([u8; 64]);

impl Drop for Big {
    fn drop(&mut self) {}
}
