//! Panics while a future is made, passed on, polled or dropped: everything else is dropped once and
//! in order, whichever suspension it happens at.
//@ edition: 2024
//@ run-pass

mod support;
use std::pin::Pin;
use std::task::{Context, Poll};
use support::tasks::*;
use support::*;

fn fail(condition: bool, what: &str) -> Loud {
    if condition {
        panic!("{what} failed");
    }
    loud(what)
}

/// Made by a function that may panic, with an argument that may.
fn made(argument: Loud, fails: bool) -> Task {
    let _unused = fail(fails, "constructor");
    println!("    made with {}", argument.name());
    task("made", 1)
}

async fn in_constructor(at: u32, before: Loud, parameter: Task) {
    let first = made(fail(at == 0, "argument"), at == 1).await;
    parameter.await;
    let second = made(fail(at == 2, "argument"), at == 3).await;
    println!("    {} {} {}", before.name(), first.name(), second.name());
}

async fn in_poll(before: Loud, first: Task, between: Loud, second: Task) {
    let kept = first.await;
    wait().await;
    println!("    {}", between.name());
    drop(before);
    second.await;
    println!("    {}", kept.name());
}

/// Panics when it is dropped, after so many polls it is ready.
struct Sour(&'static str, u32, Filled<8>);

impl Future for Sour {
    type Output = Loud;
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Loud> {
        self.2.check(self.0);
        if self.1 == 0 {
            return Poll::Ready(loud("sour result"));
        }
        self.1 -= 1;
        Poll::Pending
    }
}

impl Drop for Sour {
    fn drop(&mut self) {
        println!("    drop sour {}", self.0);
        self.2.check(self.0);
        panic!("dropping {}", self.0);
    }
}

fn sour(name: &'static str, times: u32) -> Sour {
    Sour(name, times, Filled::new(times.into()))
}

async fn in_drop(before: Loud, future: Sour, after: Loud) {
    let _local = loud("local");
    let result = future.await;
    println!("    not reached {} {} {}", before.name(), after.name(), result.name());
}

async fn in_drop_of_a_call(before: Loud) {
    let _local = loud("local");
    wait().await;
    let _result = (loud("temporary"), sour("called", 1).await, loud("not made"));
    println!("    not reached {}", before.name());
}

async fn in_drop_on_a_condition(before: Loud, future: Sour, condition: bool) {
    wait().await;
    if condition {
        let _inner = loud("inner");
        future.await;
    }
    println!("    {}", before.name());
    wait().await;
}

async fn caught_outside(future: impl Future<Output = Loud>, after: Loud) {
    struct Catch<F>(Option<Pin<Box<F>>>);
    impl<F: Future> Future for Catch<F> {
        type Output = Result<F::Output, String>;
        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
            let inner = self.0.as_mut().expect("not ready yet").as_mut();
            let polled = std::panic::AssertUnwindSafe(|| inner.poll(context));
            match std::panic::catch_unwind(polled) {
                Ok(polled) => polled.map(Ok),
                Err(payload) => Poll::Ready(Err(message(&*payload))),
            }
        }
    }
    match Catch(Some(Box::pin(future))).await {
        Ok(result) => println!("    {}", result.name()),
        Err(message) => println!("    caught {message}"),
    }
    wait().await;
    println!("    {}", after.name());
}

async fn in_a_loop(at: u32, kept: Loud) {
    for i in 0..3 {
        let future = if i == at { panicking_task("bad", i) } else { task("good", 1) };
        let result = future.await;
        wait().await;
        println!("    {} {}", result.name(), kept.name());
    }
}

async fn polled_again(future: Task, kept: Loud) {
    future.await;
    println!("    {}", kept.name());
}

fn main() {
    quiet();
    for at in 0..5 {
        drop_everywhere("constructor", 4, || in_constructor(at, loud("before"), task("p", 1)));
    }
    for (left, right) in [(0, 0), (1, 0), (0, 1), (2, 2)] {
        let first = move || if left == 0 { task("f", 1) } else { panicking_task("f", left - 1) };
        let second = move || if right == 0 { task("s", 1) } else { panicking_task("s", right - 1) };
        let make = || in_poll(loud("before"), first(), loud("between"), second());
        drop_everywhere("poll", 4, make);
    }
    for times in 0..2 {
        let make = || in_drop(loud("before"), sour("future", times), loud("after"));
        drop_everywhere("drop", 3, make);
    }
    drop_everywhere("drop of a call", 3, || in_drop_of_a_call(loud("before")));
    for condition in [false, true] {
        let make = || in_drop_on_a_condition(loud("before"), sour("maybe", 1), condition);
        drop_everywhere("drop on a condition", 4, make);
    }
    for times in 0..2 {
        let make = || caught_outside(panicking_task("inner", times), loud("after"));
        drop_everywhere("caught", 3, make);
        let make = || caught_outside(sour("inner", times), loud("after"));
        poll_and_drop("caught, sour", 0, make());
    }
    for at in 0..4 {
        drop_everywhere("loop", 7, || in_a_loop(at, loud("kept")));
    }
    let mut future = Box::pin(polled_again(panicking_task("once", 0), loud("kept")));
    for _ in 0..2 {
        let polled = std::panic::AssertUnwindSafe(|| poll(future.as_mut()));
        match std::panic::catch_unwind(polled) {
            Ok(_) => println!("no panic"),
            Err(payload) => println!("panicked: {}", message(&*payload)),
        }
    }
}
