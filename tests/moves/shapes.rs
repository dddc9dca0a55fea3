//! Ways to create a future and to put it somewhere, each for futures of several kinds.
//!
//! Larger than with stock, where stock's layout happens to have the tag right before the capture:
//!
//! * what puts a future behind a gap: `Mutex<F>`, whose flags end 3 bytes before it, and the second element of an array.
//!   The capture is at the start of the future, so the gap is right before it. With the tag before it, all futures that move
//!   a capture into another one when they are polled would need stack for it, which is worse;
//! * what `joined_in` polls, at -O2 and -O3, for futures whose tag comes first because nothing else has their size;
//! * at -O1, which inlines and cleans up less, a few with futures in futures.
//@ edition: 2024
//@ compile-flags: --crate-type=lib
//@ larger: 1 arc_mutex_kept arc_mutex_nested awaited_block box_join_block box_nested_wrapped
//@ larger: 1 wrapped<wrapped<consumed::{closure#0}>::{closure#0}>::{closure#0}>>::pin
//@ larger: 2 arc_mutex_kept arc_mutex_nested box_array_kept box_array_nested joined_in::nested joined_in::wrapped
//@ larger: 3 arc_mutex_kept arc_mutex_nested box_array_kept box_array_nested joined_in::nested joined_in::wrapped
//@ larger: s arc_mutex_kept arc_mutex_nested
#![allow(unused)]

use std::cell::RefCell;
use std::future::Future;
use std::hint::black_box;
use std::mem::MaybeUninit;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

/// What is captured, and what is larger than that.
type Small = [u8; 512];
type Large = [u8; 2048];

#[inline(never)]
async fn tick(_: &[u8]) {}

/// Pending once.
struct Yield(bool);
impl Future for Yield {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}

/// The capture lives as long as the future, beside something larger.
async fn kept(small: Small) -> u64 {
    let large: Large = black_box([1; 2048]);
    tick(&large).await;
    tick(&small).await;
    small[1].into()
}

/// The capture is dead before the first suspension.
async fn consumed(small: Small) -> u64 {
    let first = black_box(small)[0];
    let large: Large = black_box([first; 2048]);
    tick(&large).await;
    large[1].into()
}

/// Captures of several sizes and alignments, one with a destructor.
async fn several(flag: bool, name: String, small: Small, word: u64, half: u16) -> u64 {
    tick(name.as_bytes()).await;
    let large: Large = black_box([flag.into(); 2048]);
    tick(&large).await;
    drop(name);
    tick(&small).await;
    word + u64::from(half)
}

/// The capture becomes that of another future.
async fn nested(small: Small) -> u64 {
    black_box(&small);
    Yield(false).await;
    kept(small).await
}

/// A future that is a capture: what it holds lies at its low end, too.
async fn wrapped<F: Future<Output = u64>>(future: F, word: u64) -> u64 {
    let large: Large = black_box([1; 2048]);
    tick(&large).await;
    word + future.await
}

/// A capture that is aligned.
#[repr(align(64))]
struct Line([u8; 512]);
async fn aligned(line: Line, byte: u8) -> u64 {
    let large: Large = black_box([byte; 2048]);
    tick(&large).await;
    tick(&line.0).await;
    line.0[1].into()
}

/// What makes a future of each kind.
macro_rules! kinds {
    ($shape:ident) => {
        $shape!(kept, |small: &Small| kept(*small));
        $shape!(consumed, |small: &Small| consumed(*small));
        $shape!(several, |small: &Small| several(true, String::new(), *small, 7, 8));
        $shape!(nested, |small: &Small| nested(*small));
        $shape!(wrapped, |small: &Small| wrapped(kept(*small), 9));
        $shape!(doubly, |small: &Small| wrapped(wrapped(consumed(*small), 9), 8));
        $shape!(aligned, |small: &Small| aligned(Line(*small), 3));
        $shape!(block, |small: &Small| {
            let small = *small;
            async move { kept(small).await + wrapped(async { 1 }, 1).await }
        });
    };
}

/// A function per kind, with a name that both compilers give it.
macro_rules! shape {
    ($shape:ident, |$make:ident, $small:ident| $($result:ty)?, $body:expr) => {
        mod $shape {
            use super::*;
            macro_rules! of_kind {
                ($kind:ident, $make_one:expr) => {
                    mod $kind {
                        use super::*;
                        #[unsafe(export_name = concat!(stringify!($shape), "_", stringify!($kind)))]
                        #[inline(never)]
                        pub fn create($small: &Small) $(-> $result)? {
                            let $make = $make_one;
                            $body
                        }
                    }
                };
            }
            kinds!(of_kind);
        }
    };
}

type Boxed = Pin<Box<dyn Future<Output = u64>>>;

