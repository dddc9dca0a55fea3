//! What fits into registers moves there.
//@ edition: 2024

pub async fn shown(x: u64) {
    eat(x);
    wait().await;
}

fn eat(_: u64) {}

async fn wait() {}
