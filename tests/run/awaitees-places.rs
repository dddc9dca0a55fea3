//! Awaited places and parameters of unusual kinds: constants, parts of packed structs, references,
//! unions, results that cannot fail, boxes taken apart, captures of closures that run twice.
//@ edition: 2021
//@ run-pass
#![feature(box_patterns)]

mod support;
use std::convert::Infallible;
use std::future::Future;
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::task::{Context, Poll};
use support::tasks::*;
use support::*;

#[derive(Clone, Copy)]
struct Countdown(u32, [u8; 40]);

impl Future for Countdown {
    type Output = u32;
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u32> {
        let at = self.0 as usize;
        self.1[at] += 1;
        if self.0 == 0 {
            return Poll::Ready(self.1.iter().map(|byte| u32::from(*byte)).sum());
        }
        self.0 -= 1;
        Poll::Pending
    }
}

const COUNTDOWN: Countdown = Countdown(2, [1; 40]);
static STATIC: Countdown = Countdown(1, [2; 40]);

async fn constants(times: u32) -> u32 {
    let mut found = 0;
    for _ in 0..times {
        found = found * 10 + COUNTDOWN.await + STATIC.await;
    }
    found + STATIC.0
}

async fn elements(array: [Countdown; 3], at: usize, list: Vec<Countdown>) -> u32 {
    let first = array[at].await;
    let second = list[at].await;
    array[at].0 * 1000 + list[at].0 * 100 + first + second
}

#[repr(Rust, packed)]
struct Packed {
    byte: u8,
    task: Task,
    countdown: Countdown,
    words: Words,
}

#[derive(Clone, Copy)]
struct Words(u64, u64);

impl Future for Words {
    type Output = u64;
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u64> {
        let address = std::hint::black_box(&raw const *self as usize);
        assert_eq!(address % align_of::<Words>(), 0, "not aligned");
        self.0 += 1;
        if self.0 % 2 == 0 { Poll::Ready(self.0 + self.1) } else { Poll::Pending }
    }
}

async fn packed_parts(packed: Packed, other: (u8, Packed)) -> u64 {
    let first = packed.words.await;
    packed.task.await;
    other.1.task.await;
    let second = u64::from(other.1.countdown.await);
    let words = other.1.words.await;
    first * 1000 + second * 100 + words + u64::from(packed.byte) + { packed.words }.0
}

/// A struct that would be packed captures whole.
fn packed_capture(packed: Packed) -> impl Future<Output = u64> {
    async move {
        let found = packed.words.await;
        packed.task.await;
        found + u64::from(packed.byte)
    }
}

async fn references(mut steps: Countdown, task: &mut (dyn Future<Output = Loud> + Unpin)) -> u32 {
    let reference = &mut steps;
    let found = reference.await;
    let result = task.await;
    wait().await;
    println!("    {}", result.name());
    found * 10 + steps.0
}

async fn cannot_fail(Ok(future): Result<Task, Infallible>, Ok(value): Result<Loud, Infallible>) {
    let result = future.await;
    wait().await;
    println!("    {} {}", result.name(), value.name());
}

union Either {
    number: u64,
    owned: ManuallyDrop<Option<Loud>>,
}

#[allow(unsafe_op_in_unsafe_fn)]
async unsafe fn unions(Either { number }: Either, Either { mut owned }: Either) -> u64 {
    wait().await;
    ManuallyDrop::drop(&mut owned);
    wait().await;
    number
}

async fn boxes(box (first, _, second): Box<(Task, Loud, Loud)>, box box number: Box<Box<u32>>) -> u32 {
    wait().await;
    first.await;
    wait().await;
    println!("    {}", second.name());
    number
}

async fn run_twice(closure: &impl AsyncFn(u32) -> u32) -> u32 {
    closure(1).await * 100 + closure(2).await
}

async fn run_once(closure: impl AsyncFnOnce(u32) -> u32) -> u32 {
    closure(3).await
}

async fn closures(countdown: Countdown, task: Task) -> u32 {
    let closure = async move |number: u32| {
        let found = countdown.await;
        found * 10 + number + countdown.0
    };
    let found = run_twice(&closure).await;
    let consuming = async move |number: u32| {
        task.await;
        closure(number).await
    };
    found + run_once(consuming).await
}

/// Several awaits of the same variable, assigned anew in between, on different paths.
async fn assigned(mut future: Pin<Box<dyn Future<Output = Loud>>>, times: u32) -> usize {
    let mut length = 0;
    for i in 0..times {
        length += (&mut future).await.name().len();
        if i % 2 == 0 {
            future = Box::pin(task("even", 1));
        } else {
            let old = std::mem::replace(&mut future, Box::pin(task("odd", 0)));
            drop(old);
        }
    }
    length + future.await.name().len()
}

fn main() {
    quiet();
    println!("{}", block_on(constants(2)));
    let array = [COUNTDOWN, STATIC, COUNTDOWN];
    println!("{}", block_on(elements(array, 1, array.to_vec())));
    let packed = |name| Packed {
        byte: 3,
        task: task(name, 1),
        countdown: COUNTDOWN,
        words: Words(2, 50),
    };
    drop_everywhere("packed parts", 7, || packed_parts(packed("p"), (1, packed("q"))));
    println!("{}", block_on(packed_parts(packed("p"), (1, packed("q")))));
    drop_everywhere("packed capture", 3, || packed_capture(packed("c")));
    let mut boxed = Box::pin(task("referenced", 1));
    println!("{}", block_on(references(COUNTDOWN, &mut boxed)));
    drop_everywhere("cannot fail", 3, || cannot_fail(Ok(task("t", 1)), Ok(loud("value"))));
    let either = || Either { owned: ManuallyDrop::new(Some(loud("in a union"))) };
    println!("{}", block_on(unsafe { unions(Either { number: 9 }, either()) }));
    let triple = || Box::new((task("boxed", 1), loud("lost"), loud("second")));
    drop_everywhere("boxes", 4, || boxes(triple(), Box::new(Box::new(8))));
    drop_everywhere("closures", 12, || closures(COUNTDOWN, task("consumed", 1)));
    println!("{}", block_on(closures(COUNTDOWN, task("consumed", 1))));
    drop_everywhere("assigned", 6, || assigned(Box::pin(task("first", 1)), 3));
}
