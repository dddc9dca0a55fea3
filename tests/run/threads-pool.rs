//! A thread pool that steals work, written with std only: tasks are futures that move between threads while
//! they are suspended, wake each other, panic, and are cancelled. What a task does is logged in the task, and
//! the logs are printed in the order of the tasks.
//@ edition: 2024
//@ run-pass

mod support;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use support::tasks::Filled;
use support::{message, quiet};

/// What a task has done so far.
#[derive(Clone)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn say(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }
    fn value(&self, name: &str) -> Logged {
        self.say(format!("make {name}"));
        Logged(name.to_owned(), self.clone(), Filled::new(name.len() as u64))
    }
}

/// Tells its task's log when it is dropped, by whatever thread.
struct Logged(String, Log, Filled<20>);

impl Drop for Logged {
    fn drop(&mut self) {
        self.2.check("dropped");
        self.1.say(format!("drop {}", self.0));
    }
}

type Boxed = Pin<Box<dyn Future<Output = ()> + Send>>;

struct Task {
    future: Mutex<Option<Boxed>>,
    queued: AtomicBool,
    cancelled: AtomicBool,
    pool: Arc<Pool>,
    home: usize,
    log: Log,
}

struct Pool {
    queues: Vec<Mutex<VecDeque<Arc<Task>>>>,
    unfinished: AtomicUsize,
    sleeping: Mutex<()>,
    news: Condvar,
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        if !self.queued.swap(true, Ordering::AcqRel) {
            let pool = self.pool.clone();
            // Never to the queue it came from.
            let next = (self.home + pool.queues.len() - 1) % pool.queues.len();
            pool.queues[next].lock().unwrap().push_back(self);
            let _guard = pool.sleeping.lock().unwrap();
            pool.news.notify_all();
        }
    }
}

impl Task {
    fn run(self: Arc<Self>) {
        let mut slot = self.future.lock().unwrap();
        self.queued.store(false, Ordering::Release);
        let Some(mut future) = slot.take() else { return };
        if self.cancelled.load(Ordering::Acquire) {
            self.log.say("cancelled");
            drop(future);
            drop(slot);
            return self.pool.finish();
        }
        let waker = Waker::from(self.clone());
        let mut context = Context::from_waker(&waker);
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut context))) {
            // The future goes on wherever it is found next.
            Ok(Poll::Pending) => *slot = Some(future),
            Ok(Poll::Ready(())) => {
                self.log.say("over");
                drop(future);
                self.pool.finish();
            }
            Err(payload) => {
                self.log.say(format!("panicked: {}", message(&*payload)));
                drop(future);
                self.pool.finish();
            }
        }
    }
}

impl Pool {
    fn new(workers: usize) -> Arc<Pool> {
        Arc::new(Pool {
            queues: (0..workers).map(|_| Mutex::default()).collect(),
            unfinished: AtomicUsize::new(0),
            sleeping: Mutex::new(()),
            news: Condvar::new(),
        })
    }

    fn spawn<F: Future<Output = ()> + Send + 'static>(
        self: &Arc<Pool>,
        make: impl FnOnce(Log) -> F,
    ) -> Arc<Task> {
        let log = Log(Arc::default());
        let future: Boxed = Box::pin(make(log.clone()));
        let home = self.unfinished.fetch_add(1, Ordering::AcqRel) % self.queues.len();
        let task = Arc::new(Task {
            future: Mutex::new(Some(future)),
            queued: AtomicBool::new(true),
            cancelled: AtomicBool::new(false),
            pool: self.clone(),
            home,
            log,
        });
        self.queues[home].lock().unwrap().push_back(task.clone());
        task
    }

    fn finish(&self) {
        self.unfinished.fetch_sub(1, Ordering::AcqRel);
        let _guard = self.sleeping.lock().unwrap();
        self.news.notify_all();
    }

    /// From the worker's own queue, or from the end of another's.
    fn take(&self, worker: usize) -> Option<Arc<Task>> {
        let own = self.queues[worker].lock().unwrap().pop_front();
        let others = || {
            let next = (1..self.queues.len()).map(|i| (worker + i) % self.queues.len());
            next.into_iter().find_map(|other| self.queues[other].lock().unwrap().pop_back())
        };
        own.or_else(others)
    }

    fn work(&self, worker: usize) {
        loop {
            if let Some(task) = self.take(worker) {
                task.run();
                continue;
            }
            let guard = self.sleeping.lock().unwrap();
            if self.unfinished.load(Ordering::Acquire) == 0 {
                return;
            }
            let nothing = self.queues.iter().all(|queue| queue.lock().unwrap().is_empty());
            if nothing {
                drop(self.news.wait(guard).unwrap());
            }
        }
    }

    fn run(self: &Arc<Pool>) {
        thread::scope(|scope| {
            for worker in 0..self.queues.len() {
                scope.spawn(move || self.work(worker));
            }
        });
    }
}

