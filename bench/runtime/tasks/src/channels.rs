//! 100 pairs of tasks that send each other requests: an mpsc channel there, a oneshot channel back.

use tokio::sync::{mpsc, oneshot};

use crate::Amount;

const PAIRS: u64 = 100;
const MESSAGES: u64 = 10_000;

#[derive(Debug)]
struct Request {
    number: u64,
    body: [u8; 48],
    reply: oneshot::Sender<u64>,
}

async fn answer(request: Request) {
    let sum = request.body.iter().fold(request.number, |sum, &byte| sum + u64::from(byte));
    // Whoever asks waits for the answer.
    request.reply.send(sum).expect("the other task waits");
}

async fn serve(mut requests: mpsc::Receiver<Request>) {
    while let Some(request) = requests.recv().await {
        answer(request).await;
    }
}

async fn ask(to: &mpsc::Sender<Request>, number: u64) -> u64 {
    let (reply, answer) = oneshot::channel();
    let request = Request { number, body: [number as u8; 48], reply };
    to.send(request).await.expect("the other task serves");
    answer.await.expect("the other task answers")
}

async fn client(to: mpsc::Sender<Request>, messages: u64) -> u64 {
    let mut sum = 0;
    for number in 0..messages {
        sum = meter::mix(sum, ask(&to, number).await);
    }
    sum
}

pub(super) async fn run(amount: Amount) -> u64 {
    let messages = amount.of(MESSAGES);
    let clients: Vec<_> = (0..PAIRS)
        .map(|_| {
            let (to, requests) = mpsc::channel(8);
            tokio::spawn(serve(requests));
            tokio::spawn(client(to, messages))
        })
        .collect();
    let mut sum = 0;
    for client in clients {
        sum = meter::mix(sum, client.await.expect("a client does not panic"));
    }
    sum
}
