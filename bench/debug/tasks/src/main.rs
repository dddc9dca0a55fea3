//! Many tasks that each wait a few times, on a runtime with one thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::task;

const TASKS: u64 = 180_000;

async fn step(sum: &AtomicU64, number: u64) -> u64 {
    task::yield_now().await;
    sum.fetch_add(number, Ordering::Relaxed) & 1
}

async fn job(sum: Arc<AtomicU64>, number: u64) -> u64 {
    let buffer = [number as u8; 256];
    let first = step(&sum, number).await;
    let second = step(&sum, u64::from(buffer[number as usize % 256])).await;
    first ^ second
}

async fn work() -> u64 {
    let sum = Arc::new(AtomicU64::new(0));
    for round in 0..3 {
        let handles: Vec<_> =
            (0..TASKS / 3).map(|number| tokio::spawn(job(sum.clone(), number + round))).collect();
        for handle in handles {
            handle.await.expect("a job does not panic");
        }
    }
    sum.load(Ordering::Relaxed)
}

fn main() {
    let (sum, stack) = common::on_painted_stack(8, || {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.expect("a runtime can be made").block_on(work())
    });
    common::result("tasks", sum);
    common::stack(stack);
}
