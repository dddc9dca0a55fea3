//! One move from a capture or a parameter to a variable, spelled in every way: at once, later, behind branches,
//! through blocks, tuples, arrays, matches, closures and calls that give back what they get; to itself; never.
//! And bodies that do nothing with what they have: that panic, loop, or end at once.
//@ edition: 2024
//@ run-pass
#![allow(dead_code, unused_assignments, unused_braces, unused_mut, unused_variables, unreachable_code)]

#[macro_use]
mod support;
use support::trace::*;

type Value = Traced<9>;

fn give<T>(value: T) -> T {
    event("give");
    value
}

/// For each of some bodies: a function whose parameters, and one whose block's captures, are `x` and `other`.
macro_rules! bodies {
    ($($name:ident($x:ident, $other:ident) $body:block)*) => {
        mod parameters {
            use super::*;
            $(
                pub async fn $name(mut $x: Value, mut $other: Traced) -> u32 $body
            )*
        }

        mod captures {
            use super::*;
            $(
                pub fn $name(mut $x: Value, mut $other: Traced) -> impl Future<Output = u32> {
                    async move $body
                }
            )*
        }

        fn run_all() {
            $(
                everywhere! {
                    parameters::$name(sized("x"), traced("other")),
                    captures::$name(sized("x"), traced("other")),
                }
            )*
        }
    };
}

bodies! {
    at_once(x, other) {
        let y = x;
        pause().await;
        y.look() + other.look()
    }
    later(x, other) {
        pause().await;
        let y = x;
        drop(other);
        pause().await;
        y.look()
    }
    through_blocks(x, other) {
        let y = { { let z = { x }; z } };
        pause().await;
        y.look() + other.look()
    }
    through_a_tuple(x, other) {
        let (y, z) = (x, other);
        pause().await;
        drop(z);
        let w = ((y,),).0.0;
        pause().await;
        w.look()
    }
    through_arrays(x, other) {
        let [y] = [x];
        pause().await;
        let [_, z] = [traced("first"), other];
        pause().await;
        y.look() + z.look()
    }
    through_a_match(x, other) {
        let y = match x { y => y };
        pause().await;
        match other {
            z if z.look() == 5 => {
                pause().await;
                y.look() + z.look()
            }
            _ => 0,
        }
    }
    through_calls(x, other) {
        let y = give(give(x));
        pause().await;
        let (z, y) = give((other, give(y)));
        pause().await;
        y.look() + z.look()
    }
    through_closures(x, other) {
        let y = (move || x)();
        pause().await;
        let z = (async move || give(other))().await;
        pause().await;
        y.look() + z.look()
    }
    through_options(x, other) {
        let y = Some(x);
        pause().await;
        let Some(y) = y else { return 0 };
        let z = Ok::<_, ()>(other).unwrap();
        pause().await;
        y.look() + z.look()
    }
    through_boxes(x, other) {
        let y = *Box::new(x);
        pause().await;
        let z = Box::new((other, y));
        pause().await;
        let (z, y) = *z;
        drop(z);
        pause().await;
        y.look()
    }
    declared_first(x, other) {
        let y;
        let z;
        pause().await;
        (y, z) = (x, other);
        pause().await;
        y.look() + z.look()
    }
    declared_and_filled_in_a_loop(x, other) {
        let y;
        loop {
            pause().await;
            y = x;
            break;
        }
        pause().await;
        y.look() + other.look()
    }
    on_both_branches(x, other) {
        let y;
        if other.look() == 5 {
            y = x;
        } else {
            pause().await;
            y = give(x);
        }
        pause().await;
        y.look()
    }
    chosen(x, other) {
        let y = if other.look() == 5 { x } else { sized("else") };
        pause().await;
        let z = match y.look() { 1 => y, _ => sized("match") };
        pause().await;
        z.look()
    }
    to_itself(x, other) {
        x = x;
        pause().await;
        x = give(x);
        other = { let other = other; other };
        pause().await;
        x.look() + other.look()
    }
    to_and_fro(x, other) {
        let y = x;
        pause().await;
        x = y;
        let z = other;
        pause().await;
        let y = x;
        other = z;
        pause().await;
        y.look() + other.look()
    }
    to_two_in_turn(x, other) {
        let mut y = x;
        pause().await;
        let mut z = y;
        y = sized("y");
        pause().await;
        std::mem::swap(&mut y, &mut z);
        pause().await;
        y.look() + z.look()
    }
    over_an_older_value(x, other) {
        let mut y = sized("old");
        pause().await;
        y = x;
        pause().await;
        y.look() + other.look()
    }
    in_an_inner_scope(x, other) {
        let sum = {
            let y = x;
            pause().await;
            y.look()
        };
        {
            let _z = other;
            pause().await;
        }
        pause().await;
        sum
    }
    in_an_inner_block(x, other) {
        let sum = async {
            let y = x;
            pause().await;
            y.look()
        };
        let sum = sum.await;
        pause().await;
        sum + other.look()
    }
    borrowed_between(x, other) {
        let length = { let r = &x; r.look() };
        let y = x;
        let r = &y;
        pause().await;
        let s = &other;
        pause().await;
        r.look() + s.look() + length
    }
    forgotten(x, other) {
        pause().await;
        std::mem::forget(x);
        let y = std::mem::ManuallyDrop::new(other);
        pause().await;
        y.look()
    }
    never(x, other) {
        pause().await;
        let _ = x;
        let _ = &other;
        pause().await;
        0
    }
    ends_at_once(x, other) {
        7
    }
    panics_at_once(x, other) {
        panic!("at once")
    }
    panics_with_values(x, other) {
        let y = x;
        pause().await;
        let z = (other, panic!("with {}", y.look()));
        pause().await;
        0
    }
    suspends_where_nobody_comes(x, other) {
        let y = x;
        return y.look();
        pause().await;
        other.look()
    }
    loops(x, other) {
        let y = x;
        loop {
            y.look();
            pause().await;
        }
    }
}

async fn alternatives((Ok(x) | Err(x)): Result<Value, Value>, (y, _): (Traced, Traced)) -> u32 {
    pause().await;
    drop(y);
    pause().await;
    x.look()
}

fn main() {
    support::quiet();
    run_all();
    everywhere! {
        alternatives(Ok(sized("ok")), (traced("y"), traced("z"))),
        alternatives(Err(sized("error")), (traced("y"), traced("z"))),
    }
}
