// What the generated async fns use. `y bench copies` puts them behind this text.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use apart::{add, fill, weigh};

/// A large value without a destructor. It is not `Copy`: passing it on is a move.
pub struct Big<const N: usize>([u8; N]);

/// A large value with a destructor.
pub struct Droppy<const N: usize>([u8; N]);

impl<const N: usize> Drop for Droppy<N> {
    fn drop(&mut self) {
        apart::dropped(&self.0);
    }
}

/// What is not looked into: it makes and reads values and moves none.
mod apart {
    use std::sync::atomic::{AtomicU64, Ordering};

    /// Everything that was dropped, in its order.
    pub static DROPPED: AtomicU64 = AtomicU64::new(0);

    pub fn fill<T: Filled>(seed: usize) -> T {
        T::filled(seed)
    }

    pub trait Filled {
        fn filled(seed: usize) -> Self;
    }

    impl<const N: usize> Filled for super::Big<N> {
        fn filled(seed: usize) -> Self {
            super::Big(bytes(seed))
        }
    }

    impl<const N: usize> Filled for super::Droppy<N> {
        fn filled(seed: usize) -> Self {
            super::Droppy(bytes(seed))
        }
    }

    fn bytes<const N: usize>(seed: usize) -> [u8; N] {
        let mut bytes = [0; N];
        let mut at = 0;
        while at < N {
            bytes[at] = (seed + at * 7) as u8;
            at += 1;
        }
        bytes
    }

    pub fn weigh(sum: u64, bytes: &[u8]) -> u64 {
        let mut sum = sum;
        let mut at = 0;
        while at < bytes.len() {
            sum = (sum ^ bytes[at] as u64).wrapping_mul(0x100_0000_01b3);
            at += 1;
        }
        sum
    }

    pub fn add(sum: u64, more: u64) -> u64 {
        sum.rotate_left(7) ^ more
    }

    pub fn dropped(bytes: &[u8]) {
        let sum = weigh(DROPPED.load(Ordering::Relaxed), bytes);
        DROPPED.store(sum, Ordering::Relaxed);
    }
}

/// Consumes a value.
fn eat<const N: usize>(sum: u64, x: Big<N>) -> u64 {
    weigh(sum, &x.0)
}

/// A future that holds a large value while it waits.
async fn held<const N: usize>(x: Big<N>) -> u64 {
    wait().await;
    weigh(0, &x.0)
}

/// Pending once.
struct Wait(bool);

fn wait() -> Wait {
    Wait(false)
}

impl Future for Wait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.0 {
            return Poll::Ready(());
        }
        self.0 = true;
        Poll::Pending
    }
}

/// Runs a future and prints what came out, and all that was dropped so far.
fn answer(name: &str, future: impl Future<Output = u64>) {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    let sum = loop {
        if let Poll::Ready(sum) = future.as_mut().poll(&mut context) {
            break sum;
        }
    };
    let dropped = apart::DROPPED.load(std::sync::atomic::Ordering::Relaxed);
    println!("{name} {sum:016x} {dropped:016x}");
}

type Copier = unsafe extern "C" fn(*mut u8, *const u8, usize) -> *mut u8;

unsafe extern "C" {
    fn memcpy(to: *mut u8, from: *const u8, bytes: usize) -> *mut u8;
    fn memmove(to: *mut u8, from: *const u8, bytes: usize) -> *mut u8;
}

/// Where the functions that copy are in this process: the tracer reads it.
#[used]
#[unsafe(no_mangle)]
pub static SNUG_COPIERS: [Copier; 2] = [memcpy, memmove];

