//! A driver that takes a future to every end it can come to, and values that leave a trace.
//!
//! Everything that happens is an *event*: a traced value is made, looked at or dropped, a future
//! waits. The driver runs a future to its end, cancels it after every number of polls, leaks it there,
//! and does all that once more per event with a panic in that event. A line of output is one such run.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::Poll;

use super::{Wait, message, wait};

thread_local! {
    static TRACE: RefCell<String> = const { RefCell::new(String::new()) };
    static EVENTS: Cell<u32> = const { Cell::new(0) };
    /// The event that panics.
    static FUSE: Cell<Option<u32>> = const { Cell::new(None) };
    static ALIVE: RefCell<BTreeMap<u32, &'static str>> = const { RefCell::new(BTreeMap::new()) };
    static NEXT: Cell<u32> = const { Cell::new(0) };
}

/// Writes something into the trace that cannot panic.
fn note(text: &str) {
    TRACE.with_borrow_mut(|trace| {
        trace.push(' ');
        trace.push_str(text);
    });
}

/// Writes an event into the trace. It panics if it is the one that is to, and nothing else has panicked:
/// two panics at once would end the program.
pub fn event(text: &str) {
    note(text);
    let number = EVENTS.replace(EVENTS.get() + 1);
    if FUSE.get() == Some(number) && !std::thread::panicking() {
        note("PANIC");
        panic!("event");
    }
}

/// Writes an event with a formatted text.
#[macro_export]
macro_rules! say {
    ($($text:tt)*) => {
        $crate::support::trace::event(&format!($($text)*))
    };
}

/// A value that leaves a trace: made `+name`, looked at `?name`, changed `=name`, dropped `-name`.
///
/// It notices when it is dropped twice, when its bytes change, and when it is never dropped.
pub struct Traced<const N: usize = 1> {
    name: &'static str,
    id: u32,
    bytes: [u8; N],
    /// Memory that checkers would see freed twice.
    _memory: Box<u8>,
}

pub fn traced(name: &'static str) -> Traced {
    sized(name)
}

/// A traced value with so many more bytes.
pub fn sized<const N: usize>(name: &'static str) -> Traced<N> {
    event(&format!("+{name}"));
    let id = NEXT.replace(NEXT.get() + 1);
    ALIVE.with_borrow_mut(|alive| alive.insert(id, name));
    Traced { name, id, bytes: [id as u8; N], _memory: Box::new(0) }
}

impl<const N: usize> Traced<N> {
    fn check(&self) {
        let is_alive = ALIVE.with_borrow(|alive| alive.get(&self.id) == Some(&self.name));
        let is_whole = self.bytes.iter().all(|byte| *byte == self.id as u8);
        if !(is_alive && is_whole) {
            // No unwinding through something that is broken.
            println!("{} is no value any more", self.name);
            std::process::abort();
        }
    }

    /// Looks at the value.
    pub fn look(&self) -> u32 {
        self.check();
        event(&format!("?{}", self.name));
        self.name.len() as u32
    }

    /// Changes the value's name.
    pub fn rename(&mut self, name: &'static str) {
        self.check();
        event(&format!("{}={name}", self.name));
        self.name = name;
        ALIVE.with_borrow_mut(|alive| alive.insert(self.id, name));
    }
}

impl<const N: usize> Debug for Traced<N> {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        self.check();
        to.write_str(self.name)
    }
}

impl<const N: usize> Drop for Traced<N> {
    fn drop(&mut self) {
        self.check();
        ALIVE.with_borrow_mut(|alive| alive.remove(&self.id));
        event(&format!("-{}", self.name));
    }
}

/// Consumes a value.
pub fn eat<T>(value: T) {
    event("eat");
    drop(value);
}

/// Suspends once, as an event.
pub fn pause() -> Wait {
    event("~");
    wait()
}

/// Something that can be polled, whatever it is and gives.
pub trait Driven {
    /// Whether it has come to its end.
    fn poll(&mut self) -> bool;
}

