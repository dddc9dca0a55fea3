//! Awaited futures of unusual types: over-aligned, without size, without an end, recursive, large.
//@ edition: 2024
//@ run-pass
#![deny(unused_must_use)]
#![warn(unused)]

mod support;
use std::convert::Infallible;
use std::marker::PhantomPinned;
use std::pin::Pin;
use std::task::{Context, Poll};
use support::tasks::*;
use support::*;

/// Checks at each poll and when it is dropped that it is aligned.
#[repr(align(64))]
struct Aligned<P>(u8, u32, P);

impl<P> Aligned<P> {
    fn check(&self) {
        assert_eq!(&raw const *self as usize % 64, 0, "not aligned");
        assert_eq!(self.0, 0xa5, "overwritten");
    }
}

impl<P> Future for Aligned<P> {
    type Output = u32;
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u32> {
        self.check();
        // Nothing is moved out of it.
        let this = unsafe { self.get_unchecked_mut() };
        this.1 += 1;
        if this.1 == 2 { Poll::Ready(2) } else { Poll::Pending }
    }
}

impl<P> Drop for Aligned<P> {
    fn drop(&mut self) {
        self.check();
        println!("    drop aligned after {} polls", self.1);
    }
}

fn aligned<P>(marker: P) -> Aligned<P> {
    Aligned(0xa5, 0, marker)
}

async fn over_aligned(byte: u8, pinned: Aligned<PhantomPinned>, other: u8, plain: Aligned<()>) {
    let first = pinned.await;
    let array = (byte, aligned(()), other);
    let second = array.1.await;
    plain.await;
    println!("    {} {first} {second} {}", array.0, array.2);
}

/// Without size, with a destructor.
struct Nothing;

impl Future for Nothing {
    type Output = ();
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        println!("    nothing is polled");
        if fresh() % 2 == 0 { Poll::Pending } else { Poll::Ready(()) }
    }
}

impl Drop for Nothing {
    fn drop(&mut self) {
        println!("    nothing is dropped");
    }
}

async fn without_size(parameter: Nothing, condition: bool) {
    if condition {
        parameter.await;
    }
    Nothing.await;
    async {}.await;
    let block = async || ();
    block().await;
    std::future::ready(()).await;
}

/// Panics or waits, but never gives anything.
struct Never(u32);

impl Future for Never {
    type Output = Infallible;
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Infallible> {
        self.0 += 1;
        if self.0 == 3 { panic!("never") } else { Poll::Pending }
    }
}

#[expect(unreachable_code)]
async fn without_an_end(kept: Loud, never: Never) {
    let _local = loud("local");
    match never.await {}
    println!("    {}", kept.name());
}

async fn bottom(kept: Loud) -> ! {
    wait().await;
    panic!("the end of {}", kept.name())
}

async fn awaits_bottom(kept: Loud, early: bool) -> u32 {
    if early {
        return 1;
    }
    let _other = loud("other");
    bottom(kept).await
}

async fn endless(kept: Loud) -> u32 {
    let _pending: () = std::future::pending().await;
    kept.name().len() as u32
}

#[must_use = "a number to be used"]
struct Number(u32);

async fn number(value: u32, kept: Loud) -> Number {
    wait().await;
    Number(value + kept.name().len() as u32)
}

async fn must_be_used(first: impl Future<Output = Number>) {
    let sum = first.await.0 + number(1, loud("called")).await.0;
    let _ = number(2, loud("ignored")).await;
    println!("    {sum}");
}

/// Boxed by a function of its own: stock, when it inlines all it can, cannot lay out others.
fn recursive(depth: u32, bytes: Filled<200>, kept: Loud) -> Pin<Box<dyn Future<Output = u64>>> {
    Box::pin(async move {
        wait().await;
        if depth == 0 {
            return bytes.sum();
        }
        let next = loud(&format!("{}{depth}", kept.name()));
        let below = recursive(depth - 1, Filled::new(depth.into()), next).await;
        bytes.check("after the call");
        below ^ bytes.sum()
    })
}

fn mutually(depth: u32, kept: Loud) -> Pin<Box<dyn Future<Output = usize>>> {
    Box::pin(async move {
        let boxed = if depth == 0 { return kept.name().len() } else { mutually(depth - 1, loud("m")) };
        boxed.await + kept.name().len()
    })
}

/// The innermost future goes through six others; stock doubles its size each time.
async fn innermost(bytes: Filled<150>) -> u64 {
    wait().await;
    bytes.sum()
}

async fn around<F: Future<Output = u64>>(future: F) -> u64 {
    future.await.rotate_left(1)
}

async fn large(before: Owned<1000>, after: Owned<1000>) {
    let inner = around(around(around(innermost(Filled::new(5)))));
    println!("    {:x}", around(around(around(inner))).await);
    before.look();
    drop(before);
    println!("    {:x}", innermost(Filled::new(6)).await);
    after.look();
}

fn main() {
    quiet();
    let make = || over_aligned(1, aligned(PhantomPinned), 2, aligned(()));
    drop_everywhere("over-aligned", 5, make);
    for condition in [false, true] {
        drop_everywhere("without size", 4, || without_size(Nothing, condition));
        drop_everywhere("bottom", 3, || awaits_bottom(loud("kept"), condition));
    }
    drop_everywhere("without an end", 4, || without_an_end(loud("kept"), Never(0)));
    drop_everywhere("endless", 2, || endless(loud("kept")));
    drop_everywhere("must be used", 4, || must_be_used(number(3, loud("parameter"))));
    println!("{:x}", block_on(recursive(3, Filled::new(9), loud("r"))));
    drop_everywhere("recursive", 4, || recursive(2, Filled::new(9), loud("r")));
    println!("{}", block_on(mutually(3, loud("first"))));
    drop_everywhere("large", 3, || large(owned("before"), owned("after")));
}
