//! A single-threaded executor with real wakers, and what programs build on it: channels, a mutex, a semaphore,
//! cancellation tokens, spawned tasks that are joined or aborted. The order of every wake-up and drop is
//! printed. Each scenario is also abandoned after every number of turns.
//@ edition: 2024
//@ run-pass

mod support;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use support::*;

/// The ids of tasks that are to be polled.
type Ready = Arc<Mutex<VecDeque<usize>>>;

struct Woken(usize, Ready);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        let mut ready = self.1.lock().unwrap();
        if !ready.contains(&self.0) {
            ready.push_back(self.0);
        }
    }
}

type Task = Pin<Box<dyn Future<Output = ()>>>;

#[derive(Clone, Default)]
struct Executor {
    tasks: Rc<RefCell<Vec<Option<Task>>>>,
    ready: Ready,
}

impl Executor {
    fn spawn<T: 'static>(&self, future: impl Future<Output = T> + 'static) -> Handle<T> {
        let slot = Rc::new(RefCell::new((None, None::<Waker>)));
        let result = slot.clone();
        let id = self.tasks.borrow().len();
        let task: Task = Box::pin(async move {
            let value = future.await;
            let mut slot = result.borrow_mut();
            slot.0 = Some(value);
            if let Some(waker) = slot.1.take() {
                waker.wake();
            }
        });
        self.tasks.borrow_mut().push(Some(task));
        self.ready.lock().unwrap().push_back(id);
        Handle { slot, id, executor: self.clone() }
    }

    /// Polls whatever is ready; false if nothing is.
    fn turn(&self) -> bool {
        let Some(id) = self.ready.lock().unwrap().pop_front() else { return false };
        let Some(mut task) = self.tasks.borrow_mut()[id].take() else { return true };
        println!("  task {id}");
        let waker = Waker::from(Arc::new(Woken(id, self.ready.clone())));
        let mut context = Context::from_waker(&waker);
        match catch_unwind(AssertUnwindSafe(|| task.as_mut().poll(&mut context))) {
            Ok(Poll::Pending) => self.tasks.borrow_mut()[id] = Some(task),
            Ok(Poll::Ready(())) => println!("  task {id} is over"),
            Err(payload) => println!("  task {id} panicked: {}", message(&*payload)),
        }
        true
    }

    fn abort(&self, id: usize) {
        let task = self.tasks.borrow_mut()[id].take();
        println!("    abort {id}: {}", task.is_some());
    }
}

/// Waits for a task's result.
struct Handle<T> {
    slot: Rc<RefCell<(Option<T>, Option<Waker>)>>,
    id: usize,
    executor: Executor,
}