struct Boxed<F>(Pin<Box<F>>);

impl<F: Future<Output: Debug>> Driven for Boxed<F> {
    fn poll(&mut self) -> bool {
        match super::poll(self.0.as_mut()) {
            Poll::Pending => false,
            Poll::Ready(output) => {
                note(&format!("ready({output:?}):"));
                drop(output);
                true
            }
        }
    }
}

/// How a run ends.
#[derive(Clone, Copy)]
enum End {
    Drop,
    Leak,
}

/// Runs longer than that are cut off.
const MOST_POLLS: u32 = 40;

type Make<'a> = &'a dyn Fn() -> Box<dyn Driven + 'a>;

/// One run: how many events there were in all, and before the end.
struct Run {
    events: u32,
    events_before_end: u32,
    polls: u32,
    finished: bool,
}

/// Does something that may panic; says whether it did.
fn caught<R>(does: impl FnOnce() -> R) -> Option<R> {
    match catch_unwind(AssertUnwindSafe(does)) {
        Ok(result) => Some(result),
        Err(payload) => {
            note(&format!("caught({})", message(&*payload)));
            None
        }
    }
}

fn run(make: Make<'_>, polls: u32, end: End, fuse: Option<u32>) -> Run {
    TRACE.with_borrow_mut(String::clear);
    ALIVE.with_borrow_mut(BTreeMap::clear);
    EVENTS.set(0);
    FUSE.set(fuse);
    let mut run = Run { events: 0, events_before_end: 0, polls: 0, finished: false };
    if let Some(mut future) = caught(make) {
        while run.polls < polls && !run.finished {
            note("|");
            run.polls += 1;
            run.finished = caught(|| future.poll()).unwrap_or(true);
        }
        if run.polls < polls {
            // Once more: it says that it is over.
            note("|");
            caught(|| future.poll());
        }
        run.events_before_end = EVENTS.get();
        match end {
            End::Drop => {
                note("drop:");
                caught(|| drop(future));
            }
            End::Leak => {
                note("leak:");
                std::mem::forget(future);
            }
        }
    }
    run.events = EVENTS.get();
    ALIVE.with_borrow(|alive| {
        for name in alive.values() {
            note(&format!("({name} is left)"));
        }
    });
    run
}

fn print(what: &str) {
    TRACE.with_borrow(|trace| println!("  {what}:{trace}"));
}

fn drive(what: &str, make: Make<'_>) {
    let whole = run(make, MOST_POLLS, End::Drop, None);
    println!("{what}: {} polls, {} events", whole.polls, whole.events);
    print("to its end");
    let last = if whole.finished { whole.polls } else { 8 };
    for polls in 0..=last {
        let cancelled = run(make, polls, End::Drop, None);
        print(&format!("{polls} polls"));
        run(make, polls, End::Leak, None);
        print(&format!("{polls} polls, leaked"));
        for event in cancelled.events_before_end..cancelled.events {
            run(make, polls, End::Drop, Some(event));
            print(&format!("{polls} polls, panic at event {event}"));
        }
    }
    for event in 0..whole.events_before_end {
        run(make, last + 1, End::Drop, Some(event));
        print(&format!("panic at event {event}"));
    }
}

/// Takes the future that a function makes to all its ends.
pub fn everywhere<F: Future<Output: Debug>>(what: &str, make: impl Fn() -> F) {
    drive(what, &|| Box::new(Boxed(Box::pin(make()))));
}

/// The same for anything that can be driven.
pub fn everywhere_driven<D: Driven>(what: &str, make: impl Fn() -> D) {
    drive(what, &|| Box::new(make()));
}

/// Takes the futures that some expressions make to all their ends.
#[macro_export]
macro_rules! everywhere {
    ($($make:expr),* $(,)?) => {
        $($crate::support::trace::everywhere(stringify!($make), || $make);)*
    };
}
