//! What is not `Send`, `Sync`, `Unpin` or `Clone`, in every kind of coroutine: stock's diagnostics, with its
//! spans and notes, and no more.
//@ edition: 2024
//@ check-fail
#![feature(gen_blocks, async_iterator, coroutines, coroutine_trait, stmt_expr_attributes)]
#![feature(coroutine_clone)]

use std::cell::{Cell, RefCell};
use std::future::ready;
use std::rc::Rc;
use std::sync::{Mutex, MutexGuard};

fn send<T: Send>(_: T) {}
fn sync<T: Sync>(_: T) {}
fn unpin<T: Unpin>(_: T) {}
fn clone<T: Clone>(_: T) {}

async fn rc_parameter(text: Rc<str>) -> usize {
    ready(()).await;
    text.len()
}

async fn rc_dropped(text: Rc<str>) -> usize {
    let length = text.len();
    drop(text);
    ready(()).await;
    length
}

async fn guard_across(mutex: &Mutex<u32>) -> u32 {
    let guard: MutexGuard<'_, u32> = mutex.lock().unwrap();
    ready(()).await;
    *guard
}

async fn cell_by_reference(cell: &Cell<u32>) {
    ready(()).await;
    cell.set(1);
}

async fn awaits_rc() {
    let nested = rc_parameter("text".into());
    nested.await;
}

fn futures(mutex: &Mutex<u32>) {
    send(rc_parameter("text".into()));
    send(rc_dropped("text".into()));
    send(guard_across(mutex));
    send(awaits_rc());
    let cell = Cell::new(1);
    send(cell_by_reference(&cell));
    let captured = Rc::new(1);
    send(async move { ready(*captured).await });
    let pattern = (Rc::new(1), 2);
    send(async move {
        let (_, number) = pattern;
        ready(number).await
    });
    sync(async {
        let cell = RefCell::new(1);
        ready(()).await;
        drop(cell);
    });
    unpin(async { ready(()).await });
    clone(async move { ready(1).await });
}

fn closures() {
    let rc = Rc::new(1);
    let closure = async |_: u32| {
        ready(()).await;
        *rc
    };
    send(closure(1));
    let mut count = 0;
    let mut counting = async || {
        count += 1;
        ready(()).await;
    };
    drop(counting());
    fn shared(_: impl AsyncFn()) {}
    shared(counting);
}

fn other_kinds() {
    let rc = Rc::new(1u32);
    send(gen move {
        yield *rc;
    });
    send(async gen {
        let rc = Rc::new(1);
        ready(()).await;
        yield *rc;
    });
    unpin(#[coroutine] static || {
        yield 1;
    });
    send(#[coroutine] |argument: Rc<u32>| {
        yield *argument;
    });
    let not_clone = Mutex::new(1);
    clone(#[coroutine] move || {
        yield *not_clone.lock().unwrap();
    });
    clone(#[coroutine] static || {
        yield 1;
    });
}

trait Async {
    async fn method(&self) -> u32;
    fn promises(&self) -> impl Future<Output = u32> + Send;
}

impl Async for Rc<u32> {
    async fn method(&self) -> u32 {
        **self
    }
    fn promises(&self) -> impl Future<Output = u32> + Send {
        let copy = self.clone();
        async move {
            ready(()).await;
            *copy
        }
    }
}

fn object(_: &dyn Async) {}

fn main() {}
