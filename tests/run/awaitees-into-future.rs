//! `IntoFuture::into_future`: called where it does something, whoever implements it; futures of all
//! kinds, generic ones, boxed ones, copied ones.
//@ edition: 2024
//@ run-pass
#![feature(gen_blocks, async_iterator)]

mod support;
use std::async_iter::AsyncIterator;
use std::future::{IntoFuture, Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use support::tasks::*;
use support::*;

/// Not a future; what it becomes is made when it is awaited.
struct Request {
    name: &'static str,
    fails: bool,
    header: Loud,
}

fn request(name: &'static str, fails: bool) -> Request {
    Request { name, fails, header: loud("header") }
}

impl IntoFuture for Request {
    type Output = Loud;
    type IntoFuture = Task;
    fn into_future(self) -> Task {
        println!("    send {} with {}", self.name, self.header.name());
        if self.fails {
            panic!("cannot send {}", self.name);
        }
        task(self.name, 1)
    }
}

/// Becomes itself, by its own way.
struct Same(Loud, u32);

struct SameFuture(Same);

impl IntoFuture for Same {
    type Output = u32;
    type IntoFuture = SameFuture;
    fn into_future(mut self) -> SameFuture {
        println!("    into {}", self.0.name());
        self.1 += 1;
        SameFuture(self)
    }
}

impl Future for SameFuture {
    type Output = u32;
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u32> {
        self.0.1 += 10;
        if self.0.1 > 20 { Poll::Ready(self.0.1) } else { Poll::Pending }
    }
}

async fn own_impl(request: Request, same: Same, after: Loud) {
    let result = request.await;
    println!("    {} {}", result.name(), after.name());
    println!("    {}", same.await);
    wait().await;
}

async fn reference_to_into_future(after: Loud, list: &List) -> usize {
    let length = list.await;
    wait().await;
    length + after.name().len()
}

struct List(Vec<u32>);

impl<'a> IntoFuture for &'a List {
    type Output = usize;
    type IntoFuture = Ready<usize>;
    fn into_future(self) -> Ready<usize> {
        println!("    list of {:?}", self.0);
        ready(self.0.len())
    }
}

async fn generic_into<F: IntoFuture>(future: F, after: Loud) -> F::Output {
    let output = future.await;
    wait().await;
    println!("    {}", after.name());
    output
}

async fn generic_future<F: Future>(future: F, after: Loud) -> F::Output {
    let output = future.await;
    wait().await;
    println!("    {}", after.name());
    output
}

async fn called_by_hand<F: IntoFuture>(future: F) -> F::Output {
    let future = future.into_future();
    wait().await;
    IntoFuture::into_future(future).await
}

/// A future that can be copied: what is awaited is a copy, and the original stays as it was.
#[derive(Clone, Copy)]
struct Counter(u32, Filled<4>);

impl Future for Counter {
    type Output = u32;
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u32> {
        self.0 += 1;
        let number = self.0;
        self.1.refill(number.into());
        if number % 3 == 0 { Poll::Ready(number) } else { Poll::Pending }
    }
}

async fn copied(counter: Counter) {
    let other = counter;
    let first = counter.await;
    let second = counter.await;
    for _ in 0..2 {
        println!("    {first} {second} {} {}", counter.0, other.await);
        counter.1.check("the original");
    }
    let borrowed = &counter;
    let third = (*borrowed).await;
    println!("    {third} {} {:x}", borrowed.0, counter.1.sum());
}

fn copied_capture(counter: Counter) -> impl Future<Output = u32> {
    async move { counter.await + counter.await * 100 + counter.0 * 10_000 }
}

fn boxed(name: &'static str) -> Box<dyn Future<Output = Loud> + Unpin> {
    Box::new(Box::pin(task(name, 1)))
}

trait Service {
    fn call(&self, name: &'static str) -> impl Future<Output = Loud>;
    async fn twice(&self) -> usize {
        self.call("first").await.name().len() + self.call("second").await.name().len()
    }
}

impl Service for Loud {
    fn call(&self, name: &'static str) -> impl Future<Output = Loud> {
        println!("    {} is called", self.name());
        task(name, 1)
    }
}

async fn closures(call: impl AsyncFn(Task) -> Loud, once: impl AsyncFnOnce() -> Loud) {
    let first = call(task("given", 1)).await;
    let second = once().await;
    println!("    {} {}", first.name(), second.name());
    wait().await;
}

async gen fn items(future: Task, request: Request) -> String {
    yield future.await.name().to_owned();
    wait().await;
    yield request.await.name().to_owned();
}

fn main() {
    quiet();
    for fails in [false, true] {
        let same = || Same(loud("same"), 0);
        let make = || own_impl(request("request", fails), same(), loud("after"));
        drop_everywhere("own impl", 5, make);
        drop_everywhere("generic", 3, || generic_into(request("generic", fails), loud("after")));
        drop_everywhere("by hand", 3, || called_by_hand(request("hand", fails)));
    }
    drop_everywhere("by hand", 3, || called_by_hand(task("task", 1)));
    let list = List(vec![1, 2, 3]);
    drop_everywhere("reference", 2, || reference_to_into_future(loud("after"), &list));
    drop_everywhere("into", 3, || generic_into(task("task", 1), loud("after")));
    drop_everywhere("future", 3, || generic_future(task("task", 1), loud("after")));
    drop_everywhere("nested", 5, || {
        generic_future(generic_into(generic_future(request("r", false).into_future(), loud("1")), loud("2")), loud("3"))
    });
    drop_everywhere("boxed", 3, || generic_into(boxed("boxed"), loud("after")));
    let counter = Counter(0, Filled::new(0));
    drop_everywhere("copied", 16, || copied(counter));
    println!("{}", block_on(copied_capture(counter)));
    drop_everywhere("service", 3, || async { loud("service").twice().await });
    drop_everywhere("closures", 4, || {
        let (left, right) = (loud("left"), task("right", 1));
        closures(async move |future: Task| { println!("    {}", left.name()); future.await }, async move || right.await)
    });
    for polls in 0..7 {
        println!("async gen, {polls} polls:");
        let mut iterator = Box::pin(items(task("future", 1), request("request", false)));
        for _ in 0..polls {
            let next = iterator.as_mut().poll_next(&mut Context::from_waker(Waker::noop()));
            println!("  {next:?}");
        }
    }
}
