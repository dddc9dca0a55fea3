use std::pin::Pin;
use std::task::{Context, Poll};

struct Join<A, B>(A, B, Option<u64>, Option<u64>);

impl<A: Future<Output = u64> + Unpin, B: Future<Output = u64> + Unpin> Future for Join<A, B> {
    type Output = u64;
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<u64> {
        if self.2.is_none() && let Poll::Ready(value) = Pin::new(&mut self.0).poll(context) {
            self.2 = Some(value);
        }
        if self.3.is_none() && let Poll::Ready(value) = Pin::new(&mut self.1).poll(context) {
            self.3 = Some(value);
        }
        match (self.2, self.3) {
            (Some(one), Some(two)) => Poll::Ready(one + two),
            _ => Poll::Pending,
        }
    }
}

async fn shallow(number: u64) -> u64 {
    Yield(false).await;
    number
}

async fn deep(number: u64) -> u64 {
    let scratch = std::hint::black_box([number; 800])[6];
    Yield(false).await;
    let other = std::hint::black_box([scratch; 700])[5];
    shallow(other).await
}

#[inline(never)]
pub fn work() -> u64 {
    poll(Join(Box::pin(shallow(3)), Box::pin(deep(4)), None, None))
}
