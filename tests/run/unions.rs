//! Unions, parts of packed structs, and enums that are changed in place, as captures.
//!
//! A union that was moved out of is whole again when one of its fields is assigned: such a write starts
//! a second value, like an assignment to the whole.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use std::hint::black_box;
use std::mem::{ManuallyDrop, MaybeUninit};
use support::trace::*;

/// No `Copy`: it can be moved out of.
union Number {
    large: ManuallyDrop<[u64; 30]>,
    small: u64,
    bytes: ManuallyDrop<[u8; 9]>,
}

fn number(value: u64) -> Number {
    Number { large: ManuallyDrop::new([value; 30]) }
}

fn sum(number: Number) -> u64 {
    unsafe { number.large.iter().sum() }
}

async fn refilled_by_a_field(mut number: Number) -> u64 {
    let before = sum(number);
    let other = black_box([7u64; 30]);
    pause().await;
    number.small = before;
    let read = unsafe { number.small };
    let again = number;
    say!("{read} {}", unsafe { again.small });
    other.iter().sum()
}

fn refilled_capture(mut number: Number, times: u32) -> impl Future<Output = u64> {
    async move {
        let mut total = 0;
        let other = black_box([9u64; 30]);
        for round in 0..times {
            total += unsafe { number.small };
            let taken = number;
            pause().await;
            number.bytes = ManuallyDrop::new([round as u8; 9]);
            pause().await;
            say!("{total} {}", unsafe { taken.small });
        }
        total + unsafe { number.small } + other.iter().sum::<u64>()
    }
}

/// As a part of a pattern, and refilled on one path only.
async fn refilled_part((mut number, other): (Number, [u64; 20]), refill: bool) -> u64 {
    let mut total = sum(number);
    let large = black_box([3u64; 40]);
    pause().await;
    if refill {
        number.small = total;
        pause().await;
        total += unsafe { number.small };
    }
    total + large.iter().sum::<u64>() + other[3]
}

async fn refilled_before_the_await(mut number: Number) -> u64 {
    let total = sum(number);
    number.small = total;
    let saved = black_box([5u64; 30]);
    let again = unsafe { number.small };
    pause().await;
    again + saved.iter().sum::<u64>()
}

union Holder {
    value: ManuallyDrop<Traced>,
    _nothing: (),
}

/// What a union holds is dropped by hand or never.
async fn holds(mut holder: Holder, by_hand: bool) {
    pause().await;
    unsafe { &holder.value }.look();
    if by_hand {
        unsafe { ManuallyDrop::drop(&mut holder.value) };
        pause().await;
        holder.value = ManuallyDrop::new(traced("second"));
    }
    pause().await;
    let holder = holder;
    let value = ManuallyDrop::into_inner(unsafe { holder.value });
    pause().await;
    value.look();
}

async fn maybe_uninit(mut slots: [MaybeUninit<Traced>; 3], filled: usize) {
    for slot in &mut slots[..filled] {
        slot.write(traced("slot"));
        pause().await;
    }
    for slot in &mut slots[..filled] {
        unsafe { slot.assume_init_drop() };
        pause().await;
    }
}

#[repr(C, packed(2))]
struct Packed {
    byte: u8,
    value: Traced,
    number: u64,
}

async fn packed(mut packed: Packed, replace: bool) -> u64 {
    packed.number += packed.byte as u64;
    pause().await;
    if replace {
        packed.value = traced("new");
        pause().await;
        packed.byte = 9;
    } else {
        let value = packed.value;
        value.look();
        pause().await;
    }
    packed.number + packed.byte as u64
}

/// Variants that change under a capture: discriminants are written in place.
#[derive(Clone, Copy, Debug)]
enum State {
    Small(u8),
    Wide(u64, u8),
    Empty,
}

async fn variants(mut state: State, mut nested: Option<Option<bool>>, mut owner: Result<Traced, u8>) {
    for round in 0..4 {
        state = match state {
            State::Small(n) => State::Wide(n as u64 + 1, n),
            State::Wide(n, _) if n > 8 => State::Empty,
            State::Wide(n, m) => State::Small(n as u8 + m),
            State::Empty => State::Small(8),
        };
        pause().await;
        nested = match nested {
            None => Some(None),
            Some(None) => Some(Some(false)),
            Some(Some(false)) => Some(Some(true)),
            Some(Some(true)) => None,
        };
        if round == 1 {
            owner = Err(round);
        } else if round == 2 {
            owner = Ok(traced("back"));
        }
        pause().await;
        say!("{state:?} {nested:?} {}", owner.is_ok());
        if let State::Small(n) = &mut state {
            *n += 1;
        }
    }
}

fn main() {
    support::quiet();
    everywhere! {
        refilled_by_a_field(number(2)),
        refilled_capture(number(3), 3),
        refilled_part((number(4), [4; 20]), false),
        refilled_part((number(4), [4; 20]), true),
        refilled_before_the_await(number(5)),
        holds(Holder { value: ManuallyDrop::new(traced("held")) }, false),
        holds(Holder { value: ManuallyDrop::new(traced("held")) }, true),
        maybe_uninit([const { MaybeUninit::uninit() }; 3], 2),
        packed(Packed { byte: 1, value: traced("p"), number: 2 }, false),
        packed(Packed { byte: 1, value: traced("p"), number: 2 }, true),
        variants(State::Small(3), None, Ok(traced("ok"))),
    }
}
