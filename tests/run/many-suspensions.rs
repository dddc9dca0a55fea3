//! More suspensions than a byte can number: 320 in one body, in a line, in arms and in a loop, each with values that are
//! saved in it alone and captures that die at it.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use support::trace::*;

/// Repeats statements four times per `*`.
macro_rules! times {
    ($body:block) => { $body };
    ($body:block *$($rest:tt)*) => {{
        times!($body $($rest)*);
        times!($body $($rest)*);
        times!($body $($rest)*);
        times!($body $($rest)*);
    }};
}

async fn in_a_line(mut a: Traced, b: Traced, mut count: u32) -> u32 {
    times!({
        let own = [count; 3];
        support::wait().await;
        support::wait().await;
        count += own[1] % 7 + 1;
        let other = [count; 2];
        support::wait().await;
        support::wait().await;
        count += other[0] % 5 + 1;
        if count % 31 == 0 {
            a = traced("again");
            support::wait().await;
        }
    } ***);
    a.look() + b.look() + count
}

/// Which of 64 arms runs is known only then.
async fn in_arms(value: Traced, which: u32) -> u32 {
    let mut arm = 0;
    let mut found = None;
    let mut value = Some(value);
    times!({
        arm += 1;
        if arm == which {
            let bytes = [arm as u8; 40];
            let taken = value.take();
            pause().await;
            found = taken.map(|taken| taken.look() + bytes[39] as u32);
            pause().await;
        }
    } ***);
    pause().await;
    found.unwrap_or(0)
}

fn main() {
    support::quiet();
    let line = |count| in_a_line(traced("a"), traced("b"), count);
    for count in [1, 50] {
        println!("{}", support::block_on(line(count)));
    }
    for polls in [0, 1, 127, 128, 250, 253, 254, 255, 256, 257, 258, 300, 1000] {
        let mut future = Box::pin(line(2));
        let pending = (0..polls).take_while(|_| support::poll(future.as_mut()).is_pending()).count();
        let moved = future;
        println!("{polls}: {pending}");
        drop(moved);
    }
    everywhere! {
        in_arms(traced("value"), 1),
        in_arms(traced("value"), 63),
        in_arms(traced("value"), 65),
    }
}
