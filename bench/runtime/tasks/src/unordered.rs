//! `FuturesUnordered` with 10,000 futures at a time, each of which yields four times.

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::task;

use crate::Amount;

const FUTURES: u64 = 10_000;
const ROUNDS: u64 = 100;

async fn fetch(key: [u8; 64], number: u64) -> u64 {
    let mut sum = number;
    for turn in 0..4_u8 {
        task::yield_now().await;
        sum = meter::mix(sum, u64::from(key[usize::from(turn)]));
    }
    sum
}

async fn job(number: u64, round: u64) -> u64 {
    let value = fetch([number as u8; 64], number ^ round).await;
    value & 0xffff_ffff
}

pub(super) async fn run(amount: Amount) -> u64 {
    let mut sum = 0_u64;
    for round in 0..amount.of(ROUNDS) {
        let mut all: FuturesUnordered<_> = (0..FUTURES).map(|number| job(number, round)).collect();
        while let Some(value) = all.next().await {
            sum = sum.wrapping_add(value);
        }
    }
    sum
}
