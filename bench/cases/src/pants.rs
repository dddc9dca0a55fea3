//! pants: each step of a build runs in a "work unit", a future around a future around a future; without boxes its stack
//! overflows (#17409 tells why they are boxed; of #23481 no text was at hand).

use std::cell::Cell;

use crate::{Once, block_on, measured};

thread_local! {
    static DEPTH: Cell<u64> = const { Cell::new(0) };
}

#[derive(Clone, Debug)]
struct Metadata {
    description: String,
    counters: [u64; 24],
}

/// Runs a future with something in place, like a task-local value.
async fn scope<F: Future>(depth: u64, future: F) -> F::Output {
    let before = DEPTH.replace(depth);
    let output = future.await;
    DEPTH.set(before);
    output
}

async fn in_workunit<F: Future<Output = u64>>(
    name: &str,
    mut metadata: Metadata,
    future: F,
) -> u64 {
    metadata.counters[0] += 1;
    metadata.description.push_str(name);
    let depth = DEPTH.get() + 1;
    let sum = scope(depth, future).await;
    common::mix(sum, metadata.counters.iter().sum::<u64>() + metadata.description.len() as u64)
}

fn metadata() -> Metadata {
    Metadata { description: String::new(), counters: [1; 24] }
}

async fn load_digest(digest: [u8; 32]) -> u64 {
    in_workunit("load", metadata(), async move {
        let content = [digest[0]; 512];
        Once::default().await;
        content.iter().map(|&byte| u64::from(byte)).sum()
    })
    .await
}

async fn snapshot(digests: [[u8; 32]; 8]) -> u64 {
    in_workunit("snapshot", metadata(), async move {
        let mut sum = 0;
        for digest in digests {
            sum = common::mix(sum, load_digest(digest).await);
        }
        sum
    })
    .await
}

async fn run_process(arguments: [u64; 32]) -> u64 {
    in_workunit("process", metadata(), async move {
        let inputs = snapshot([[3; 32]; 8]).await;
        let outputs = snapshot([[5; 32]; 8]).await;
        arguments.iter().fold(inputs ^ outputs, |sum, &it| common::mix(sum, it))
    })
    .await
}

async fn run_node(key: u64) -> u64 {
    in_workunit("node", metadata(), async move {
        let first = run_process([key; 32]).await;
        common::mix(first, run_process([first; 32]).await)
    })
    .await
}

pub(crate) fn run(name: &str) {
    measured(name, || block_on(run_node(7)), size_of_val(&run_node(7)));
}
