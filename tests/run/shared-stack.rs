//! Locals whose bytes may be another's when they have no storage or no value: on all ways through a body, unwinding included.
//@ edition: 2024
//@ run-pass

use std::future::Future;
use std::hint::black_box;
use std::panic::{self, AssertUnwindSafe};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// Too large for registers, and every byte counts.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Big([u64; 17]);

impl Big {
    fn new(seed: u64) -> Big {
        Big(std::array::from_fn(|at| seed.wrapping_mul(0x9e37_79b9).rotate_left(at as u32)))
    }
    fn sum(&self) -> u64 {
        self.0.iter().enumerate().fold(0, |sum, (at, word)| sum ^ word.rotate_right(at as u32))
    }
    fn plus(self, other: Big) -> Big {
        Big(std::array::from_fn(|at| self.0[at].wrapping_add(other.0[at])))
    }
}

/// Says when it is dropped, and looks whether it still is what it was.
struct Loud(&'static str, Big, u64);

impl Loud {
    fn new(name: &'static str, seed: u64) -> Loud {
        let big = Big::new(seed);
        Loud(name, big, big.sum())
    }
    fn name(&self) -> &'static str {
        assert_eq!(self.1.sum(), self.2, "{} has lost its value", self.0);
        self.0
    }
}

impl Drop for Loud {
    fn drop(&mut self) {
        let own = [Big::new(1), Big::new(2)];
        println!("  drop {} {:x}", self.name(), own[0].plus(own[1]).sum() ^ self.1.sum());
    }
}

fn arms(which: u32) -> u64 {
    match which {
        0 => {
            let one = Big::new(1);
            one.sum()
        }
        1 => {
            let one = Big::new(2);
            let two = Big::new(3);
            assert!(!std::ptr::eq(&one, &two));
            one.plus(two).sum()
        }
        2 => match Some(Big::new(4)) {
            Some(one) if one.sum() == 0 => 0,
            Some(one) if { let two = one.plus(one); two.sum() != 0 } => one.plus(Big::new(5)).sum(),
            Some(_) | None => 1,
        },
        3 => {
            let mut sum = 0;
            for seed in 0..5 {
                let one = Big::new(seed);
                let two = if seed % 2 == 0 { one } else { Big::new(9).plus(one) };
                sum ^= two.sum() + seed;
            }
            sum
        }
        _ => {
            let (one, two);
            if which % 2 == 0 {
                one = Big::new(6);
                one.sum()
            } else {
                two = Big::new(7);
                two.sum() + 1
            }
        }
    }
}

/// What is handed on from call to call, back to where it was, and taken apart.
fn handed_on(seed: u64) -> u64 {
    let id = |big: Big| black_box(big);
    let mut one = id(id(Big::new(seed)).plus(id(Big::new(seed + 1))));
    let mut two = id(one.plus(one)).plus(one);
    (one, two) = (two, one);
    one = one.plus(two);
    two = id(two);
    let pair = (one, [two, id(one)]);
    let (three, [four, five]) = pair;
    std::mem::swap(&mut one, &mut two);
    let wide = u128::from(three.sum()).wrapping_mul(u128::from(four.sum()) << 9).wrapping_add(1);
    let checked = i128::from(five.sum()).checked_mul(3).unwrap_or(-1);
    let rest = Loud { 0: "updated", ..*std::mem::ManuallyDrop::new(Loud::new("rest", seed)) }.2;
    one.sum() ^ two.sum() ^ (wide >> 64) as u64 ^ wide as u64 ^ checked as u64 ^ rest
}

/// Values from one iteration to the next, and storage that begins anew.
fn loops() -> u64 {
    let mut last = Big::new(0);
    let mut kept: Option<Big> = None;
    let found = 'outer: loop {
        for seed in 1..4 {
            let next = last.plus(Big::new(seed));
            let sum = match kept {
                Some(before) => before.plus(next).sum(),
                None => next.sum(),
            };
            if sum % 7 == 3 {
                break 'outer next;
            }
            kept = if seed == 2 { None } else { Some(next) };
            last = next;
        }
        let wrapped = [last; 2];
        last = wrapped[last.sum() as usize % 2].plus(Big::new(11));
        if last.sum() % 5 == 1 {
            continue;
        }
        if last.sum() % 11 == 0 {
            break last;
        }
    };
    found.sum()
}

#[repr(align(64))]
struct Aligned([u8; 70]);

#[repr(align(16))]
struct Sixteen(u8);

fn aligned() {
    let small = 1u8;
    let one = Sixteen(2);
    {
        let two = Aligned([3; 70]);
        let three = Sixteen(4);
        let (two_at, three_at) = (&raw const two as usize, &raw const three as usize);
        println!("  {} {} {}", two_at % 64, three_at % 16, two.0[69] + three.0);
    }
    let four = Aligned([5; 70]);
    let five = 6u8;
    let (one_at, four_at) = (&raw const one as usize, &raw const four as usize);
    println!("  {} {} {}", one_at % 16, four_at % 64, small + one.0 + four.0[0] + five);
}

