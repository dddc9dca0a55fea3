//! Combinators written by hand around futures of the compiler's: join, select (biased and fair), race,
//! timeouts, fused futures, a set of futures in the order in which they end. Losers are dropped where they
//! stopped; everything is cut off at every poll.
//@ edition: 2024
//@ run-pass
#![feature(async_iterator, coroutine_trait)]

mod support;
#[path = "support/drive.rs"]
mod drive;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use support::tasks::*;
use support::*;

/// A future, or what came of it.
enum MaybeDone<F: Future> {
    Running(F),
    Done(F::Output),
    Gone,
}

impl<F: Future> MaybeDone<F> {
    /// Whether it is done; the future is dropped as soon as it is.
    fn poll_done(self: Pin<&mut Self>, context: &mut Context<'_>) -> bool {
        // The future is never moved.
        let this = unsafe { self.get_unchecked_mut() };
        let MaybeDone::Running(future) = this else { return true };
        match unsafe { Pin::new_unchecked(future) }.poll(context) {
            Poll::Pending => false,
            Poll::Ready(value) => {
                *this = MaybeDone::Done(value);
                true
            }
        }
    }

    fn take(self: Pin<&mut Self>) -> F::Output {
        // Only what is done is moved.
        match std::mem::replace(unsafe { self.get_unchecked_mut() }, MaybeDone::Gone) {
            MaybeDone::Done(value) => value,
            _ => panic!("not done"),
        }
    }
}

