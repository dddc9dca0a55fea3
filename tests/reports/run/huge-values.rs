//! Values that do not fit into 2 GiB, each alone or together, passed, returned, copied, awaited, aligned.

//@ revisions: argument returned copied sum passed-on future aligned generic closure part
//@ edition: 2024
//@ run-pass
//@ note: stack frames of more than 1 GiB

#![allow(dead_code, unused)]

use std::hint::black_box;

const GIB: usize = 1 << 30;

#[derive(Clone, Copy)]
struct Huge([u8; 3 * GIB]);

#[cfg(argument)]
#[inline(never)]
fn act(n: usize) -> u8 {
    #[inline(never)]
    fn takes(huge: Huge, n: usize) -> u8 {
        black_box(&huge).0[n]
    }
    takes(Huge([1; 3 * GIB]), n)
}

#[cfg(returned)]
#[inline(never)]
fn act(n: usize) -> u8 {
    #[inline(never)]
    fn makes(n: u8) -> Huge {
        Huge([n; 3 * GIB])
    }
    black_box(&makes(3)).0[n]
}

#[cfg(copied)]
#[inline(never)]
fn act(n: usize) -> u8 {
    let huge = Huge([1; 3 * GIB]);
    let mut copy = huge;
    copy.0[n] = 5;
    black_box(&copy).0[n] + black_box(&huge).0[n]
}

#[cfg(sum)]
#[inline(never)]
fn act(n: usize) -> u8 {
    let (a, b, c, d) = ([1u8; GIB / 2], [2u8; GIB / 2], [3u8; GIB / 2], [4u8; GIB / 2]);
    let e = [5u8; GIB / 2];
    let all = [black_box(&a), black_box(&b), black_box(&c), black_box(&d), black_box(&e)];
    all[n % 5][n]
}

/// Each call may have a copy.
#[cfg(passed_on)]
#[inline(never)]
fn act(n: usize) -> u8 {
    #[derive(Clone, Copy)]
    struct Large([u8; GIB / 16]);
    #[inline(never)]
    fn takes(large: Large, n: usize) -> u8 {
        black_box(&large).0[n]
    }
    let l = Large([1; GIB / 16]);
    let t = |n| takes(l, n);
    takes(l, n) + takes(l, n) + takes(l, n) + takes(l, n) + takes(l, n) + takes(l, n) + takes(l, n)
        + takes(l, n) + takes(l, n) + takes(l, n) + takes(l, n) + takes(l, n) + takes(l, n)
        + takes(l, n) + takes(l, n) + takes(l, n) + takes(l, n) + takes(l, n) + takes(l, n)
        + takes(l, n) + takes(l, n) + takes(l, n) + takes(l, n) + takes(l, n) + takes(l, n)
        + takes(l, n) + takes(l, n) + takes(l, n) + takes(l, n) + takes(l, n) + takes(l, n)
        + takes(l, n) + takes(l, n) + takes(l, n) + takes(l, n) + takes(l, n) + takes(l, n) + t(n)
}

#[cfg(future)]
#[inline(never)]
fn act(n: usize) -> u8 {
    async fn waits(n: usize) -> u8 {
        let huge = Huge([1; 3 * GIB]);
        std::future::ready(()).await;
        black_box(&huge).0[n]
    }
    let mut future = std::pin::pin!(waits(n));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(n) => n,
        std::task::Poll::Pending => 0,
    }
}

#[cfg(aligned)]
#[inline(never)]
fn act(n: usize) -> u8 {
    #[repr(align(536870912))]
    struct Aligned([u8; 5]);
    let (a, b, c) = (Aligned([1; 5]), Aligned([2; 5]), Aligned([3; 5]));
    black_box(&a).0[n] + black_box(&b).0[n] + black_box(&c).0[n]
}

#[cfg(generic)]
#[inline(never)]
fn act(n: usize) -> u8 {
    fn of<T: Copy + Default, const N: usize>(n: usize) -> T {
        let array = [T::default(); N];
        black_box(&array)[n]
    }
    (of::<u64, { GIB / 2 }>(n) as u8) + of::<u8, 16>(n)
}

#[cfg(closure)]
#[inline(never)]
fn act(n: usize) -> u8 {
    let huge = Huge([1; 3 * GIB]);
    let closure = move |n: usize| black_box(&huge).0[n];
    let boxed: Box<dyn Fn(usize) -> u8> = Box::new(closure);
    boxed(n)
}

#[cfg(part)]
#[inline(never)]
fn act(n: usize) -> u8 {
    enum Part {
        Nothing,
        All(Huge, u8),
        Some(u8),
    }
    let part = if n > 3 { Part::All(Huge([1; 3 * GIB]), 1) } else { Part::Some(2) };
    match black_box(&part) {
        Part::Nothing => 0,
        Part::All(huge, n) => huge.0[5] + n,
        Part::Some(n) => *n,
    }
}

fn main() {
    if std::env::args().count() > 5 {
        println!("{}", act(3));
    }
    println!("{} {}", size_of::<Huge>(), size_of::<[Huge; 1000]>());
}
