//! Refused: the result is saved, and written while the argument is still in use.
//@ edition: 2024

pub async fn shown(x: Big) -> u8 {
    wait().await;
    let turned = turn(x);
    wait().await;
    turned.0[0]
}

fn turn(x: Big) -> Big {
    x
}

async fn wait() {}

pub struct Big([u8; 64]);
