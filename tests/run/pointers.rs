//! Pointers taken to a captured variable and used behind awaits: raw ones, behind references, in other
//! captures, in a list that something else holds; to variables that are moved out of later and whose place is
//! used again; to parts and elements; addresses that must not change while a future is pinned.
//!
//! The place of a variable stays when its value is moved on, until its scope ends. So the value's next
//! place must be another one where a raw pointer leads to it, also one that was a reference before.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use std::cell::{Cell, UnsafeCell};
use std::marker::PhantomPinned;
use std::mem::ManuallyDrop;
use std::pin::{Pin, pin};
use std::ptr::{self, NonNull};
use std::task::{Context, Poll};
use support::trace::*;

#[expect(unused_assignments)]
async fn raw(mut numbers: [u64; 4], value: Traced, at: usize) -> u64 {
    let first = &raw mut numbers[at];
    let all = &raw const numbers;
    pause().await;
    unsafe { *first += 5 };
    pause().await;
    numbers[3] += 1;
    let pointer = ptr::from_ref(&value);
    pause().await;
    let name = unsafe { (*pointer).look() } as u64;
    unsafe { (*all)[at] + (*all)[3] + name }
}

/// The pointer is taken through a reference that is gone, and lives in another variable.
async fn behind_a_reference(mut word: u64, mut pair: (u32, [u8; 40])) -> u64 {
    let pointer: *mut u64 = &mut word;
    let byte = NonNull::from(&mut pair.1[39]);
    let holder = (pointer, byte, traced("holder"));
    pause().await;
    unsafe {
        *holder.0 = 77;
        *holder.1.as_ptr() = 3;
    }
    pause().await;
    let by_name = word + pair.1[39] as u64;
    holder.2.look();
    by_name + unsafe { *holder.0 }
}

/// Registered in a list that others write through.
async fn registered(list: &UnsafeCell<Vec<*mut u32>>, mut number: u32, value: Traced) -> u32 {
    unsafe { (*list.get()).push(&raw mut number) };
    pause().await;
    value.look();
    pause().await;
    number
}

async fn registers(times: u32) -> u32 {
    let list = UnsafeCell::new(Vec::new());
    let mut one = pin!(registered(&list, 1, traced("one")));
    let mut two = pin!(registered(&list, 2, traced("two")));
    let mut sum = 0;
    for round in 0..times {
        for future in [one.as_mut(), two.as_mut()] {
            if let Poll::Ready(number) = support::poll(future) {
                sum += number;
            }
        }
        for pointer in unsafe { &*list.get() } {
            unsafe { **pointer += 10 };
        }
        pause().await;
        if round == 2 {
            break;
        }
    }
    sum
}

/// What a variable was moved out of is still its own place: a pointer may put a new value there.
async fn refilled_by_pointer(mut value: Traced, condition: bool) -> u32 {
    let pointer = &raw mut value;
    pause().await;
    let taken = ManuallyDrop::new(unsafe { ptr::read(pointer) });
    pause().await;
    taken.look();
    if condition {
        unsafe { ptr::write(pointer, ManuallyDrop::into_inner(taken)) };
    } else {
        let again = traced("again");
        pause().await;
        drop(unsafe { ptr::replace(pointer, again) });
    }
    pause().await;
    value.look()
}

async fn moved_and_written(mut value: [u64; 10], other: Traced) -> u64 {
    let pointer = &raw mut value;
    let moved = value;
    pause().await;
    unsafe { (*pointer)[0] = 99 };
    other.look();
    pause().await;
    unsafe { (*pointer)[0] + moved[0] + moved[9] }
}

fn captured_moved_and_written(mut value: [u64; 10], consume: fn([u64; 10]) -> u64) -> impl Future<Output = u64> {
    async move {
        let pointer = &raw mut value;
        let sum = consume(value);
        unsafe { *pointer = [sum; 10] };
        let saved = [4u64; 12];
        pause().await;
        unsafe { (*pointer)[3] + saved[11] }
    }
}

/// No `Copy`, no destructor: it can be moved, and nobody minds that it is still there.
struct Large([u64; 20]);

/// Writes over its argument, which is the caller's where that is passed in place.
fn spoil(mut large: Large) -> u64 {
    let sum = large.0.iter().sum();
    large.0 = [7777; 20];
    std::hint::black_box(&large);
    sum
}

fn pointer_to<T>(place: &mut T) -> *mut T {
    place
}

fn moved_and_written_by_cast(mut large: Large) -> impl Future<Output = u64> {
    async move {
        let pointer: *mut Large = &mut large;
        pause().await;
        let moved = large;
        unsafe { (*pointer).0[0] = 1000 };
        pause().await;
        moved.0[0] + unsafe { (*pointer).0[0] }
    }
}

fn moved_and_written_by_call(mut large: Large) -> impl Future<Output = u64> {
    async move {
        let pointer = pointer_to(&mut large);
        pause().await;
        let moved = large;
        unsafe { pointer.write(Large([9; 20])) };
        pause().await;
        moved.0[0] + unsafe { (*pointer).0[1] }
    }
}