/// All addresses of what is there at the same time differ, and pointers see what their locals hold.
fn addresses() {
    let one = Big::new(1);
    let pointer = &raw const one;
    let mut seen = vec![pointer as usize];
    for seed in 0..2 {
        let mut two = Big::new(seed);
        let writer = &raw mut two;
        {
            let three = Big::new(seed + 5);
            seen.extend([writer as usize, &raw const three as usize]);
            unsafe { *writer = three.plus(*pointer) };
        }
        let four = Big::new(3);
        assert!(writer as usize != &raw const four as usize);
        println!("  {:x}", two.sum() ^ four.sum() ^ unsafe { (*pointer).sum() });
    }
    assert!(seen.iter().skip(1).all(|&it| it != seen[0]) && seen[1] != seen[2]);
    let longest = |one: &Big, two: &Big| if one.sum() > two.sum() { one.sum() } else { two.sum() };
    println!("  {:x}", longest(&Big::new(8), &{ let five = Big::new(9); five }));
}

/// Panics at the `at`th of some places, with different values alive at each.
fn unwinds(at: u32) -> u64 {
    let fail = |place: u32| {
        if place == at {
            panic!("at {place}");
        }
        Big::new(u64::from(place))
    };
    let first = Loud::new("first", 1);
    let sum = {
        let second = Loud::new("second", 2);
        let made = [fail(0).plus(fail(1)), fail(2)];
        let third = Loud::new("third", made[0].sum());
        let pair = (Loud::new("left", 4), fail(3), Loud::new("right", 5), fail(4));
        let moved = if made[1].sum() % 2 == 0 { second } else { third };
        let (left, big, ..) = pair;
        let boxed = Box::new((left, fail(5)));
        println!("  {} {}", moved.name(), boxed.0.name());
        big.plus(boxed.1).sum()
    };
    let mut flagged = None;
    for round in 0..3 {
        let own = Loud::new("of a round", round);
        if round == 1 {
            flagged = Some(own);
            fail(6);
        } else {
            fail(7 + round as u32);
        }
    }
    let last = flagged.map(|it| it.1.sum()).unwrap_or_default();
    println!("  {}", first.name());
    last ^ sum ^ fail(10).sum()
}

/// Panics while it is dropped.
struct Fails(Big);

impl Drop for Fails {
    fn drop(&mut self) {
        println!("  fails {:x}", self.0.sum());
        panic!("dropped");
    }
}

fn fails_in_drop() -> u64 {
    let _first = Loud::new("outlives", 1);
    let sum = {
        let _second = Loud::new("beside", 2);
        let fails = Fails(Big::new(3));
        let big = Big::new(4);
        big.plus(fails.0).sum()
    };
    let later = Big::new(5);
    later.sum() ^ sum
}

struct Wait(bool);

impl Future for Wait {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        self.0 = !self.0;
        if self.0 { Poll::Pending } else { Poll::Ready(()) }
    }
}

async fn between(seed: u64) -> u64 {
    let sum = {
        let unsaved = Big::new(seed);
        let other = unsaved.plus(Big::new(seed + 1));
        other.sum()
    };
    let loud = Loud::new("across", seed);
    for round in 0..2 {
        let unsaved = Big::new(sum).plus(Big::new(round));
        let saved = unsaved.plus(unsaved);
        Wait(false).await;
        let after = [saved, Big::new(round)];
        println!("  {} {:x}", loud.name(), after[0].plus(after[1]).sum());
    }
    let closure = |big: Big| { let own = big.plus(Big::new(1)); own.sum() };
    closure(Big::new(sum)) ^ closure(Big::new(seed))
}

fn main() {
    panic::set_hook(Box::new(|_| {}));
    for which in 0..6 {
        println!("arms {which}: {:x}", arms(which));
    }
    println!("handed on: {:x} {:x}", handed_on(1), handed_on(2));
    println!("loops: {:x}", loops());
    println!("aligned:");
    aligned();
    println!("addresses:");
    addresses();
    for at in 0..12 {
        println!("unwinds at {at}:");
        let result = panic::catch_unwind(AssertUnwindSafe(|| unwinds(at)));
        println!("  {:x?}", result.ok());
    }
    println!("fails in drop:");
    println!("  {:?}", panic::catch_unwind(fails_in_drop).ok());
    println!("async:");
    let mut future = pin!(between(3));
    let mut context = Context::from_waker(Waker::noop());
    let result = loop {
        if let Poll::Ready(result) = future.as_mut().poll(&mut context) {
            break result;
        }
    };
    println!("  {result:x}");
}
