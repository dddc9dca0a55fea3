//! Refused: a value that is saved is written while the argument is in its temporary.
//@ edition: 2024

pub async fn shown() -> u64 {
    let mut count = 0;
    let x = Big([1; 64]);
    wait().await;
    eat(x, {
        count = 1;
        count
    });
    wait().await;
    count
}

fn eat(_: Big, _: u64) {}

async fn wait() {}

pub struct Big([u8; 64]);
