//! Futures that borrow, polled by scoped threads: each poll of one future on another thread, some while others
//! run, and dropped on another one yet; coroutines sent through channels; executors inside tasks of
//! executors. Logs are printed in the order of the tasks.
//@ edition: 2024
//@ run-pass
#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]

mod support;
use std::future::poll_fn;
use std::ops::{Coroutine, CoroutineState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use support::tasks::Filled;
use support::{message, poll, quiet, wait};

#[derive(Default)]
struct Log(Mutex<Vec<String>>);

impl Log {
    fn say(&self, what: String) {
        self.0.lock().unwrap().push(what);
    }
    fn show(self, name: &str) {
        println!("{name}");
        for line in self.0.into_inner().unwrap() {
            println!("  {line}");
        }
    }
}

/// Borrows its log.
struct Logged<'a>(&'static str, &'a Log, Filled<30>);

impl<'a> Logged<'a> {
    fn new(name: &'static str, log: &'a Log) -> Self {
        Logged(name, log, Filled::new(name.len() as u64))
    }
}

impl Drop for Logged<'_> {
    fn drop(&mut self) {
        self.2.check(self.0);
        self.1.say(format!("drop {}", self.0));
    }
}

async fn borrowing<'a>(log: &'a Log, a: Logged<'a>, (b, _): (Logged<'a>, Logged<'a>), panics: bool) -> u64 {
    let mut numbers = [0u64; 20];
    for (round, slot) in numbers.iter_mut().enumerate().take(3) {
        let held = Logged::new("held", log);
        *slot = held.2.sum();
        wait().await;
        log.say(format!("round {round}"));
    }
    drop(a);
    wait().await;
    if panics {
        panic!("with {}", b.0);
    }
    numbers.iter().fold(b.2.sum(), |sum, number| sum ^ number) % 1000
}

/// Each poll on a new thread, and the drop on another.
fn every_poll_elsewhere() {
    for polls in 0..6 {
        for panics in [false, true] {
            let log = Log::default();
            {
                let [a, b, c] = ["a", "b", "unnamed"].map(|name| Logged::new(name, &log));
                let mut future = Box::pin(borrowing(&log, a, (b, c), panics));
                for _ in 0..polls {
                    let over = thread::scope(|scope| {
                        let polled = scope.spawn(|| {
                            catch_unwind(AssertUnwindSafe(|| poll(future.as_mut())))
                        });
                        match polled.join().unwrap() {
                            Ok(Poll::Pending) => false,
                            Ok(Poll::Ready(value)) => {
                                log.say(format!("ready {value}"));
                                true
                            }
                            Err(payload) => {
                                log.say(format!("panicked: {}", message(&*payload)));
                                true
                            }
                        }
                    });
                    if over {
                        break;
                    }
                }
                log.say("dropping".to_owned());
                thread::scope(|scope| scope.spawn(move || drop(future)).join().unwrap());
            }
            log.show(&format!("{polls} polls, {panics}"));
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Sleeps until it is woken.
fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}

/// A value that one thread waits for and another brings.
struct Slot<T>(Mutex<(Option<T>, Option<Waker>)>);

impl<T> Slot<T> {
    fn new() -> Self {
        Slot(Mutex::new((None, None)))
    }
    fn put(&self, value: T) {
        let mut slot = self.0.lock().unwrap();
        slot.0 = Some(value);
        let waker = slot.1.take();
        drop(slot);
        waker.into_iter().for_each(Waker::wake);
    }
    async fn take(&self) -> T {
        poll_fn(|context| {
            let mut slot = self.0.lock().unwrap();
            match slot.0.take() {
                Some(value) => Poll::Ready(value),
                None => {
                    slot.1 = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}

/// Two sides that take turns, each on its own thread, with an executor inside the executor.
fn two_sides() {
    let (ping, pong) = (Slot::new(), Slot::new());
    let (left, right) = (Log::default(), Log::default());
    thread::scope(|scope| {
        scope.spawn(|| {
            block_on(async {
                let own = Logged::new("left", &left);
                for n in 0..4u64 {
                    let held = Logged::new("held on the left", &left);
                    ping.put(Filled::<40>::new(n));
                    let answer: Filled<40> = pong.take().await;
                    left.say(format!("{} {}", held.2.sum() % 1000, answer.sum() % 1000));
                }
                drop(own);
            })
        });
        scope.spawn(|| {
            block_on(async {
                let _own = Logged::new("right", &right);
                for _ in 0..4 {
                    let question: Filled<40> = ping.take().await;
                    let inner = block_on(async {
                        let _inner = Logged::new("inner", &right);
                        question.sum()
                    });
                    let answer = async {
                        let _between = Logged::new("between", &right);
                        Filled::new(inner)
                    };
                    pong.put(answer.await);
                }
            })
        });
    });
    left.show("left");
    right.show("right");
}

/// Coroutines go from thread to thread through channels, each with what it has so far.
fn through_channels() {
    type Traveller = Box<dyn Coroutine<u64, Yield = u64, Return = Vec<u64>> + Unpin + Send>;
    let make = |id: u64| -> Traveller {
        let (first, mut visited) = (Filled::<25>::new(id), vec![id]);
        Box::new(#[coroutine] move |mut station: u64| {
            for step in 0..4u64 {
                let luggage = Filled::<10>::new(station + step);
                visited.push(station);
                station = yield luggage.sum() % 1000;
                luggage.check("luggage");
            }
            first.check("first");
            visited.push(station);
            visited
        })
    };
    let (homes, arrivals) = mpsc::channel();
    thread::scope(|scope| {
        let mut next: mpsc::Sender<(u64, Traveller)> = {
            // The last station sends nobody on.
            let (sender, receiver) = mpsc::channel::<(u64, Traveller)>();
            let homes = homes.clone();
            scope.spawn(move || {
                for (id, mut traveller) in receiver {
                    match Pin::new(&mut *traveller).resume(100) {
                        CoroutineState::Complete(visited) => homes.send((id, visited)).unwrap(),
                        CoroutineState::Yielded(_) => panic!("{id} goes on"),
                    }
                }
            });
            sender
        };
        for station in 1..=4 {
            let (sender, receiver) = mpsc::channel::<(u64, Traveller)>();
            let onwards = std::mem::replace(&mut next, sender);
            scope.spawn(move || {
                for (id, mut traveller) in receiver {
                    if let CoroutineState::Yielded(_) = Pin::new(&mut *traveller).resume(station) {
                        onwards.send((id, traveller)).unwrap();
                    }
                }
            });
        }
        for id in 0..6 {
            next.send((id, make(id))).unwrap();
        }
        drop((next, homes));
    });
    let mut home: Vec<_> = arrivals.into_iter().collect();
    home.sort();
    println!("{home:?}");
}

fn main() {
    quiet();
    every_poll_elsewhere();
    two_sides();
    through_channels();
}
