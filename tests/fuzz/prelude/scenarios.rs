// ---- scenarios: to the end, dropped after so many polls, and each with a panic at each event

pub const SELECTS: u32 = 8;
pub const MOST_POLLS: u32 = 9;
pub const MOST_PANICS: u32 = 120;

/// What a scenario runs: all futures look the same to it, so that there is one of it.
pub type Shown = Pin<Box<dyn Future<Output = u64>>>;

/// A future, and what its value is worth.
pub struct Show<F>(pub F);
impl<F: Future<Output: Value>> Future for Show<F> {
    type Output = u64;
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<u64> {
        // It is pinned with its owner.
        let future = unsafe { self.map_unchecked_mut(|this| &mut this.0) };
        match future.poll(context) {
            Poll::Ready(value) => Poll::Ready(value.show()),
            Poll::Pending => Poll::Pending,
        }
    }
}

pub fn shown<F: Future<Output: Value> + 'static>(future: F) -> Shown {
    Box::pin(Show(future))
}

pub fn scenarios(name: &str, full: bool, make: fn(u32) -> Shown) {
    for select in 0..SELECTS {
        let mut hash = 0u64;
        let (mut polls, mut known) = (0, 0);
        loop {
            let mut ended = false;
            let (mut panic_at, mut seen) = (0, 0);
            loop {
                let ran = scenario(polls, panic_at, || make(select));
                let trace = TRACE.take();
                if full {
                    println!("{name} select {select}, {polls} polls, panic at {panic_at}:");
                    trace.iter().for_each(|(what, value)| println!("    {what} {value}"));
                }
                for (what, value) in trace {
                    let number = what.bytes().fold(value, |n, byte| n * 31 + byte as u64);
                    hash = hash.rotate_left(7).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number;
                }
                if panic_at == 0 {
                    (ended, seen) = (ran.completed, ran.polled);
                }
                // A panic in an earlier poll ends as it did with fewer polls. Every other event will
                // do: it is likely to have its turn with another `select`.
                panic_at = if panic_at == 0 { known + 1 + (known + select) % 2 } else { panic_at + 2 };
                if panic_at > ran.events || panic_at > MOST_PANICS {
                    break;
                }
            }
            known = seen;
            if ended || polls > MOST_POLLS {
                break;
            }
            // The last time to the end, however far that is.
            polls = if polls == MOST_POLLS { 64 } else { polls + 1 };
        }
        println!("{name} {select} {hash:x}");
    }
}

/// How a scenario went.
pub struct Ran {
    /// The future came to its end.
    pub completed: bool,
    /// Events up to the last poll.
    pub polled: u32,
    /// All events.
    pub events: u32,
}

pub fn scenario(polls: u32, panic_at: u32, make: impl FnOnce() -> Shown) -> Ran {
    ALIVE.set(0);
    PANIC_AT.set(0);
    let mut future = make();
    TRACE.take();
    EVENTS.set(0);
    PANIC_AT.set(panic_at);
    let poll = |future: &mut Shown| {
        let mut context = Context::from_waker(Waker::noop());
        catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut context)))
    };
    let mut completed = false;
    for _ in 0..polls {
        match poll(&mut future) {
            Ok(Poll::Pending) => {
                note("pending", 0);
                continue;
            }
            Ok(Poll::Ready(value)) => note("ready", value),
            Err(_) => note("panicked", 0),
        }
        completed = true;
        note("again", poll(&mut future).is_ok() as u64);
        break;
    }
    let polled = EVENTS.get();
    note("drop", 0);
    let dropped = catch_unwind(AssertUnwindSafe(move || drop(future)));
    note("alive", ALIVE.get() as u64);
    note("dropped", dropped.is_ok() as u64);
    PANIC_AT.set(0);
    Ran { completed, polled, events: EVENTS.get() }
}
