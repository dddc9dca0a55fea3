//! Refused: an upvar that is assigned again might be written where it is not alive, over what is. It moves to the stack.
//@ edition: 2024

pub async fn shown(mut x: Big, other: Big) {
    eat(x);
    x = other;
    eat(x);
    wait().await;
}

fn eat(_: Big) {}

async fn wait() {}

pub struct Big([u8; 64]);
