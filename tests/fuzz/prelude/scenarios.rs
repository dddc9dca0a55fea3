// ---- scenarios: to the end, dropped after so many polls, and each with a panic at each event

const SELECTS: u32 = 8;
const MOST_POLLS: u32 = 9;
const MOST_PANICS: u32 = 40;

fn scenarios<F: Future>(name: &str, full: bool, make: impl Fn(u32) -> F)
where
    F::Output: Value,
{
    for select in 0..SELECTS {
        let mut hash = 0u64;
        let mut polls = 0;
        loop {
            let mut ended = false;
            for panic_at in 0..MOST_PANICS {
                let (completed, events) = scenario(polls, panic_at, || make(select));
                let trace = TRACE.take();
                if full {
                    println!("{name} select {select}, {polls} polls, panic at {panic_at}:");
                    trace.iter().for_each(|(what, value)| println!("    {what} {value}"));
                }
                for (what, value) in trace {
                    let number = what.bytes().fold(value, |n, byte| n * 31 + byte as u64);
                    hash = hash.rotate_left(7).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number;
                }
                ended |= panic_at == 0 && completed;
                if panic_at > events {
                    break;
                }
            }
            if ended || polls > MOST_POLLS {
                break;
            }
            // The last time to the end, however far that is.
            polls = if polls == MOST_POLLS { 64 } else { polls + 1 };
        }
        println!("{name} {select} {hash:x}");
    }
}

/// Runs once; says whether the future came to its end, and how many events there were.
fn scenario<F: Future>(polls: u32, panic_at: u32, make: impl FnOnce() -> F) -> (bool, u32)
where
    F::Output: Value,
{
    ALIVE.set(0);
    PANIC_AT.set(0);
    let mut future = Box::pin(make());
    TRACE.take();
    EVENTS.set(0);
    PANIC_AT.set(panic_at);
    let mut poll = |future: &mut Pin<Box<F>>| {
        let mut context = Context::from_waker(Waker::noop());
        catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut context).map(|v| v.show())))
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
    note("drop", 0);
    let dropped = catch_unwind(AssertUnwindSafe(move || drop(future)));
    note("alive", ALIVE.get() as u64);
    note("dropped", dropped.is_ok() as u64);
    PANIC_AT.set(0);
    (completed, EVENTS.get())
}
