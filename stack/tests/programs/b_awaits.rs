async fn leaf(number: u64) -> u64 {
    let buffer = std::hint::black_box([number; 300]);
    let sum: u64 = buffer[1] + buffer[2];
    Yield(false).await;
    sum
}

async fn middle(number: u64) -> u64 {
    let scratch = std::hint::black_box([number; 400])[5];
    leaf(scratch).await + leaf(number).await
}

#[inline(never)]
pub fn work() -> u64 {
    poll(async { middle(7).await + middle(8).await })
}
