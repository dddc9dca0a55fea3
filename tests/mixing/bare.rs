//! Futures without std.

#![no_std]

use core::pin::{Pin, pin};
use core::task::{Context, Poll, Waker};

/// Pending once.
#[derive(Default)]
pub struct Wait(bool);

impl Future for Wait {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        self.0 = !self.0;
        if self.0 { Poll::Pending } else { Poll::Ready(()) }
    }
}

pub fn finish<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(result) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return result;
        }
    }
}

pub async fn hold(bytes: [u8; 64]) -> u8 {
    Wait::default().await;
    bytes[7]
}

pub async fn sum<F: Future<Output = u8>, const N: usize>(futures: [F; N]) -> u64 {
    let mut sum = 0;
    for future in futures {
        sum += u64::from(future.await);
    }
    sum
}

/// The second field lies where the future ends.
#[repr(C)]
pub struct Ruler<F>(pub F, pub u8);

#[macro_export]
macro_rules! size {
    ($future:expr) => {{
        let ruler = $crate::Ruler($future, 0);
        (&raw const ruler.1) as usize - (&raw const ruler) as usize
    }};
}

#[inline(never)]
pub fn size_of_hold() -> usize {
    size!(hold([0; 64]))
}
