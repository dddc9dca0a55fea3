//! Values whose destructors look at other variables, while a body ends, unwinds or is cancelled: those must still
//! be there, also if they have no destructor of their own and nothing mentions them any more.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use support::trace::*;

/// Looks at numbers when it is dropped.
struct Guard<'a>(&'a [u64; 9], Traced);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        say!("guard {}", self.0.iter().sum::<u64>());
    }
}

/// Changes what it has borrowed when it is dropped.
struct Restore<'a>(&'a mut u64);

impl Drop for Restore<'_> {
    fn drop(&mut self) {
        *self.0 += 1;
        say!("restored {}", self.0);
    }
}

async fn beside() -> u32 {
    let numbers = [3; 9];
    let guard = Guard(&numbers, traced("guard"));
    pause().await;
    let next = sized::<90>("next");
    pause().await;
    next.look() + guard.1.look()
}

async fn moved_guard() -> u32 {
    let numbers = [4; 9];
    let guard = Guard(&numbers, traced("guard"));
    guard.1.look();
    let held = Some(guard);
    pause().await;
    let next = [8u64; 9];
    pause().await;
    drop(held);
    pause().await;
    next[2] as u32
}

async fn in_part() -> u64 {
    let pair = (sized::<40>("moved"), [5; 9]);
    let guard = Guard(&pair.1, traced("guard"));
    eat(pair.0);
    pause().await;
    let next = [8u64; 9];
    pause().await;
    guard.0[1] + next[2]
}

async fn restored() -> u64 {
    let mut number = 10;
    {
        let restore = Restore(&mut number);
        pause().await;
        *restore.0 += 5;
        pause().await;
    }
    let next = sized::<60>("next");
    pause().await;
    next.look();
    number
}

async fn in_a_call(value: Traced<60>) -> u32 {
    let numbers = [6; 9];
    let guard = Guard(&numbers, traced("guard"));
    value.look();
    let sum = consume(value, &guard).await;
    pause().await;
    sum
}

async fn consume(value: Traced<60>, guard: &Guard<'_>) -> u32 {
    pause().await;
    guard.1.look() + value.look()
}

fn main() {
    everywhere![beside(), moved_guard(), in_part(), restored(), in_a_call(sized("value")),];
}
