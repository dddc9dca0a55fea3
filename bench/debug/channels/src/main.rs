//! Two tasks that send each other messages, and a select over both and a timer.

use std::time::Duration;

use tokio::sync::mpsc::{self, Receiver, Sender};

const MESSAGES: u64 = 120_000;

#[derive(Debug)]
struct Message {
    number: u64,
    text: String,
}

async fn echo(mut from: Receiver<Message>, to: Sender<Message>) {
    while let Some(message) = from.recv().await {
        let Message { number, text } = message;
        let back = Message { number: common::mix(number, text.len() as u64), text };
        if to.send(back).await.is_err() {
            return;
        }
    }
}

async fn work() -> u64 {
    let (there, from) = mpsc::channel(16);
    let (to, mut back) = mpsc::channel(16);
    let other = tokio::spawn(echo(from, to));
    let mut sum = 0;
    for number in 0..MESSAGES {
        let message = Message { number, text: "ping".repeat(1 + number as usize % 3) };
        there.send(message).await.expect("the other task listens");
        let answer = tokio::select! {
            answer = back.recv() => answer,
            () = tokio::time::sleep(Duration::from_secs(60)) => None,
        };
        let answer = answer.expect("the other task answers");
        sum = common::mix(sum, answer.number ^ answer.text.len() as u64);
    }
    drop(there);
    other.await.expect("the other task does not panic");
    sum
}

fn main() {
    let (sum, stack) = common::on_painted_stack(8, || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        runtime.expect("a runtime can be made").block_on(work())
    });
    common::result("channels", sum);
    common::stack(stack);
}
