//! 300,000 tasks that are alive at the same time: each carries an order through three functions, and waits in the last one.
//!
//! tokio's tasks take multiples of 128 bytes. With one kind of order, memory would say how bytes are rounded there; so there are four kinds.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use tokio::sync::Semaphore;
use tokio::task;

use crate::Amount;

const TASKS: u64 = 300_000;

/// What a task is about.
#[derive(Debug)]
struct Order<const ITEMS: usize> {
    number: u64,
    customer: [u8; 32],
    items: [u32; ITEMS],
}

#[derive(Debug)]
struct Shop {
    /// Closed until all tasks are there.
    gate: Semaphore,
    waiting: AtomicU64,
    sold: AtomicU64,
}

async fn settle<const ITEMS: usize>(order: Order<ITEMS>, shop: Arc<Shop>) -> u64 {
    shop.waiting.fetch_add(1, Relaxed);
    let permit = shop.gate.acquire().await.expect("the gate is never closed for good");
    drop(permit);
    let sum: u64 = order.items.iter().map(|&item| u64::from(item)).sum();
    shop.sold.fetch_add(sum, Relaxed);
    sum + u64::from(order.customer[(order.number % 32) as usize])
}

async fn admit<const ITEMS: usize>(order: Order<ITEMS>, shop: Arc<Shop>) -> u64 {
    if order.number.is_multiple_of(16) {
        task::yield_now().await;
    }
    settle(order, shop).await
}

async fn serve<const ITEMS: usize>(order: Order<ITEMS>, shop: Arc<Shop>) -> u64 {
    let number = order.number;
    let sum = admit(order, shop).await;
    meter::mix(sum, number)
}

fn order<const ITEMS: usize>(number: u64) -> Order<ITEMS> {
    let items = std::array::from_fn(|index| (number as u32).wrapping_mul(index as u32 + 1) % 100);
    Order { number, customer: [number as u8; 32], items }
}

pub(super) async fn run(amount: Amount, mark: &dyn Fn(&str)) -> u64 {
    let tasks = amount.of(TASKS);
    let shop =
        Shop { gate: Semaphore::new(0), waiting: AtomicU64::new(0), sold: AtomicU64::new(0) };
    let shop = Arc::new(shop);
    let handles: Vec<_> = (0..tasks)
        .map(|number| match number % 4 {
            0 => tokio::spawn(serve(order::<4>(number), shop.clone())),
            1 => tokio::spawn(serve(order::<12>(number), shop.clone())),
            2 => tokio::spawn(serve(order::<20>(number), shop.clone())),
            _ => tokio::spawn(serve(order::<28>(number), shop.clone())),
        })
        .collect();
    while shop.waiting.load(Relaxed) < tasks {
        task::yield_now().await;
    }
    mark("steady");
    shop.gate.add_permits(tasks as usize);
    let mut sum = 0;
    for handle in handles {
        sum = meter::mix(sum, handle.await.expect("a task does not panic"));
    }
    sum ^ shop.sold.load(Relaxed)
}
