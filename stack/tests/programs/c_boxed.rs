async fn large(number: u64) -> u64 {
    let buffer = std::hint::black_box([number; 1500]);
    Yield(false).await;
    buffer[3]
}

#[inline(never)]
pub fn work() -> u64 {
    let future = Box::pin(large(5));
    poll(future)
}
