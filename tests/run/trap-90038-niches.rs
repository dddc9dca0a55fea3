//! rust-lang/rust #90038: an enum over a coroutine hid its tag in a niche of the coroutine, and
//! read a capture there once the coroutine had moved it out (`MaybeDone polled after value taken`).
//! #129313: a niche in a coroutine is read while someone has it borrowed. Stock 1.95 offers none,
//! whatever is captured; nor may Snug, whose captures' bytes are anyone's.
//@ edition: 2024
//@ run-pass

mod support;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::task::{Context, Poll};
use support::*;

#[repr(u32)]
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Key {
    A = 2,
    B = 0x0101_0101,
}

/// Its tag must not lie in `F`.
enum MaybeDone<F: Future> {
    Future(F),
    Done(F::Output),
    Gone,
}

impl<F: Future + Unpin> MaybeDone<F> {
    fn poll(&mut self) -> bool {
        match self {
            MaybeDone::Future(future) => match poll(Pin::new(future)) {
                Poll::Ready(output) => {
                    *self = MaybeDone::Done(output);
                    true
                }
                Poll::Pending => false,
            },
            MaybeDone::Done(_) => true,
            MaybeDone::Gone => panic!("polled after value taken"),
        }
    }

    fn take(&mut self) -> Option<F::Output> {
        match std::mem::replace(self, MaybeDone::Gone) {
            MaybeDone::Done(output) => Some(output),
            _ => None,
        }
    }
}

/// Without an allocation, so that the coroutine lies in the enum itself.
struct Inline<F>(F);

impl<F> Unpin for Inline<F> {}

impl<F: Future> Future for Inline<F> {
    type Output = F::Output;
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        // Nothing moves it: the tests leave it where it is.
        unsafe { self.map_unchecked_mut(|inline| &mut inline.0) }.poll(context)
    }
}

async fn all_niches(
    key: Key,
    flag: bool,
    text: &str,
    number: NonZeroU32,
    boxed: Box<u8>,
) -> String {
    let zeros = [0u8; 8];
    wait().await;
    let first = format!("{key:?} {flag} {}", zeros[1]);
    drop(boxed);
    wait().await;
    let ones = [255u8; 64];
    wait().await;
    format!("{first} {text} {number} {}", ones[3])
}

async fn at_once(_key: Key) {}

async fn moved_out(key: Key, text: String) -> usize {
    let moved = (text, key);
    let zeros = [0u64; 6];
    wait().await;
    moved.0.len() + zeros[2] as usize
}

fn run<F: Future>(what: &str, future: F)
where
    F::Output: std::fmt::Debug,
{
    let size = size_of::<F>();
    assert!(size_of::<MaybeDone<Inline<F>>>() > size, "{what}: the tag is in the future");
    assert!(size_of::<Option<Inline<F>>>() > size, "{what}: the tag is in the future");
    let mut maybe = MaybeDone::Future(Inline(future));
    let mut polls = 1;
    while !maybe.poll() {
        polls += 1;
    }
    println!("{what}: {polls} polls, {:?}", maybe.take());
}

fn main() {
    for key in [Key::A, Key::B] {
        run("all", all_niches(key, true, "text", NonZeroU32::MIN, Box::new(1)));
        run("at once", at_once(key));
        run("moved out", moved_out(key, "some text".to_owned()));
        let (reference, flag) = (&key, false);
        run("block", async move {
            wait().await;
            let seen = (*reference, flag);
            let zeros = [0u8; 40];
            wait().await;
            (seen, zeros[5])
        });
    }
}
