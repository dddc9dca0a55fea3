//! tokio #5909: an async main that awaits, one after the other and not in a loop, functions with buffers of 64 KiB.

use crate::{Once, block_on, measured};

async fn fill(buffer: &mut [u8], value: u8) -> u64 {
    Once::default().await;
    buffer[usize::from(value)] = value;
    u64::from(value)
}

async fn with_buffer(value: u8) -> u64 {
    let mut buffer = [0; 65536];
    let filled = fill(&mut buffer, value).await;
    filled + u64::from(buffer[usize::from(value)])
}

async fn all() -> u64 {
    let mut sum = with_buffer(1).await;
    sum = common::mix(sum, with_buffer(2).await);
    sum = common::mix(sum, with_buffer(3).await);
    sum = common::mix(sum, with_buffer(4).await);
    sum = common::mix(sum, with_buffer(5).await);
    sum = common::mix(sum, with_buffer(6).await);
    sum = common::mix(sum, with_buffer(7).await);
    sum = common::mix(sum, with_buffer(8).await);
    sum = common::mix(sum, with_buffer(9).await);
    common::mix(sum, with_buffer(10).await)
}

pub(crate) fn run(name: &str) {
    measured(name, || block_on(all()), size_of_val(&all()));
}
