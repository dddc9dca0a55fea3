//! Tasks that do one thing after another, each with a timeout around it; one in eight times out.

use std::future::pending;
use std::time::Duration;

use tokio::{task, time};

use crate::Amount;

const TASKS: u64 = 1_000;
const CALLS: u64 = 1_200;
const LONG: Duration = Duration::from_secs(600);

async fn work(body: [u8; 128], number: u64) -> u64 {
    task::yield_now().await;
    u64::from(body[(number % 128) as usize])
}

async fn call(body: [u8; 128], number: u64, limit: Duration) -> u64 {
    time::timeout(limit, work(body, number)).await.expect("it does not take ten minutes")
}

async fn never(number: u64) -> u64 {
    // It has timed out when it is polled.
    let late = time::timeout(Duration::ZERO, pending::<u64>()).await;
    late.map_or(number, |_| unreachable!())
}

async fn calls(task: u64, count: u64) -> u64 {
    let mut sum = task;
    for number in 0..count {
        let value = match number % 8 {
            7 => never(number).await,
            _ => call([task as u8; 128], number, LONG).await,
        };
        sum = meter::mix(sum, value);
    }
    sum
}

pub(super) async fn run(amount: Amount) -> u64 {
    let count = amount.of(CALLS);
    let handles: Vec<_> = (0..TASKS).map(|task| tokio::spawn(calls(task, count))).collect();
    let mut sum = 0;
    for handle in handles {
        sum = meter::mix(sum, handle.await.expect("a task does not panic"));
    }
    sum
}
