//! In a loop, the place is empty where the scope of the variable ends.
//@ edition: 2024

pub async fn shown(count: u64) -> u64 {
    let mut sum = 0;
    for number in 0..count {
        let future = std::future::ready(number);
        sum += future.await;
    }
    sum
}
