//! Refused: the future would lie in one place for two suspensions.
//@ edition: 2024

pub async fn shown() -> u64 {
    let future = std::future::ready(7);
    wait().await;
    future.await
}

async fn wait() {}
