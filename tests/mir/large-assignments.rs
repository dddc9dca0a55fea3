//! Refused: the lint must see every move of the user.
//@ edition: 2024
//@ compile-flags: -Zmove-size-limit=1000

pub async fn shown(x: Big) {
    wait().await;
    eat(x);
    wait().await;
}

fn eat(_: Big) {}

async fn wait() {}

pub struct Big([u8; 64]);