impl<T> Future for Handle<T> {
    type Output = T;
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let mut slot = self.slot.borrow_mut();
        match slot.0.take() {
            Some(value) => Poll::Ready(value),
            None => {
                slot.1 = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// Lets all others run first.
async fn yield_now() {
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

/// Runs a scenario to its end, and then as often for fewer turns, after which all tasks are dropped.
fn scenario(name: &str, start: impl Fn(&Executor)) {
    let mut most = usize::MAX;
    let mut turns = 0;
    while turns <= most {
        println!("{name}, {}:", if most == usize::MAX { "to the end" } else { "abandoned" });
        let executor = Executor::default();
        start(&executor);
        let limit = if most == usize::MAX { usize::MAX } else { turns };
        let mut done = 0;
        while done < limit && executor.turn() {
            done += 1;
        }
        if most == usize::MAX {
            most = done;
        } else {
            turns += 1;
        }
        println!("  dropping after {done} turns");
        let tasks = std::mem::take(&mut *executor.tasks.borrow_mut());
        drop(tasks);
    }
}

/// A bounded channel.
struct Channel<T> {
    queue: VecDeque<T>,
    bound: usize,
    senders: usize,
    wakers: Vec<Waker>,
}

struct Sender<T>(Rc<RefCell<Channel<T>>>);
struct Receiver<T>(Rc<RefCell<Channel<T>>>);

fn channel<T>(bound: usize) -> (Sender<T>, Receiver<T>) {
    let channel = Channel { queue: VecDeque::new(), bound, senders: 1, wakers: vec![] };
    let shared = Rc::new(RefCell::new(channel));
    (Sender(shared.clone()), Receiver(shared))
}

impl<T> Channel<T> {
    fn wait(&mut self, context: &Context<'_>) {
        self.wakers.push(context.waker().clone());
    }
    fn wake(&mut self) {
        self.wakers.drain(..).for_each(Waker::wake);
    }
}

impl<T> Sender<T> {
    async fn send(&self, value: T) {
        let mut value = Some(value);
        poll_fn(|context| {
            let mut channel = self.0.borrow_mut();
            if channel.queue.len() == channel.bound {
                channel.wait(context);
                return Poll::Pending;
            }
            channel.queue.extend(value.take());
            channel.wake();
            Poll::Ready(())
        })
        .await
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        self.0.borrow_mut().senders += 1;
        Sender(self.0.clone())
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut channel = self.0.borrow_mut();
        channel.senders -= 1;
        channel.wake();
    }
}

impl<T> Receiver<T> {
    async fn receive(&mut self) -> Option<T> {
        poll_fn(|context| {
            let mut channel = self.0.borrow_mut();
            if let Some(value) = channel.queue.pop_front() {
                channel.wake();
                return Poll::Ready(Some(value));
            }
            if channel.senders == 0 {
                return Poll::Ready(None);
            }
            channel.wait(context);
            Poll::Pending
        })
        .await
    }
}

fn channels(executor: &Executor) {
    let (sender, mut receiver) = channel::<(usize, Loud)>(1);
    for id in 0..2 {
        let sender = sender.clone();
        let own = loud(&format!("own of sender {id}"));
        executor.spawn(async move {
            for n in 0..2 {
                let message = (n, loud(&format!("{} sends {n}", own.name())));
                sender.send(message).await;
            }
            drop(sender);
            yield_now().await;
            println!("    {} ends", own.name());
        });
    }
    drop(sender);
    let handle = executor.spawn(async move {
        let mut all = vec![];
        while let Some((n, message)) = receiver.receive().await {
            all.push(message);
            if n == 1 {
                yield_now().await;
            }
        }
        all
    });
    executor.spawn(async move {
        let all = handle.await;
        println!("    received {}", all.len());
    });
}

/// A mutex, first come, first served; its guard gives it back.
struct Fair<T> {
    value: RefCell<T>,
    held: Cell<bool>,
    waiting: RefCell<VecDeque<Waker>>,
}

struct Guard<'a, T>(&'a Fair<T>);

impl<T> Fair<T> {
    fn new(value: T) -> Rc<Self> {
        Rc::new(Fair { value: RefCell::new(value), held: Cell::new(false), waiting: Default::default() })
    }
    async fn lock(&self) -> Guard<'_, T> {
        poll_fn(|context| {
            if self.held.replace(true) {
                self.waiting.borrow_mut().push_back(context.waker().clone());
                return Poll::Pending;
            }
            Poll::Ready(())
        })
        .await;
        Guard(self)
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        println!("    unlock");
        self.0.held.set(false);
        if let Some(waker) = self.0.waiting.borrow_mut().pop_front() {
            waker.wake();
        }
    }
}

fn mutexes(executor: &Executor) {
    let mutex = Fair::new(vec![loud("first")]);
    for id in 0..3 {
        let mutex = mutex.clone();
        executor.spawn(async move {
            let own = loud(&format!("own {id}"));
            {
                let guard = mutex.lock().await;
                let before = guard.0.value.borrow().len();
                yield_now().await;
                if id == 1 {
                    panic!("{} panics with the lock", own.name());
                }
                guard.0.value.borrow_mut().push(loud(&format!("put by {id} behind {before}")));
            }
            let count = mutex.lock().await.0.value.borrow().len();
            println!("    {} saw {count}", own.name());
        });
    }
}

/// Tells all who listen that they should stop.
#[derive(Clone, Default)]
struct Token(Rc<(Cell<bool>, RefCell<Vec<Waker>>)>);

impl Token {
    fn cancel(&self) {
        self.0.0.set(true);
        self.0.1.borrow_mut().drain(..).for_each(Waker::wake);
    }
    async fn cancelled(&self) {
        poll_fn(|context| {
            if self.0.0.get() {
                return Poll::Ready(());
            }
            self.0.1.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await
    }
    /// The future's result, unless the token is cancelled before.
    async fn run<F: Future>(&self, future: F) -> Option<F::Output> {
        let (mut future, mut cancelled) = (std::pin::pin!(future), std::pin::pin!(self.cancelled()));
        poll_fn(|context| {
            if cancelled.as_mut().poll(context).is_ready() {
                return Poll::Ready(None);
            }
            future.as_mut().poll(context).map(Some)
        })
        .await
    }
}

fn cancellation(executor: &Executor) {
    let token = Token::default();
    for id in 0..3u32 {
        let token = token.clone();
        let captured = loud(&format!("captured {id}"));
        executor.spawn(async move {
            let work = async {
                for step in 0..id * 2 {
                    let held = loud(&format!("{} step {step}", captured.name()));
                    yield_now().await;
                    drop(held);
                }
                captured.name().len()
            };
            let result = token.run(work).await;
            yield_now().await;
            println!("    {} {result:?}", captured.name());
        });
    }
    executor.spawn(async move {
        yield_now().await;
        yield_now().await;
        println!("    cancel");
        token.cancel();
    });
}

fn aborted(executor: &Executor) {
    let sleeper = executor.spawn(async {
        let inside = loud("inside the sleeper");
        std::future::pending::<()>().await;
        drop(inside);
    });
    let (worker, guard) = (executor.clone(), loud("guard"));
    let spawned = executor.spawn(async move {
        let children: Vec<_> = (0..2)
            .map(|id| {
                let own = loud(&format!("child {id}"));
                worker.spawn(async move {
                    yield_now().await;
                    own
                })
            })
            .collect();
        let mut names = vec![];
        for child in children {
            names.push(child.await);
        }
        println!("    {} {}", guard.name(), names.len());
        sleeper.executor.abort(sleeper.id);
        names.pop().unwrap()
    });
    executor.spawn(async move {
        let last = spawned.await;
        yield_now().await;
        println!("    {}", last.name());
    });
}

/// At most two at once.
fn semaphore(executor: &Executor) {
    let permits = Rc::new((Cell::new(2u32), RefCell::new(VecDeque::<Waker>::new())));
    struct Permit(Rc<(Cell<u32>, RefCell<VecDeque<Waker>>)>, Loud);
    impl Drop for Permit {
        fn drop(&mut self) {
            self.0.0.set(self.0.0.get() + 1);
            if let Some(waker) = self.0.1.borrow_mut().pop_front() {
                waker.wake();
            }
        }
    }
    let acquire = async move |name: &str| {
        poll_fn(|context| match permits.0.get() {
            0 => {
                permits.1.borrow_mut().push_back(context.waker().clone());
                Poll::Pending
            }
            left => {
                permits.0.set(left - 1);
                Poll::Ready(())
            }
        })
        .await;
        Permit(permits.clone(), loud(name))
    };
    let acquire = Rc::new(acquire);
    for id in 0..4 {
        let acquire = acquire.clone();
        executor.spawn(async move {
            let name = format!("permit {id}");
            let permit = acquire(&name).await;
            yield_now().await;
            println!("    has {}", permit.1.name());
        });
    }
}

fn main() {
    quiet();
    scenario("channels", channels);
    scenario("mutexes", mutexes);
    scenario("cancellation", cancellation);
    scenario("aborted", aborted);
    scenario("semaphore", semaphore);
}
