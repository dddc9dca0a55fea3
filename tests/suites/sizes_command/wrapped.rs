//! Futures inside other values: what advice about them promises, there and in everything around.
//!
//! The combinators are made like those that people use: `tokio::time::Timeout`, `tracing::Instrumented`, `futures::future::{MaybeDone, Either,
//! Join}`, `OnceCell`-like options, arrays.

use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::user::User;
use snug_tests::workshop::Workshop;

use crate::advice::{Case, keep_promises};

const PROGRAM: &str = "
use std::mem::ManuallyDrop;
use std::num::NonZeroU64;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// A field that is smaller than its alignment lets, and one with a niche.
struct Timeout<F> { armed: bool, value: F, deadline: (u64, u32) }
impl<F: Future> Future for Timeout<F> {
    type Output = F::Output;
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        look(&[self.armed as u8, self.deadline.1 as u8]);
        unsafe { self.map_unchecked_mut(|it| &mut it.value) }.poll(cx)
    }
}
fn timeout<F: Future>(value: F) -> Timeout<F> { Timeout { armed: true, value, deadline: (7, 8) } }

/// What is inside is a union.
struct Instrumented<F> { inner: ManuallyDrop<F>, span: Option<NonZeroU64>, level: u8 }
impl<F: Future> Future for Instrumented<F> {
    type Output = F::Output;
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        look(&[self.span.is_some() as u8, self.level]);
        unsafe { self.map_unchecked_mut(|it| &mut *it.inner) }.poll(cx)
    }
}
impl<F> Drop for Instrumented<F> {
    fn drop(&mut self) { unsafe { ManuallyDrop::drop(&mut self.inner) } }
}
trait Instrument: Future + Sized {
    fn instrument(self, level: u8) -> Instrumented<Self> {
        Instrumented { inner: ManuallyDrop::new(self), span: NonZeroU64::new(5), level }
    }
}
impl<F: Future> Instrument for F {}

enum MaybeDone<F: Future> { Future(F), Done(F::Output), Gone }
impl<F: Future> MaybeDone<F> {
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        unsafe {
            let this = self.get_unchecked_mut();
            if let MaybeDone::Future(future) = this {
                let Poll::Ready(output) = Pin::new_unchecked(future).poll(cx) else { return Poll::Pending };
                *this = MaybeDone::Done(output);
            }
            Poll::Ready(())
        }
    }
    fn take(&mut self) -> F::Output {
        match std::mem::replace(self, MaybeDone::Gone) { MaybeDone::Done(output) => output, _ => panic!() }
    }
}

struct Join<A: Future, B: Future>(MaybeDone<A>, MaybeDone<B>);
impl<A: Future, B: Future> Future for Join<A, B> {
    type Output = (A::Output, B::Output);
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        unsafe {
            let Join(a, b) = self.get_unchecked_mut();
            let (one, other) = (Pin::new_unchecked(&mut *a).poll(cx), Pin::new_unchecked(&mut *b).poll(cx));
            if one.is_pending() || other.is_pending() { return Poll::Pending }
            Poll::Ready((a.take(), b.take()))
        }
    }
}
fn join<A: Future, B: Future>(a: A, b: B) -> Join<A, B> { Join(MaybeDone::Future(a), MaybeDone::Future(b)) }

enum Either<A, B> { Left(A), Right(B) }
impl<A: Future, B: Future<Output = A::Output>> Future for Either<A, B> {
    type Output = A::Output;
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<A::Output> {
        unsafe {
            match self.get_unchecked_mut() {
                Either::Left(a) => Pin::new_unchecked(a).poll(cx),
                Either::Right(b) => Pin::new_unchecked(b).poll(cx),
            }
        }
    }
}

/// An array in an option, beside a bit of its own.
struct First<F, const N: usize>(Option<[F; N]>, bool);
impl<F: Future, const N: usize> Future for First<F, N> {
    type Output = F::Output;
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let futures = unsafe { self.get_unchecked_mut() }.0.as_mut().unwrap();
        unsafe { Pin::new_unchecked(&mut futures[0]) }.poll(cx)
    }
}

struct Wait(bool);
impl Future for Wait {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        self.0 = !self.0;
        if self.0 { Poll::Pending } else { Poll::Ready(()) }
    }
}
async fn wait() { Wait(false).await }
fn look(bytes: &[u8]) -> u8 { std::hint::black_box(bytes)[0] }

async fn leaf(path: [u8; 301]) -> u8 { wait().await; look(&path) }
async fn work(path: [u8; 301]) -> u8 {
    let buffer = [1u8; 99];
    let leaf = leaf(path).await;
    leaf + look(&buffer)
}
async fn small() -> u8 { wait().await; 3 }
async fn other(values: [u16; 77]) -> u8 { wait().await; values[0] as u8 }