async fn consumed_and_read(large: Large) -> u64 {
    let pointer = NonNull::from(&large);
    let sum = spoil(large);
    let left = unsafe { pointer.as_ref() }.0[1];
    pause().await;
    sum + left
}

async fn local_consumed_and_written() -> u64 {
    let mut large = Large([4; 20]);
    let part = &mut large.0[5..];
    let pointer = part.as_mut_ptr();
    let sum = spoil(large);
    let left = unsafe { *pointer };
    unsafe { *pointer = 5 };
    pause().await;
    sum + left + unsafe { *pointer }
}

/// The reference is in a struct, or in a closure.
struct Holder<'a> {
    large: &'a mut Large,
    other: u32,
}

fn held_and_written(mut large: Large, mut second: Large) -> impl Future<Output = u64> {
    async move {
        let holder = Holder { large: &mut large, other: 5 };
        let pointer: *mut Large = holder.large;
        let give = || &raw mut second;
        let (other, captured) = (holder.other, { give }());
        pause().await;
        let moved = large;
        let taken = second;
        unsafe { (*pointer).0[0] = 1000 };
        unsafe { (*captured).0[0] = 2000 };
        pause().await;
        let sum = moved.0[0] + taken.0[0];
        sum + unsafe { (*pointer).0[0] + (*captured).0[0] } + other as u64
    }
}

/// A future without a destructor, which is polled where it was awaited.
struct Counts(u64, u32);

impl Future for Counts {
    type Output = u64;
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u64> {
        if self.1 == 0 {
            return Poll::Ready(self.0);
        }
        self.1 -= 1;
        self.0 += 1;
        Poll::Pending
    }
}

async fn awaited_and_read(mut future: Counts) -> u64 {
    let pointer = ptr::from_mut(&mut future);
    pause().await;
    let counted = future.await;
    pause().await;
    let left = unsafe { (*pointer).0 };
    unsafe { pointer.write(Counts(100, 0)) };
    counted * 1000 + left
}

/// Not moved as long as it is pinned: each look sees the same address.
struct Stays {
    first: Cell<usize>,
    value: Traced,
    _pinned: PhantomPinned,
}

fn stays(name: &'static str) -> Stays {
    Stays { first: Cell::new(0), value: traced(name), _pinned: PhantomPinned }
}

impl Stays {
    fn check(&self) -> u32 {
        let here = ptr::from_ref(self).addr();
        let first = self.first.get();
        if first == 0 {
            self.first.set(here);
        }
        say!("same place: {}", first == 0 || first == here);
        self.value.look()
    }
}

async fn same_places(a: Stays, (b, _, c): (Stays, u8, Stays), array: [Stays; 2], at: usize) -> u32 {
    let all: [&Stays; 4] = [&a, &b, &c, &array[at]];
    for stays in all {
        stays.check();
    }
    pause().await;
    let local = stays("local");
    local.check();
    b.check();
    pause().await;
    let last = async {
        c.check();
        pause().await;
        local.check() + array[at].check()
    };
    last.await + a.check()
}

/// A list through the variables of one future.
async fn linked(a: Traced, b: Traced) -> u32 {
    struct Node<'a>(&'a Traced, Cell<Option<NonNull<Node<'a>>>>);
    let first = Node(&a, Cell::new(None));
    let second = Node(&b, Cell::new(None));
    first.1.set(Some(NonNull::from(&second)));
    pause().await;
    second.1.set(Some(NonNull::from(&first)));
    pause().await;
    let mut sum = 0;
    let mut node = &first;
    for _ in 0..3 {
        sum += node.0.look();
        pause().await;
        node = unsafe { node.1.get().unwrap().as_ref() };
    }
    sum
}

async fn slices_of_captures(bytes: [u8; 64], text: String, mut numbers: Vec<u32>) -> u32 {
    let (low, high) = bytes.split_at(32);
    let words = text.split(' ').collect::<Vec<_>>();
    let last = numbers.last_mut().unwrap() as *mut u32;
    pause().await;
    unsafe { *last += 1 };
    let sum = low.iter().chain(high).map(|byte| *byte as u32).sum::<u32>();
    pause().await;
    sum + words.iter().map(|word| word.len() as u32).sum::<u32>() + numbers.iter().sum::<u32>()
}

fn main() {
    support::quiet();
    everywhere! {
        raw([1, 2, 3, 4], traced("value"), 1),
        behind_a_reference(5, (6, [7; 40])),
        registers(4),
        refilled_by_pointer(traced("value"), true),
        refilled_by_pointer(traced("value"), false),
        moved_and_written([1; 10], traced("other")),
        captured_moved_and_written([2; 10], |numbers| numbers.iter().sum()),
        moved_and_written_by_cast(Large([3; 20])),
        moved_and_written_by_call(Large([3; 20])),
        consumed_and_read(Large([3; 20])),
        local_consumed_and_written(),
        held_and_written(Large([3; 20]), Large([4; 20])),
        awaited_and_read(Counts(1, 2)),
        same_places(stays("a"), (stays("b"), 1, stays("c")), [stays("0"), stays("1")], 1),
        linked(traced("a"), traced("b")),
        slices_of_captures([1; 64], "one two three".to_owned(), vec![4, 5]),
    }
}