/// Polls all until all are done.
macro_rules! join {
    ($($name:ident = $future:expr),* $(,)?) => {{
        $(let mut $name = pin!(MaybeDone::Running($future));)*
        poll_fn(|context| {
            let mut all = true;
            $(all &= $name.as_mut().poll_done(context);)*
            if all { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        ($($name.as_mut().take()),*)
    }};
}

/// Drops all as soon as one is ready, the first of several, and runs its arm.
macro_rules! select {
    ($($name:ident: $pattern:pat = $future:expr => $arm:expr),* $(,)?) => {{
        #[allow(non_camel_case_types)]
        enum Winner<$($name),*> { $($name($name)),* }
        let winner = {
            $(let mut $name = pin!($future);)*
            poll_fn(|context| {
                $(if let Poll::Ready(value) = $name.as_mut().poll(context) {
                    return Poll::Ready(Winner::$name(value));
                })*
                Poll::Pending
            })
            .await
        };
        match winner {
            $(Winner::$name($pattern) => $arm),*
        }
    }};
}

async fn named(name: &'static str, times: u32) -> Loud {
    let own = loud(&format!("own of {name}"));
    let result = task(name, times).await;
    drop(own);
    result
}

async fn block_of(value: Owned<30>, times: u32) -> u64 {
    wait_times(times).await;
    value.look();
    value.filled.sum() % 1000
}

fn owned30(name: &str) -> Owned<30> {
    Owned { filled: Filled::new(name.len() as u64), name: loud(name) }
}

fn joined() {
    drive::futures("join", 5, || async {
        let guard = loud("guard");
        let (a, b, c) = join!(a = named("a", 2), b = block_of(owned30("b"), 0), c = async {
            wait_times(3).await;
            guard.name().len()
        });
        println!("    {} {b} {c}", a.name());
    });
    drive::futures("join, one panics", 4, || async {
        let (a, b) = join!(a = named("a", 1), b = panicking_task("b", 2));
        (a.name().len(), b.name().len())
    });
    drive::futures("nested join", 4, || async {
        let local = loud("local");
        let inner = async {
            let (x, y) = join!(x = named("x", 1), y = named("y", 2));
            x.name().len() + y.name().len() + local.name().len()
        };
        let (inner, outer) = join!(inner = inner, outer = named("outer", 1));
        inner + outer.name().len()
    });
}

fn selected() {
    for (left, right) in [(0, 0), (0, 2), (2, 0), (1, 1), (2, 1)] {
        drive::futures(&format!("select {left} {right}"), 5, || async move {
            let held = loud("held");
            let chosen = select! {
                a: value = named("left", left) => {
                    wait().await;
                    value
                },
                b: number = block_of(owned30("right"), right) => loud(&format!("number {number}")),
            };
            drop(held);
            wait().await;
            chosen.name().len()
        });
    }
    // In a loop, with a future that stays and one that is made anew.
    drive::futures("select in a loop", 10, || async {
        let mut stays = pin!(named("stays", 5));
        let mut rounds = vec![];
        loop {
            let round = loud(&format!("round {}", rounds.len()));
            select! {
                tick: value = named("tick", 1) => rounds.push((round, value)),
                end: value = stays.as_mut() => break (value.name().len(), rounds.len()),
            }
        }
    });
    drive::futures("select, an arm leaves", 4, || async {
        let result: Result<usize, String> = async {
            let _guard = loud("guard");
            select! {
                a: value = async {
                    wait().await;
                    Err::<Loud, _>("failed".to_owned())
                } => return Ok(value?.name().len()),
                b: value = named("slow", 3) => return Ok(value.name().len()),
            }
        }
        .await;
        result
    });
}

/// Whoever is ready first, each time beginning with another.
async fn race<T>(mut runners: Vec<Pin<Box<dyn Future<Output = T> + '_>>>) -> (usize, T) {
    let mut first = 0;
    poll_fn(|context| {
        first += 1;
        for turn in 0..runners.len() {
            let index = (first + turn) % runners.len();
            if let Poll::Ready(value) = runners[index].as_mut().poll(context) {
                return Poll::Ready((index, value));
            }
        }
        Poll::Pending
    })
    .await
}

/// A future that may be polled when it is over.
struct Fuse<F>(Option<F>);

impl<F: Future> Future for Fuse<F> {
    type Output = F::Output;
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let mut inner = unsafe { self.map_unchecked_mut(|this| &mut this.0) };
        let Some(future) = inner.as_mut().as_pin_mut() else { return Poll::Pending };
        let polled = future.poll(context);
        if polled.is_ready() {
            inner.set(None);
        }
        polled
    }
}

async fn timeout<F: Future>(polls: u32, future: F) -> Result<F::Output, Loud> {
    let expired = loud("the timeout's");
    select! {
        a: value = future => Ok(value),
        b: () = wait_times(polls) => {
            wait().await;
            Err(expired)
        },
    }
}

fn raced() {
    for winner in 0..3u32 {
        drive::futures(&format!("race {winner}"), 4, || async move {
            let borrowed = loud("borrowed");
            let runner = |i: u32| -> Pin<Box<dyn Future<Output = Loud> + '_>> {
                let borrowed = &borrowed;
                Box::pin(async move {
                    let own = loud(&format!("runner {i} {}", borrowed.name()));
                    wait_times((i + winner) % 3).await;
                    own
                })
            };
            let (index, value) = race((0..3).map(runner).collect()).await;
            println!("    {index} {}", value.name());
        });
    }
    for polls in 0..4 {
        drive::futures(&format!("timeout {polls}"), 5, || async move {
            let inner = timeout(2, named("inner", polls));
            let outer = timeout(polls, async {
                let result = inner.await;
                wait().await;
                result.is_ok()
            });
            outer.await.map_err(|expired| expired.name().len())
        });
    }
    drive::futures("fused", 6, || async {
        let (mut a, mut b) = (pin!(Fuse(Some(named("a", 1)))), pin!(Fuse(Some(named("b", 3)))));
        let mut seen = vec![];
        while seen.len() < 2 {
            seen.push(select! {
                x: value = a.as_mut() => value.name().len(),
                y: value = b.as_mut() => value.name().len() + 100,
            });
            wait().await;
        }
        seen
    });
}

/// Futures in the order in which they end; new ones may come while others wait.
struct Unordered<F: Future>(Vec<Pin<Box<F>>>);

impl<F: Future> Unordered<F> {
    async fn next(&mut self) -> Option<F::Output> {
        poll_fn(|context| {
            if self.0.is_empty() {
                return Poll::Ready(None);
            }
            for index in 0..self.0.len() {
                if let Poll::Ready(value) = self.0[index].as_mut().poll(context) {
                    drop(self.0.swap_remove(index));
                    return Poll::Ready(Some(value));
                }
            }
            Poll::Pending
        })
        .await
    }
}

fn unordered() {
    drive::futures("unordered", 9, || async {
        let waits = [3, 0, 2, 1];
        let make = |i: usize| {
            let captured = loud(&format!("captured {i}"));
            async move {
                wait_times(waits[i]).await;
                let length = captured.name().len();
                drop(captured);
                (i, length)
            }
        };
        let mut set = Unordered((0..3).map(|i| Box::pin(make(i))).collect());
        let mut order = vec![];
        while let Some((i, _)) = set.next().await {
            if i == 1 {
                set.0.push(Box::pin(make(3)));
            }
            let held = loud(&format!("after {i}"));
            wait().await;
            order.push(i);
            drop(held);
        }
        order
    });
}

fn main() {
    quiet();
    joined();
    selected();
    raced();
    unordered();
}
