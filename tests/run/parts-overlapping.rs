//! Variables of patterns whose part of the parameter is not theirs alone: it is used, or written, by
//! another name too.
//!
//! A variable may stand for a part of the parameter only if nothing else can mean the same bytes:
//! not another variable, an element whose index is known only when the program runs, a rest of the
//! array, or a second value of the same variable.
//@ edition: 2024
//@ run-pass

mod support;
use std::hint::black_box;
use support::*;

async fn element_written_by_index(mut array: [u32; 3], i: usize) -> u32 {
    let [a, ..] = array;
    array[i] = 99;
    wait().await;
    println!("    {a} {}", array[2]);
    a
}

async fn element_written_by_reference(mut array: [u32; 3], i: usize) -> u32 {
    let [_, a, _] = array;
    let element = &mut array[i];
    wait().await;
    *element += 10;
    println!("    {a}");
    a
}

async fn variable_written(array: [u32; 3], i: usize) -> u32 {
    let [mut a, _, _] = array;
    a += 10;
    wait().await;
    println!("    {a} {}", array[i]);
    a
}

async fn variable_written_inside((array, last): ([u32; 3], u8), i: usize) -> u32 {
    let [mut a, ..] = array;
    a += 10;
    wait().await;
    println!("    {a} {} {last}", array[i]);
    a
}

async fn part_of_a_part_written(pair: ([u32; 3], u8), i: usize) -> u32 {
    let ([mut a, ..], _) = pair;
    a += 10;
    wait().await;
    println!("    {a} {}", pair.0[i]);
    a
}

async fn rest_of_the_array(array: [u32; 4]) -> u32 {
    let [mut a, ..] = array;
    let [rest @ .., mut last] = array;
    a += 10;
    last += 20;
    wait().await;
    println!("    {a} {rest:?} {last}");
    let [_, from_the_end @ ..] = array;
    wait().await;
    println!("    {from_the_end:?}");
    a
}

async fn first_and_last(array: [u32; 1]) -> u32 {
    let [mut first, ..] = array;
    let [.., mut last] = array;
    first += 10;
    last += 20;
    wait().await;
    println!("    {first} {last}");
    first
}

async fn whole_beside_its_parts(whole @ (a, mut b): (u32, [u32; 20])) -> u32 {
    b[1] += a;
    wait().await;
    println!("    {} {} {}", b[1], whole.0, whole.1[1]);
    a
}

async fn one_part_twice(pair: (u32, [u32; 20])) -> u32 {
    let (_, mut first) = pair;
    let (a, mut second) = pair;
    first[0] += 10;
    second[0] += 20;
    wait().await;
    println!("    {} {}", first[0], second[0]);
    a
}

/// The variable has the first part's value, then the second's.
async fn second_value(pair: (u32, u32)) -> u32 {
    let mut a = pair.0;
    let first = a;
    a = pair.1;
    wait().await;
    a + first * 10
}

/// The variable has a value before it has the part's.
async fn earlier_value(pair: (u32, u32)) -> u32 {
    let mut a = black_box(3);
    let first = a;
    a = pair.0;
    wait().await;
    a + first * 10
}

async fn later_value((mut a, b): ([u32; 20], [u32; 20])) -> u32 {
    let first = a[0];
    a = b;
    a[1] += 1;
    wait().await;
    a[1] + b[1] * 10 + first * 100
}

/// The parts are the arguments and the result of one call.
async fn parts_to_a_call(pair: ([u32; 20], [u32; 20])) -> u32 {
    #[inline(never)]
    fn mix(mut x: [u32; 20], mut y: [u32; 20]) -> [u32; 20] {
        std::mem::swap(black_box(&mut x), black_box(&mut y));
        std::array::from_fn(|i| x[i] * 10 + y[19 - i])
    }
    let mut a = pair.0;
    let b = a;
    a = mix(a, pair.1);
    wait().await;
    a[0] + b[0] + mix(pair.1, a)[1]
}

async fn loud_ends_of_an_array(array: [Loud; 3], lose_first: bool) {
    let [first, .., last] = array;
    wait().await;
    println!("    {}", last.name());
    if lose_first {
        drop(first);
    }
    wait().await;
}

async fn loud_rest(array: [Loud; 3]) {
    let [first, rest @ ..] = array;
    wait().await;
    drop(first);
    wait().await;
    println!("    {}", rest[1].name());
}

async fn loud_borrowed_and_taken(array: [Loud; 3]) {
    let [ref borrowed, ..] = array;
    println!("    {}", borrowed.name());
    wait().await;
    let [first, .., last] = array;
    wait().await;
    println!("    {} {}", first.name(), last.name());
}

fn main() {
    quiet();
    for i in 0..3 {
        println!("index {i}");
        block_on(element_written_by_index([1, 2, 3], i));
        block_on(element_written_by_reference([1, 2, 3], i));
        block_on(variable_written([1, 2, 3], i));
        block_on(variable_written_inside(([1, 2, 3], 4), i));
        block_on(part_of_a_part_written(([1, 2, 3], 4), i));
    }
    block_on(rest_of_the_array([1, 2, 3, 4]));
    block_on(first_and_last([1]));
    block_on(whole_beside_its_parts((1, [2; 20])));
    block_on(one_part_twice((1, [2; 20])));
    println!("{}", block_on(second_value((1, 2))));
    println!("{}", block_on(earlier_value((1, 2))));
    println!("{}", block_on(later_value(([1; 20], [2; 20]))));
    println!("{}", block_on(parts_to_a_call(([1; 20], [2; 20]))));
    let louds = || ["first", "second", "third"].map(loud);
    for lose_first in [false, true] {
        drop_everywhere("ends", 3, || loud_ends_of_an_array(louds(), lose_first));
    }
    drop_everywhere("rest", 3, || loud_rest(louds()));
    drop_everywhere("borrowed", 3, || loud_borrowed_and_taken(louds()));
}
