//@ edition: 2024
//@ compile-flags: -Copt-level=3
// Coroutines of every kind for other crates, compiled with more optimisation than these.
#![feature(gen_blocks, async_iterator, coroutines, coroutine_trait, coroutine_clone)]
#![feature(stmt_expr_attributes)]

use std::async_iter::AsyncIterator;
use std::fmt::Debug;
use std::ops::Coroutine;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::Mutex;

/// How often something here was polled.
pub static POLLS: AtomicU32 = AtomicU32::new(0);

pub async fn pause() {
    POLLS.fetch_add(1, Ordering::Relaxed);
    let mut yielded = false;
    std::future::poll_fn(|_| match std::mem::replace(&mut yielded, true) {
        true => std::task::Poll::Ready(()),
        false => std::task::Poll::Pending,
    })
    .await
}

pub async fn plain(number: u64, bytes: [u8; 40], text: String) -> String {
    let doubled = bytes.map(|byte| byte * 2);
    pause().await;
    let length = text.len() as u64;
    drop(text);
    pause().await;
    format!("{} {}", number + length, doubled[39])
}

#[inline]
pub async fn inlined<T: Debug>(value: T, (a, _b): (T, T), times: usize) -> String {
    let mut all = format!("{value:?}");
    for _ in 0..times {
        pause().await;
        all += &format!("{a:?}");
    }
    drop(value);
    pause().await;
    all
}

#[inline(always)]
pub fn always<F: Future>(future: F, after: impl Debug) -> impl Future<Output = (F::Output, String)> {
    async move {
        let output = future.await;
        pause().await;
        (output, format!("{after:?}"))
    }
}

#[inline(never)]
pub async fn closures<A, B>(mut each: impl AsyncFnMut(&A) -> B, last: impl AsyncFnOnce(Vec<B>) -> A, a: A) -> A {
    let first = each(&a).await;
    pause().await;
    let second = each(&a).await;
    drop(a);
    last(vec![first, second]).await
}

/// An async closure of this crate, for others to call.
pub fn counter<T: Debug>(name: T) -> impl AsyncFnMut(u32) -> String {
    let mut count = 0;
    async move |n: u32| {
        count += n;
        pause().await;
        format!("{name:?} {count}")
    }
}

pub trait Service {
    type Answer;
    fn call(&self, question: String) -> impl Future<Output = Self::Answer> + Send;
    fn twice(&self, question: String) -> impl Future<Output = (Self::Answer, Self::Answer)>
    where
        Self: Sync,
    {
        async move {
            let first = self.call(question.clone()).await;
            pause().await;
            (first, self.call(question).await)
        }
    }
}

pub fn erased<'a, S: Service>(service: &'a S, text: String) -> Pin<Box<dyn Future<Output = S::Answer> + 'a>> {
    Box::pin(async move {
        pause().await;
        service.call(text).await
    })
}

pub gen fn gen_of<T: Debug>(values: Vec<T>, guard: T) -> String {
    for value in values {
        yield format!("{value:?}");
    }
    yield format!("{guard:?}");
}

pub fn async_gen_of<T: Debug>(value: T, other: T) -> impl AsyncIterator<Item = String> {
    async gen move {
        yield format!("{value:?}");
        drop(value);
        pause().await;
        yield format!("{other:?}");
    }
}

pub fn coroutine<T: Clone + Debug>(
    value: T,
) -> impl Coroutine<T, Yield = String, Return = [u64; 9]> + Clone + Unpin {
    let numbers = [7u64; 9];
    #[coroutine]
    move |first: T| {
        let second = yield format!("{first:?} {value:?}");
        yield format!("{second:?}");
        numbers
    }
}

/// The same future for all, which nobody has polled yet.
pub static SHARED: Mutex<Option<Pin<Box<dyn Future<Output = String> + Send>>>> = Mutex::new(None);

pub fn share(bytes: [u8; 40]) {
    *SHARED.lock().unwrap() = Some(Box::pin(plain(1, bytes, "shared".to_owned())));
}
