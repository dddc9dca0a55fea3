//! async gen blocks and functions: cut off at every poll, between items and inside awaits; awaited with
//! `for await`, merged, panicking, and futures awaited in them.
//@ edition: 2024
//@ run-pass
#![feature(gen_blocks, async_iterator, coroutine_trait, async_for_loop)]

mod support;
#[path = "support/drive.rs"]
mod drive;
use std::async_iter::AsyncIterator;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use support::tasks::*;
use support::*;

async gen fn parameters(a: Loud, (b, _): (Loud, Loud), _: Loud, big: Owned<40>) -> String {
    wait().await;
    yield a.name().to_owned();
    let result = task("awaited", 1).await;
    drop(a);
    big.look();
    yield result.name().to_owned();
    drop(big);
    wait().await;
    yield b.name().to_owned();
}

fn block(value: Loud, future: Task, spare: Loud) -> impl AsyncIterator<Item = usize> {
    async gen move {
        yield value.name().len();
        let length = value.name().len();
        drop(value);
        let result = future.await;
        for i in 0..2 {
            let held = loud(&format!("held {i}"));
            yield result.name().len() + i;
            wait().await;
            drop(held);
        }
        yield length + spare.name().len();
    }
}

/// Ends at the first error.
async gen fn checked(inputs: Vec<Result<Loud, u32>>) -> Result<String, u32> {
    for input in inputs {
        let each = async {
            wait().await;
            let value = input?;
            wait().await;
            Ok::<_, u32>(value.name().to_owned())
        };
        match each.await {
            Ok(name) => yield Ok(name),
            Err(error) => {
                yield Err(error);
                return;
            }
        }
    }
}

async fn gather(name: &str, iterator: impl AsyncIterator<Item: std::fmt::Debug>) -> Vec<String> {
    let own = loud(name);
    let mut all = vec![];
    for await item in iterator {
        let held = loud(&format!("{item:?}"));
        wait().await;
        all.push(format!("{} {}", own.name(), held.name()));
        if all.len() == 4 {
            break;
        }
    }
    all
}

/// Takes from both, whichever is ready.
fn merged<A, B>(a: A, b: B) -> impl AsyncIterator<Item = A::Item>
where
    A: AsyncIterator,
    B: AsyncIterator<Item = A::Item>,
{
    async gen move {
        let (mut a, mut b) = (pin!(a), pin!(b));
        let (mut a_ends, mut b_ends) = (false, false);
        while !a_ends || !b_ends {
            let turn = poll_fn(|context: &mut Context<'_>| {
                for (ends, side) in [
                    (&mut a_ends, a.as_mut() as Pin<&mut dyn AsyncIterator<Item = A::Item>>),
                    (&mut b_ends, b.as_mut()),
                ] {
                    if *ends {
                        continue;
                    }
                    match side.poll_next(context) {
                        Poll::Pending => {}
                        Poll::Ready(Some(item)) => return Poll::Ready(Some(item)),
                        Poll::Ready(None) => *ends = true,
                    }
                }
                if a_ends && b_ends { Poll::Ready(None) } else { Poll::Pending }
            });
            match turn.await {
                Some(item) => yield item,
                None => break,
            }
        }
    }
}

fn panicking() {
    for at in 0..4 {
        drive::async_iterators(&format!("panics at {at}"), 8, || {
            let (a, b) = (loud("a"), loud("b"));
            async gen move {
                let kept = &b;
                for i in 0..3 {
                    let local = loud("local");
                    if i == at {
                        panicking_task("panicking", 1).await;
                    }
                    yield i;
                    wait().await;
                    if at == 3 && i == 1 {
                        panic!("with {} and {}", local.name(), kept.name());
                    }
                }
                yield a.name().len();
            }
        });
    }
    drive::async_iterators("bomb captured", 5, || {
        let (a, bomb, b) = (loud("a"), Bomb("captured"), loud("b"));
        async gen move {
            yield a.name().len();
            wait().await;
            drop(bomb);
            yield b.name().len();
        }
    });
}

fn main() {
    quiet();
    let pair = || (loud("b"), loud("c"));
    let big = || Owned { filled: Filled::new(1), name: loud("big") };
    drive::async_iterators("parameters", 8, || parameters(loud("a"), pair(), loud("_"), big()));
    let make = || block(loud("value"), task("future", 1), loud("spare"));
    drive::async_iterators("block", 9, make);
    for bad in 0..3 {
        drive::async_iterators(&format!("checked, {bad} is bad"), 8, || {
            let input = |i| if i == bad { Err(i) } else { Ok(loud(&format!("input {i}"))) };
            checked((0..2).map(input).collect())
        });
    }
    drive::futures("gathered", 14, || gather("gather", make()));
    drive::futures("gathered from one", 2, || gather("one", async gen { yield 1u8 }));
    drive::async_iterators("merged", 16, || {
        let other = loud("other");
        merged(make(), async gen move {
            wait().await;
            yield other.name().len() + 100;
            wait_times(3).await;
            yield 200;
        })
    });
    drive::futures("merged and boxed", 16, || {
        let boxed: Pin<Box<dyn AsyncIterator<Item = usize>>> = Box::pin(merged(make(), make()));
        gather("boxed", boxed)
    });
    panicking();
}
