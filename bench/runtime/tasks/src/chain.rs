//! A request that is handed down through twelve async functions, as through the layers of a service, and waits in the last one.

use tokio::task;

use crate::Amount;

const TASKS: u64 = 100;
const REQUESTS: u64 = 10_000;

#[derive(Debug)]
struct Request {
    number: u64,
    path: String,
    headers: [u64; 12],
}

/// A layer: it changes the request, hands it on, and looks at the answer.
macro_rules! layers {
    ($($name:ident -> $next:ident),* $(,)?) => {
        $(
            async fn $name(mut request: Request) -> u64 {
                let number = request.number;
                request.headers[(number % 12) as usize] += 1;
                let answer = $next(request).await;
                meter::mix(answer, number)
            }
        )*
    };
}

layers! {
    traced -> limited, limited -> timed, timed -> authorized, authorized -> decompressed, decompressed -> routed,
    routed -> validated, validated -> handled, handled -> cached, cached -> retried, retried -> stored, stored -> bottom,
}

async fn bottom(request: Request) -> u64 {
    task::yield_now().await;
    request.headers.iter().sum::<u64>() + request.path.len() as u64
}

async fn client(task: u64, requests: u64) -> u64 {
    let mut sum = task;
    for number in 0..requests {
        let path = "/orders/".repeat(1 + (number % 3) as usize);
        sum = meter::mix(sum, traced(Request { number, path, headers: [task; 12] }).await);
    }
    sum
}

pub(super) async fn run(amount: Amount) -> u64 {
    let requests = amount.of(REQUESTS);
    let handles: Vec<_> = (0..TASKS).map(|task| tokio::spawn(client(task, requests))).collect();
    let mut sum = 0;
    for handle in handles {
        sum = meter::mix(sum, handle.await.expect("a client does not panic"));
    }
    sum
}