shape!(box_pin, |make, small| Boxed, Box::pin(make(small)));
shape!(rc_pin, |make, small| Pin<Rc<dyn Future<Output = u64>>>, Rc::pin(make(small)));
shape!(arc_pin, |make, small| Pin<Arc<dyn Future<Output = u64>>>, Arc::pin(make(small)));
shape!(arc_mutex, |make, small| Arc<Mutex<dyn Future<Output = u64>>>, Arc::new(Mutex::new(make(small))));
shape!(box_option, |make, small| Box<dyn Slot>, Box::new(Some(make(small))));
shape!(box_result, |make, small| Box<dyn Slot>, Box::new(Ok::<_, u64>(make(small))));
shape!(box_enum, |make, small| Box<dyn Slot>, Box::new(Stage::Running(make(small))));
shape!(box_tuple, |make, small| Box<dyn Slot>, Box::new((make(small), 1u32)));
shape!(box_array, |make, small| Box<dyn Slot>, Box::new([make(small), make(small)]));
shape!(box_join, |make, small| Boxed, Box::pin(join(make(small), make(small))));
shape!(box_timeout, |make, small| Boxed, Box::pin(Timeout { future: make(small), left: 3 }));
shape!(box_nested, |make, small| Boxed, Box::pin(wrapped(make(small), 5)));
shape!(box_closure, |make, small| Box<dyn FnOnce() -> Boxed>, {
    let future = make(small);
    Box::new(move || Box::pin(future))
});
shape!(vec_push, |make, small| Box<dyn Slot>, {
    let mut all = Vec::new();
    all.push(make(small));
    all.push(make(small));
    Box::new(all)
});
shape!(spawn, |make, small| Arc<dyn Task>, spawn(make(small)));
shape!(join_set, |make, small| Vec<Boxed>, {
    let mut set: Vec<Boxed> = Vec::new();
    set.push(Box::pin(make(small)));
    set.push(Box::pin(Timeout { future: make(small), left: 1 }));
    set
});
shape!(replaced, |make, small| , {
    let mut slot = Box::new(None);
    *slot = Some(make(small));
    black_box(slot);
});
shape!(pinned, |make, small| bool, {
    let mut future = pin!(make(small));
    future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready()
});
shape!(select, |make, small| bool, {
    let mut both = pin!(join(make(small), make(small)));
    both.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready()
});
shape!(written, |make, small| , {
    let mut place = Box::new(MaybeUninit::uninit());
    place.write(make(small));
    black_box(place);
});
shape!(returned, |make, small| Boxed, {
    #[inline(never)]
    fn called<F>(make: impl Fn(&Small) -> F, small: &Small) -> F {
        make(small)
    }
    Box::pin(called(make, small))
});
shape!(awaited, |make, small| Boxed, {
    let small = *small;
    Box::pin(async move {
        let one = make(&small).await;
        Yield(false).await;
        one + make(&small).await
    })
});
shape!(joined_in, |make, small| Boxed, {
    let small = *small;
    Box::pin(async move {
        Yield(false).await;
        join(make(&small), make(&small)).await + join(make(&small), async { 1 }).await
    })
});

trait Slot {}
impl<T> Slot for T {}

enum Stage<F: Future> {
    Running(F),
    Finished(F::Output),
    Consumed,
}

struct Join<A: Future<Output = u64>, B: Future<Output = u64>>(Done<A>, Done<B>);

enum Done<F> {
    Pending(F),
    Ready(u64),
}

impl<F: Future<Output = u64>> Done<F> {
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Option<u64> {
        let this = unsafe { self.get_unchecked_mut() };
        let Done::Pending(future) = this else {
            return if let Done::Ready(n) = this { Some(*n) } else { None };
        };
        match unsafe { Pin::new_unchecked(future) }.poll(cx) {
            Poll::Ready(n) => {
                *this = Done::Ready(n);
                Some(n)
            }
            Poll::Pending => None,
        }
    }
}

fn join<A: Future<Output = u64>, B: Future<Output = u64>>(a: A, b: B) -> Join<A, B> {
    Join(Done::Pending(a), Done::Pending(b))
}

impl<A: Future<Output = u64>, B: Future<Output = u64>> Future for Join<A, B> {
    type Output = u64;
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u64> {
        let this = unsafe { self.get_unchecked_mut() };
        let a = unsafe { Pin::new_unchecked(&mut this.0) }.poll(cx);
        let b = unsafe { Pin::new_unchecked(&mut this.1) }.poll(cx);
        if let (Some(a), Some(b)) = (a, b) { Poll::Ready(a + b) } else { Poll::Pending }
    }
}

struct Timeout<F> {
    future: F,
    left: u32,
}

impl<F: Future<Output = u64>> Future for Timeout<F> {
    type Output = u64;
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u64> {
        let this = unsafe { self.get_unchecked_mut() };
        this.left -= 1;
        if this.left == 0 {
            return Poll::Ready(0);
        }
        unsafe { Pin::new_unchecked(&mut this.future) }.poll(cx)
    }
}

/// As in tokio: a header, the future, and what comes after.
struct Cell<F: Future> {
    state: std::sync::atomic::AtomicUsize,
    stage: RefCell<Stage<F>>,
    waker: RefCell<Option<Waker>>,
}

trait Task {
    fn run(&self) -> bool;
}

impl<F: Future> Task for Cell<F> {
    fn run(&self) -> bool {
        let mut stage = self.stage.borrow_mut();
        let Stage::Running(future) = &mut *stage else { return true };
        let cx = &mut Context::from_waker(Waker::noop());
        match unsafe { Pin::new_unchecked(future) }.poll(cx) {
            Poll::Ready(output) => {
                *stage = Stage::Finished(output);
                true
            }
            Poll::Pending => false,
        }
    }
}

fn spawn<F: Future<Output = u64> + 'static>(future: F) -> Arc<dyn Task> {
    Arc::new(Cell {
        state: 0.into(),
        stage: RefCell::new(Stage::Running(future)),
        waker: RefCell::new(None),
    })
}
