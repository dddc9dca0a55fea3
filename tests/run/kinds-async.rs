//! Every kind of async coroutine, dropped before the first poll, at every suspension and at the end.
//@ edition: 2024
//@ run-pass

mod support;
use std::pin::Pin;
use support::*;

async fn function(a: Loud, b: Loud, _: Loud, (c, _): (Loud, Loud)) -> usize {
    wait().await;
    let local = loud("local");
    println!("    {} {} {}", a.name(), c.name(), local.name());
    drop(a);
    wait().await;
    b.name().len()
}

fn block(a: Loud, b: Loud) -> impl Future<Output = ()> {
    async move {
        let inner = async {
            wait().await;
            println!("    {}", a.name());
        };
        inner.await;
        drop(a);
        wait().await;
        println!("    {}", b.name());
    }
}

fn borrowing_block<'a>(a: &'a Loud, b: &'a mut Vec<u32>) -> impl Future<Output = usize> {
    async {
        b.push(1);
        wait().await;
        b.push(a.name().len() as u32);
        wait().await;
        b.len()
    }
}

struct Receiver(Loud);

impl Receiver {
    async fn by_value(self, other: Loud) {
        wait().await;
        println!("    {} {}", self.0.name(), other.name());
    }
    async fn by_reference(&self, other: &Loud) -> usize {
        wait().await;
        self.0.name().len() + other.name().len()
    }
    async fn by_mutable_reference(&mut self) {
        wait().await;
        self.0 = loud("replaced");
        wait().await;
    }
    async fn boxed(self: Box<Self>) {
        wait().await;
    }
}

trait InTrait {
    async fn required(&self, value: Loud) -> usize;
    async fn provided(&self, value: Loud) -> usize {
        let first = self.required(value).await;
        first + self.required(loud("own")).await
    }
    fn returned(self, value: Loud) -> impl Future<Output = usize>;
}

impl InTrait for u32 {
    async fn required(&self, value: Loud) -> usize {
        wait().await;
        *self as usize + value.name().len()
    }
    fn returned(self, value: Loud) -> impl Future<Output = usize> {
        async move {
            wait().await;
            self as usize + value.name().len()
        }
    }
}

fn recursive(depth: u32, value: Loud) -> Pin<Box<dyn Future<Output = u32>>> {
    Box::pin(async move {
        wait().await;
        if depth == 0 {
            return 0;
        }
        let next = loud(&format!("{}{depth}", value.name()));
        1 + recursive(depth - 1, next).await
    })
}

async fn generic<T: std::fmt::Debug, F: Future<Output = T>>(future: F, after: Loud) -> T {
    let value = future.await;
    println!("    {value:?} {}", after.name());
    wait().await;
    value
}

async fn question(value: Loud, fail: bool) -> Result<Loud, String> {
    wait().await;
    let checked: Result<Loud, String> = if fail { Err("failed".to_owned()) } else { Ok(value) };
    let value = checked?;
    wait().await;
    Ok(value)
}

fn main() {
    quiet();
    let f = || function(loud("a"), loud("b"), loud("unnamed"), (loud("c"), loud("d")));
    println!("{}", block_on(f()));
    drop_everywhere("function", 3, f);
    drop_everywhere("block", 3, || block(loud("a"), loud("b")));
    let (a, mut b) = (loud("a"), vec![]);
    println!("{}", block_on(borrowing_block(&a, &mut b)));
    drop_everywhere("by value", 2, || Receiver(loud("self")).by_value(loud("other")));
    drop_everywhere("boxed", 2, || Box::new(Receiver(loud("self"))).boxed());
    let mut receiver = Receiver(loud("self"));
    println!("{}", block_on(receiver.by_reference(&a)));
    block_on(receiver.by_mutable_reference());
    drop(receiver);
    println!("{}", block_on(5u32.provided(loud("value"))));
    drop_everywhere("provided", 3, || 5u32.provided(loud("value")));
    drop_everywhere("returned", 2, || 5u32.returned(loud("value")));
    println!("{}", block_on(recursive(3, loud("r"))));
    drop_everywhere("recursive", 4, || recursive(2, loud("r")));
    let g = || generic(generic(function(loud("a"), loud("b"), loud("c"), (loud("d"), loud("e"))), loud("inner")), loud("outer"));
    drop_everywhere("generic", 6, g);
    for fail in [false, true] {
        drop_everywhere("question", 3, || question(loud("value"), fail));
    }
}
