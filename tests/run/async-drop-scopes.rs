//! Values with async destructors in scopes, loops, branches, patterns, nested futures and closures: dropped
//! with awaits where the body leaves their scope, without where the future is cancelled or unwinds.
//@ edition: 2024
//@ run-pass
#![feature(async_drop, async_iterator, coroutine_trait)]
#![allow(incomplete_features)]

mod support;
#[path = "support/drive.rs"]
mod drive;
use std::future::AsyncDrop;
use std::pin::Pin;
use support::tasks::*;
use support::*;

/// Its destructors: async, with so many suspensions, and the fallback.
struct Slow {
    name: &'static str,
    times: u32,
    inside: Loud,
}

fn slow(name: &'static str, times: u32) -> Slow {
    Slow { name, times, inside: loud(&format!("inside {name}")) }
}

impl Drop for Slow {
    fn drop(&mut self) {
        println!("    sync drop {} {}", self.name, self.inside.name());
    }
}

impl AsyncDrop for Slow {
    async fn drop(self: Pin<&mut Self>) {
        let (name, times) = (self.name, self.times);
        let local = loud("of the destructor");
        println!("    async drop {name} starts");
        for _ in 0..times {
            wait().await;
        }
        println!("    async drop {name} ends {}", local.name());
    }
}

/// Panics in the middle of its async destructor.
struct Failing(&'static str);

impl Drop for Failing {
    fn drop(&mut self) {
        println!("    sync drop failing {}", self.0);
    }
}

impl AsyncDrop for Failing {
    async fn drop(self: Pin<&mut Self>) {
        println!("    async drop failing {}", self.0);
        wait().await;
        panic!("async drop of {}", self.0);
    }
}

async fn scopes(number: u64) -> u64 {
    let outer = slow("outer", 1);
    {
        let _inner = slow("inner", 1);
        wait().await;
        let _later = (slow("later", 0), loud("beside"));
    }
    let consumed = slow("consumed", 1);
    let filled = Filled::<20>::new(number);
    drop(consumed);
    wait().await;
    filled.sum() % 1000 + outer.times as u64
}

async fn loops(most: u32) -> u32 {
    let mut sum = 0;
    for i in 0..most {
        let each = slow("each", 1);
        if i == 1 {
            continue;
        }
        let task = task("task", 1);
        if i == 3 {
            break;
        }
        sum += task.await.name().len() as u32 + each.times;
    }
    sum
}

async fn conditionally(which: u32) -> Result<u32, Loud> {
    let maybe = (which > 0).then(|| slow("maybe", 1));
    let kept;
    if which == 1 {
        kept = maybe;
        wait().await;
        println!("    {}", kept.is_some());
    } else if let Some(inside) = maybe {
        wait().await;
        if which == 2 {
            return Err(loud("early"));
        }
        println!("    {}", inside.name);
    }
    let replaced = &mut slow("first", 1);
    *replaced = slow("second", 0);
    wait().await;
    Ok(which)
}

async fn in_aggregates() -> usize {
    let tuple = (slow("tuple", 1), 5usize, loud("of the tuple"));
    let vector = vec![slow("v0", 1), slow("v1", 1)];
    let boxed: Box<dyn Send> = Box::new(slow("erased", 1));
    wait().await;
    let (first, number, _) = tuple;
    wait().await;
    drop(boxed);
    let _ = first;
    number + vector.len()
}

async fn futures_in_futures() -> usize {
    let inner = async {
        let held = slow("of the block", 1);
        wait().await;
        held.name.len()
    };
    let guard = slow("guard", 1);
    let first = inner.await;
    let given = slow("given", 1);
    let closure = async |n: usize| {
        let own = slow("of the closure", 1);
        wait().await;
        n + own.name.len() + given.name.len()
    };
    let second = closure(first).await;
    let unpolled = scopes(1);
    drop(unpolled);
    second + closure(1).await + guard.name.len()
}

/// Big values that are passed on, next to awaits that only the destructors make.
async fn passed_on(big: [u64; 50]) -> u64 {
    async fn sum(numbers: [u64; 50], guard: &Slow) -> u64 {
        wait().await;
        numbers.iter().sum::<u64>() + guard.times as u64
    }
    let guard = slow("guard", 1);
    let doubled = big.map(|number| number * 2);
    let first = sum(doubled, &guard).await;
    let other = {
        let _scope = slow("scope", 1);
        big.map(|number| number + first)
    };
    let more = {
        let _scope = slow("second scope", 1);
        std::hint::black_box(other)
    };
    more[0] + sum(more, &guard).await
}

async fn failing(which: bool) {
    let _before = slow("before", 1);
    let _failing = Failing("middle");
    let _after = loud("after");
    if which {
        wait().await;
        panic!("in the body");
    }
}

fn main() {
    quiet();
    drive::futures("scopes", 8, || scopes(3));
    drive::futures("loops", 10, || loops(5));
    for which in 0..4 {
        drive::futures(&format!("conditionally {which}"), 8, || async move {
            conditionally(which).await.map_err(|early| early.name().len())
        });
    }
    drive::futures("aggregates", 10, in_aggregates);
    drive::futures("nested", 14, futures_in_futures);
    drive::futures("passed on", 10, || passed_on([7; 50]));
    drive::futures("failing", 6, || failing(false));
    drive::futures("failing in the body", 5, || failing(true));
}
