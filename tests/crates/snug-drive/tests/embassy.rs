//! embassy's executor on the host: tasks in static storage, channels, signals, locks, and waiting that is given up.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use embassy_executor::{Executor, Spawner};
use embassy_futures::join::join;
use embassy_futures::select::{Either, select};
use embassy_futures::yield_now;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::channel::Channel;
use embassy_sync::mutex::Mutex;
use embassy_sync::signal::Signal;

static NUMBERS: Channel<CriticalSectionRawMutex, [u32; 16], 3> = Channel::new();
static SUMS: Mutex<CriticalSectionRawMutex, Vec<u32>> = Mutex::new(Vec::new());
static DONE: Signal<CriticalSectionRawMutex, u32> = Signal::new();
static NEVER: Signal<CriticalSectionRawMutex, u32> = Signal::new();
static DROPPED: AtomicU32 = AtomicU32::new(0);

/// Counts where it is dropped.
struct Counted(u32);

impl Drop for Counted {
    fn drop(&mut self) {
        DROPPED.fetch_add(self.0, Ordering::SeqCst);
    }
}

#[embassy_executor::task(pool_size = 4)]
async fn produce(first: u32) {
    for number in first..first + 25 {
        NUMBERS.send([number; 16]).await;
        if number % 3 == 0 {
            yield_now().await;
        }
    }
}

#[embassy_executor::task]
async fn consume(expected: usize) {
    for _ in 0..expected {
        let block = NUMBERS.receive().await;
        let mut sums = SUMS.lock().await;
        yield_now().await;
        sums.push(block.iter().sum());
    }
    DONE.signal(expected as u32);
}

/// Waits for what never comes, with a value in the future that is given up.
async fn forever(value: Counted) -> u32 {
    let more = Counted(value.0 * 100);
    let came = NEVER.wait().await;
    came + value.0 + more.0
}

#[embassy_executor::task]
async fn watch(answer: mpsc::Sender<(u32, u32, Vec<u32>)>) {
    let mut given_up = 0;
    let done = loop {
        let waiting = async {
            for _ in 0..3 {
                yield_now().await;
            }
        };
        match select(forever(Counted(1)), join(waiting, async { DONE.try_take() })).await {
            Either::First(_) => unreachable!("nobody signals"),
            Either::Second(((), Some(done))) => break done,
            Either::Second(((), None)) => given_up += 1,
        }
    };
    let mut sums = SUMS.lock().await.clone();
    sums.sort();
    answer.send((done, given_up + 1, sums)).unwrap();
}

#[test]
fn tasks_work_together() {
    let (send, answer) = mpsc::channel();
    std::thread::spawn(move || {
        let executor: &'static mut Executor = Box::leak(Box::new(Executor::new()));
        executor.run(|spawner: Spawner| {
            for task in 0..4 {
                spawner.spawn(produce(task * 25)).unwrap();
            }
            // The pool is used up.
            assert!(spawner.spawn(produce(0)).is_err());
            spawner.spawn(consume(100)).unwrap();
            spawner.spawn(watch(send)).unwrap();
        });
    });
    let (done, given_up, sums) = answer.recv_timeout(Duration::from_secs(60)).unwrap();
    assert_eq!(done, 100);
    assert!(sums.into_iter().eq((0..100).map(|number| number * 16)));
    assert_eq!(DROPPED.load(Ordering::SeqCst), given_up * 101);
}
