//! Parts that are copied out of values with a destructor: the destructor sees the whole as it was,
//! not what became of the variable.
//!
//! Parts cannot be moved out of such values, but `Copy` ones can be copied: by a pattern, or as
//! an argument that the callee writes over.
//@ edition: 2024
//@ run-pass

mod support;
use std::hint::black_box;
use support::*;

/// Prints its parts when it is dropped.
struct Shown {
    count: u32,
    numbers: [u8; 64],
    name: Loud,
}

fn shown(name: &str) -> Shown {
    Shown { count: 1, numbers: [2; 64], name: loud(name) }
}

impl Drop for Shown {
    fn drop(&mut self) {
        println!("    {} has {} {}", self.name.name(), self.count, self.numbers[0]);
    }
}

/// A value around it without a destructor of its own.
struct Wrapped<T>(T, u32);

#[inline(never)]
fn spoil(mut numbers: [u8; 64]) -> u8 {
    let first = numbers[0];
    black_box(&mut numbers).fill(99);
    first
}

async fn variable_written(Shown { mut count, mut numbers, .. }: Shown) {
    count += 10;
    wait().await;
    numbers[0] += 10;
    println!("    {count} {}", numbers[0]);
    wait().await;
}

async fn argument_written(whole: Shown) {
    println!("    {}", spoil(whole.numbers));
    wait().await;
    println!("    {}", spoil(whole.numbers));
}

fn captured(whole: Shown) -> impl Future<Output = ()> {
    async move {
        let whole = whole;
        let mut numbers = whole.numbers;
        numbers[0] += 10;
        wait().await;
        println!("    {} {}", numbers[0], spoil(numbers));
    }
}

async fn inside_another(Wrapped(Shown { mut count, .. }, mut more): Wrapped<Shown>) {
    count += 10;
    more += 10;
    wait().await;
    println!("    {count} {more}");
}

async fn inside_a_tuple((whole, other): (Shown, Wrapped<Shown>)) {
    let mut numbers = whole.numbers;
    numbers[0] += other.1 as u8;
    println!("    {}", spoil(other.0.numbers));
    wait().await;
    println!("    {} {}", numbers[0], spoil(numbers));
    drop(whole);
    wait().await;
}

async fn inside_an_array([first, second]: [Shown; 2]) {
    let (mut count, numbers) = (first.count, second.numbers);
    count += 10;
    println!("    {}", spoil(numbers));
    wait().await;
    drop(second);
    wait().await;
    println!("    {count}");
}

async fn generic<T: Into<u32> + Copy>(Counted { mut count, .. }: Counted<T>, with: T) {
    println!("    {}", count.into());
    count = black_box(with);
    wait().await;
    println!("    {}", count.into());
}

/// The same with a destructor that is generic.
struct Counted<T: Into<u32> + Copy> {
    count: T,
    _name: Loud,
}

impl<T: Into<u32> + Copy> Drop for Counted<T> {
    fn drop(&mut self) {
        println!("    counted {}", self.count.into());
    }
}

fn main() {
    quiet();
    drop_everywhere("variable", 3, || variable_written(shown("whole")));
    drop_everywhere("argument", 2, || argument_written(shown("whole")));
    drop_everywhere("captured", 2, || captured(shown("whole")));
    drop_everywhere("another", 2, || inside_another(Wrapped(shown("inside"), 5)));
    let pair = || (shown("whole"), Wrapped(shown("other"), 5));
    drop_everywhere("tuple", 3, || inside_a_tuple(pair()));
    drop_everywhere("array", 3, || inside_an_array(["first", "second"].map(shown)));
    drop_everywhere("generic", 2, || generic(Counted { count: 1u8, _name: loud("name") }, 7));
}
