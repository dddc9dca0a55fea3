//! A future that is awaited is polled where it was captured.
//@ edition: 2024

pub async fn shown(future: Ready) -> u64 {
    wait().await;
    future.await
}

type Ready = std::future::Ready<u64>;

async fn wait() {}
