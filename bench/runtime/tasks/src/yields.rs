//! 1,000 tasks that yield 4,000 times each, three functions deep.

use tokio::task;

use crate::Amount;

const TASKS: u64 = 1_000;
const YIELDS: u64 = 4_000;

async fn pause(sum: u64) -> u64 {
    task::yield_now().await;
    sum.wrapping_add(1)
}

async fn step(name: [u8; 64], sum: u64) -> u64 {
    let sum = pause(sum).await;
    sum ^ u64::from(name[(sum % 64) as usize])
}

async fn turns(number: u64, count: u64) -> u64 {
    let mut sum = number;
    for turn in 0..count {
        sum = meter::mix(step([turn as u8; 64], sum).await, turn);
    }
    sum
}

pub(super) async fn run(amount: Amount) -> u64 {
    let count = amount.of(YIELDS);
    let handles: Vec<_> = (0..TASKS).map(|number| tokio::spawn(turns(number, count))).collect();
    let mut sum = 0;
    for handle in handles {
        sum = meter::mix(sum, handle.await.expect("a task does not panic"));
    }
    sum
}