/// Lets another thread go on with this task.
async fn elsewhere() {
    let mut yielded = false;
    poll_fn(|context| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

async fn worker(log: Log, id: usize, a: Logged, (b, _): (Logged, Logged)) {
    let mut sums = vec![];
    for round in 0..id % 4 + 1 {
        let held = log.value(&format!("held {round}"));
        elsewhere().await;
        held.2.check("held");
        sums.push(held.2.sum() ^ a.2.sum());
    }
    drop(a);
    let inner = async {
        let local = log.value("local");
        elsewhere().await;
        if id % 5 == 3 {
            panic!("task {id} with {}", local.0);
        }
        b.2.sum() % 1000
    };
    let number = inner.await;
    elsewhere().await;
    log.say(format!("{number} {}", sums.len()));
}

/// Hands a value from one task to the next.
#[derive(Default)]
struct Baton(Mutex<(Option<(String, Filled<20>)>, Option<Waker>)>);

impl Baton {
    fn give(&self, value: (String, Filled<20>)) {
        let waker = {
            let mut slot = self.0.lock().unwrap();
            slot.0 = Some(value);
            slot.1.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
    async fn get(&self) -> (String, Filled<20>) {
        poll_fn(|context| {
            let mut slot = self.0.lock().unwrap();
            if let Some(value) = slot.0.take() {
                return Poll::Ready(value);
            }
            slot.1 = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }
}

fn show(name: &str, tasks: &[Arc<Task>]) {
    println!("{name}");
    for (id, task) in tasks.iter().enumerate() {
        assert!(task.future.lock().unwrap().is_none(), "task {id} is not over");
        for line in task.log.0.lock().unwrap().iter() {
            println!("  {id}: {line}");
        }
    }
}

fn main() {
    quiet();
    let pool = Pool::new(3);
    let make = |id: usize| {
        move |log: Log| {
            let (a, b, c) = (log.value("a"), log.value("b"), log.value("unnamed"));
            worker(log, id, a, (b, c))
        }
    };
    let tasks: Vec<_> = (0..24).map(|id| pool.spawn(make(id))).collect();
    // Before they begin: whoever takes them drops what they have captured.
    for cancelled in tasks.iter().step_by(6) {
        cancelled.cancelled.store(true, Ordering::Release);
    }
    pool.run();
    show("workers", &tasks);

    let pool = Pool::new(4);
    let batons: Arc<Vec<Baton>> = Arc::new((0..9).map(|_| Baton::default()).collect());
    let tasks: Vec<_> = (0..8)
        .map(|id| {
            let batons = batons.clone();
            pool.spawn(move |log| {
                let captured = log.value("captured");
                async move {
                    let got = batons[id].get().await;
                    log.say(format!("{} {}", captured.0, got.0));
                    elsewhere().await;
                    let mark = log.value(&got.0);
                    batons[id + 1].give((got.0 + "+", got.1));
                    elsewhere().await;
                    drop(mark);
                    got.1.check("got");
                }
            })
        })
        .collect();
    batons[0].give(("baton".to_owned(), Filled::new(9)));
    pool.run();
    show("batons", &tasks);
    let last = batons[8].0.lock().unwrap().0.take();
    println!("{}", last.unwrap().0);
}
