//! Not done: all that has a destructor has moved out, and what is left is still borrowed.
//@ edition: 2024

pub async fn shown() -> u8 {
    let pair = make();
    let second = &pair.1;
    drop(pair.0);
    wait().await;
    second[0]
}

fn make() -> (String, [u8; 64]) {
    (String::new(), [1; 64])
}

async fn wait() {}
