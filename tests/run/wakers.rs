//! Wakers that outlive what they wake: stored by futures, cloned, sent on, and woken after their future has
//! ended, was cancelled, or has panicked. Each clone, wake and drop of a waker is printed.
//@ edition: 2024
//@ run-pass
#![feature(local_waker)]

mod support;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, ContextBuilder, LocalWaker, Poll, RawWaker, RawWakerVTable, Waker};
use support::*;

/// A waker by hand: its data is a count of itself.
struct Data {
    name: Loud,
    clones: RefCell<u32>,
}

static TABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, release);

unsafe fn clone(data: *const ()) -> RawWaker {
    let data = data.cast::<Data>();
    let shared = unsafe { &*data };
    *shared.clones.borrow_mut() += 1;
    println!("    clone {}, {}", shared.name.name(), shared.clones.borrow());
    unsafe { Rc::increment_strong_count(data) };
    RawWaker::new(data.cast(), &TABLE)
}

unsafe fn wake(data: *const ()) {
    unsafe {
        wake_by_ref(data);
        release(data);
    }
}

unsafe fn wake_by_ref(data: *const ()) {
    println!("    wake {}", unsafe { &*data.cast::<Data>() }.name.name());
}

unsafe fn release(data: *const ()) {
    println!("    release");
    unsafe { Rc::decrement_strong_count(data.cast::<Data>()) };
}

fn data(name: &str) -> *const () {
    Rc::into_raw(Rc::new(Data { name: loud(name), clones: RefCell::new(0) })).cast()
}

fn waker(name: &str) -> Waker {
    unsafe { Waker::new(data(name), &TABLE) }
}

type Shelf = Rc<RefCell<Vec<Waker>>>;

/// Keeps a waker of every poll, and is ready after so many.
struct Stores {
    left: u32,
    shelf: Shelf,
    last: Option<Waker>,
}

impl Future for Stores {
    type Output = Loud;
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Loud> {
        if self.left == 0 {
            return Poll::Ready(loud("stored"));
        }
        self.left -= 1;
        self.shelf.borrow_mut().push(context.waker().clone());
        match &mut self.last {
            Some(last) if last.will_wake(context.waker()) => println!("    the same waker"),
            last => *last = Some(context.waker().clone()),
        }
        Poll::Pending
    }
}

async fn nested(shelf: Shelf, times: u32, panics: bool) -> usize {
    let captured = loud("captured");
    let inner = async {
        let local = loud("local");
        let value = Stores { left: times, shelf: shelf.clone(), last: None }.await;
        value.name().len() + local.name().len()
    };
    let first = inner.await;
    if panics {
        panic!("nested panics");
    }
    let second = Stores { left: 1, shelf, last: None }.await;
    first + second.name().len() + captured.name().len()
}

fn cut_off_and_woken(times: u32, panics: bool) {
    for polls in 0..5 {
        println!("cut off after {polls} polls, {times} {panics}");
        let shelf = Shelf::default();
        let mut future = Box::pin(nested(shelf.clone(), times, panics));
        for n in 0..polls {
            // Each second poll is with another waker.
            let waker = waker(if n % 2 == 0 { "even" } else { "odd" });
            let mut context = Context::from_waker(&waker);
            match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut context))) {
                Ok(Poll::Pending) => println!("  pending"),
                Ok(Poll::Ready(value)) => {
                    println!("  ready {value}");
                    break;
                }
                Err(payload) => {
                    println!("  panicked: {}", message(&*payload));
                    break;
                }
            }
            if n == 1 {
                println!("  woken in between");
                shelf.borrow_mut().swap_remove(0).wake();
            }
        }
        println!("  drop the future");
        drop(future);
        println!("  wake {}", shelf.borrow().len());
        for waker in shelf.borrow_mut().drain(..) {
            waker.wake();
        }
    }
}

/// Polled with the same waker until ready; a context may carry a local waker too.
fn with_a_local_waker() {
    let shelf = Shelf::default();
    let main = waker("main");
    let local = unsafe { LocalWaker::new(data("local"), &TABLE) };
    let mut context = ContextBuilder::from_waker(&main).local_waker(&local).build();
    let mut future = pin!(async {
        let held = loud("held");
        std::future::poll_fn(|context: &mut Context<'_>| {
            context.local_waker().wake_by_ref();
            Poll::Ready(())
        })
        .await;
        nested(shelf.clone(), 2, false).await + held.name().len()
    });
    while future.as_mut().poll(&mut context).is_pending() {
        println!("  pending");
    }
    shelf.borrow_mut().clear();
}

fn main() {
    quiet();
    for times in [0, 2] {
        cut_off_and_woken(times, false);
        cut_off_and_woken(times, true);
    }
    with_a_local_waker();
}
