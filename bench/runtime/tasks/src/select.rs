//! Tasks that wait in a loop for the first of four things: two channels, a message to stop, and a timer.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time;

use crate::Amount;

const TASKS: u64 = 100;
const MESSAGES: u64 = 15_000;
const NEVER: Duration = Duration::from_secs(600);

async fn next(from: &mut mpsc::Receiver<[u64; 8]>, extra: [u64; 8]) -> Option<u64> {
    let message = from.recv().await?;
    Some(message.iter().chain(&extra).fold(0, |sum, value| sum + value))
}

async fn serve(
    mut orders: mpsc::Receiver<[u64; 8]>,
    mut returns: mpsc::Receiver<[u64; 8]>,
    mut stop: oneshot::Receiver<u64>,
) -> u64 {
    let mut sum = 0_u64;
    let mut late = Box::pin(time::sleep(NEVER));
    loop {
        tokio::select! {
            Some(value) = next(&mut orders, [1; 8]) => sum = sum.wrapping_add(value),
            Some(value) = next(&mut returns, [2; 8]) => sum = sum.wrapping_sub(value / 2),
            // Both channels are empty by then: see `feed`.
            Ok(value) = &mut stop => return meter::mix(sum, value),
            () = &mut late => panic!("it does not take ten minutes"),
        }
    }
}

async fn feed(task: u64, messages: u64) -> u64 {
    let (order, orders) = mpsc::channel(4);
    let (back, returns) = mpsc::channel(4);
    let (stop, stopped) = oneshot::channel();
    let server = tokio::spawn(serve(orders, returns, stopped));
    for number in 0..messages {
        let to = if number % 3 == 0 { &back } else { &order };
        to.send([number; 8]).await.expect("the server listens");
    }
    // All has been received once the channels have their whole capacity again.
    drop(order.reserve_many(4).await.expect("the server listens"));
    drop(back.reserve_many(4).await.expect("the server listens"));
    stop.send(task).expect("the server listens");
    server.await.expect("the server does not panic")
}

pub(super) async fn run(amount: Amount) -> u64 {
    let messages = amount.of(MESSAGES);
    let handles: Vec<_> = (0..TASKS).map(|task| tokio::spawn(feed(task, messages))).collect();
    let mut sum = 0;
    for handle in handles {
        sum = meter::mix(sum, handle.await.expect("a task does not panic"));
    }
    sum
}