async fn timed() -> u8 { timeout(work([2; 301])).await }
async fn traced() -> u8 { let level = timed().instrument(3).await; level + 1 }
async fn joined() -> u8 { let both = join(work([4; 301]), other([5; 77])).await; both.0 + both.1 }
async fn either(left: bool) -> u8 {
    let chosen = if left { Either::Left(work([6; 301])) } else { Either::Right(other([7; 77])) };
    chosen.await
}
async fn first() -> u8 { First(Some([leaf([8; 301]), leaf([9; 301])]), true).await }
async fn later() -> u8 {
    let future = timeout(work([1; 301]));
    wait().await;
    future.await
}
async fn pinned() -> u8 {
    let mut future = pin!(work([1; 301]));
    wait().await;
    future.as_mut().await
}
async fn boxed() -> u8 { timeout(Box::pin(small())).instrument(1).await }
async fn all() -> u8 {
    let sum = timeout(join(traced(), joined())).instrument(2).await;
    sum.0 + sum.1
}
async fn everything() -> u8 {
    all().await + Either::<_, Wait2>::Left(either(true)).await + first().await + later().await + pinned().await
        + timeout(boxed()).await
}
struct Wait2;
impl Future for Wait2 {
    type Output = u8;
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u8> { Poll::Ready(0) }
}

fn main() {
    let mut future = pin!(everything());
    loop {
        let mut context = Context::from_waker(Waker::noop());
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            println!(\"{output}\");
            return;
        }
    }
}
";

fn user(tools: Tools) -> Result<User> {
    let manifest = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    let files = [("Cargo.toml", manifest), ("src/main.rs", PROGRAM)];
    Ok(User::of(tools, Workshop::new(tools, &files)?))
}

const fn case(
    kind: &'static str,
    future: &'static str,
    says: &'static str,
    edits: &'static [(&'static str, &'static str)],
) -> Case {
    // A box is its own pointer: `pin!` has one beside the future.
    let is_exact = !matches!(future.as_bytes(), b"async fn app::pinned");
    Case { kind, is_exact, future, says, file: "src/main.rs", edits }
}

/// What saves something in the innermost future is carried on through all combinators; futures are boxed in them, and they as a whole.
const CASES: &[Case] = &[
    case(
        "box",
        "async fn app::timed",
        "box async fn app::work in there",
        &[("timeout(work([2; 301]))", "timeout(Box::pin(work([2; 301])))")],
    ),
    case(
        "box",
        "async fn app::timed",
        "box what it awaits `Timeout<",
        &[("timeout(work([2; 301])).await", "Box::pin(timeout(work([2; 301]))).await")],
    ),
    case(
        "box",
        "async fn app::traced",
        "box async fn app::timed in there",
        &[("timed().instrument(3)", "Box::pin(timed()).instrument(3)")],
    ),
    case(
        "box",
        "async fn app::joined",
        "box async fn app::work in there",
        &[("join(work([4; 301])", "join(Box::pin(work([4; 301]))")],
    ),
    case(
        "box",
        "async fn app::joined",
        "box async fn app::other in there",
        &[("other([5; 77])", "Box::pin(other([5; 77]))")],
    ),
    case(
        "box",
        "async fn app::either",
        "box async fn app::work in ",
        &[("Either::Left(work([6; 301]))", "Either::Left(Box::pin(work([6; 301])))")],
    ),
    case(
        "box",
        "async fn app::first",
        "box async fn app::leaf in there",
        &[(
            "[leaf([8; 301]), leaf([9; 301])]",
            "[Box::pin(leaf([8; 301])), Box::pin(leaf([9; 301]))]",
        )],
    ),
    case(
        "box",
        "async fn app::later",
        "box async fn app::work in `future`: `Timeout<",
        &[("timeout(work([1; 301]))", "timeout(Box::pin(work([1; 301])))")],
    ),
    case(
        "box",
        "async fn app::pinned",
        "async fn app::work where it is made",
        &[("pin!(work([1; 301]))", "Box::pin(work([1; 301]))")],
    ),
    case(
        "box",
        "async fn app::all",
        "box async fn app::joined in there",
        &[("join(traced(), joined())", "join(traced(), Box::pin(joined()))")],
    ),
    case(
        "unbox",
        "async fn app::boxed",
        "needs no box",
        &[("timeout(Box::pin(small()))", "timeout(small())")],
    ),
];

/// Exact everywhere.
pub(crate) fn promises(tools: Tools) -> Result<()> {
    keep_promises(&user(tools)?, CASES)
}
