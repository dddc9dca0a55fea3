//! A future that is awaited immediately is made where it is polled.
//@ edition: 2024

pub async fn shown() -> u64 {
    std::future::ready(7).await
}
