//! Nothing is merged with `SNUG_COALESCE=off`. Promotion is as always.
//@ edition: 2024
//@ rustc-env: SNUG_COALESCE=off

pub async fn shown(x: Big, future: Ready) -> u64 {
    let number = future.await;
    eat(x);
    number
}

type Ready = std::future::Ready<u64>;

fn eat(_: Big) {}

pub struct Big([u8; 64]);
