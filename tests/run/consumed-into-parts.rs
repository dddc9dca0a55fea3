//! Captures that become parts of something larger before the first await, at other offsets than
//! before: structs, enums, tuples and arrays that would overlap what they are made of.
//@ edition: 2024
//@ run-pass

mod support;
use support::tasks::*;
use support::*;

type Numbers = [u64; 120];

fn numbers(seed: u64) -> Numbers {
    std::array::from_fn(|i| seed.wrapping_mul(0x9e37_79b9).wrapping_add(i as u64))
}

fn sum(numbers: &[u64]) -> u64 {
    numbers.iter().fold(1, |sum, number| sum.rotate_left(5).wrapping_add(*number))
}

#[derive(Clone, Copy)]
enum Shape {
    Empty,
    Byte(u8),
    One(u16, Numbers),
    Two { first: Numbers, second: Numbers },
}

impl Shape {
    #[inline(never)]
    fn sum(&self) -> u64 {
        match self {
            Shape::Empty => 0,
            Shape::Byte(byte) => u64::from(*byte),
            Shape::One(word, numbers) => u64::from(*word) ^ sum(numbers),
            Shape::Two { first, second } => sum(first) ^ sum(second).rotate_left(1),
        }
    }
}

fn into_an_enum(x: Numbers, y: Numbers, which: u8) -> impl Future<Output = u64> {
    async move {
        let shape = match which {
            0 => Shape::Empty,
            1 => Shape::Byte(which),
            2 => Shape::One(7, y),
            _ => Shape::Two { first: y, second: x },
        };
        wait().await;
        shape.sum()
    }
}

fn wrapped(x: Numbers, byte: u8) -> impl Future<Output = u64> {
    async move {
        let wrapped = (byte, Some((byte, [x])));
        wait().await;
        let (first, Some((second, [inner]))) = wrapped else { return 0 };
        wait().await;
        sum(&inner) ^ u64::from(first) ^ u64::from(second)
    }
}

fn parts_swapped(pair: (Numbers, Numbers), small: (u64, u32)) -> impl Future<Output = u64> {
    async move {
        let swapped = (pair.1, pair.0);
        let small = (small.1, small.0);
        wait().await;
        let first = sum(&swapped.0) ^ u64::from(small.0);
        wait().await;
        first ^ sum(&swapped.1).rotate_left(3) ^ small.1
    }
}

fn swapped_in_itself(mut pair: (Numbers, Numbers), mut words: (u64, u64)) -> impl Future<Output = u64> {
    async move {
        pair = (pair.1, pair.0);
        words = (words.1, words.0 * 3);
        let triple = [pair.1, pair.0, pair.1];
        wait().await;
        sum(&pair.0) ^ sum(triple.as_flattened()).rotate_left(3) ^ words.0 ^ words.1
    }
}

async fn parameters_swapped((a, b): (Numbers, Numbers), [c, d]: [Numbers; 2]) -> u64 {
    let (b, a, c, d) = (a, b, d, c);
    wait().await;
    let first = sum(&a) ^ sum(&b).rotate_left(1);
    wait().await;
    first ^ sum(&c).rotate_left(2) ^ sum(&d).rotate_left(3)
}

fn owned_parts(a: Owned<50>, b: Owned<60>, c: Loud) -> impl Future<Output = ()> {
    async move {
        let nested = (1u8, b, (c, [Some(a)]));
        wait().await;
        nested.1.look();
        let (_, b, (c, [a])) = nested;
        let again = Ok::<_, String>((a, c));
        wait().await;
        b.look();
        drop(b);
        wait().await;
        if let Ok((Some(a), c)) = &again {
            a.look();
            println!("    {}", c.name());
        }
    }
}

/// What is made of the capture is given on at once, and only then saved.
fn through_calls(x: Numbers, y: Numbers, kept: Loud) -> impl Future<Output = u64> {
    #[inline(never)]
    fn both(pair: (Numbers, Numbers)) -> [Numbers; 3] {
        [pair.1, pair.0, pair.1]
    }
    async move {
        let closure = |pair: (Numbers, Numbers), more: u64| [[more; 120], pair.1, pair.0];
        let first = both((x, y));
        let second = closure((y, x), 7);
        wait().await;
        println!("    {}", kept.name());
        sum(first.as_flattened()) ^ sum(second.as_flattened()).rotate_left(1)
    }
}

fn boxed_and_back(x: Owned<80>, y: Numbers) -> impl Future<Output = u64> {
    async move {
        let boxed = Box::new((y, x));
        let (y, x) = *boxed;
        wait().await;
        x.look();
        drop(x);
        wait().await;
        sum(&y)
    }
}

/// The first suspension is reached with the capture in one of two states.
fn replaced(mut x: Numbers, y: Numbers, kept: bool, mut text: String) -> impl Future<Output = u64> {
    async move {
        let mut local = numbers(9);
        if !kept {
            local = x;
            x = y;
            text = text.clone() + "!" + &text;
        }
        wait().await;
        println!("    {text}");
        sum(&x) ^ sum(&local).rotate_left(1)
    }
}

fn main() {
    quiet();
    for which in 0..4 {
        println!("{:x}", block_on(into_an_enum(numbers(1), numbers(2), which)));
    }
    println!("{:x}", block_on(wrapped(numbers(3), 200)));
    println!("{:x}", block_on(parts_swapped((numbers(4), numbers(5)), (6, 7))));
    println!("{:x}", block_on(swapped_in_itself((numbers(4), numbers(5)), (6, 7))));
    let pairs = ((numbers(1), numbers(2)), [numbers(3), numbers(4)]);
    println!("{:x}", block_on(parameters_swapped(pairs.0, pairs.1)));
    let owned = |name, seed| Owned { filled: Filled::new(seed), name: loud(name) };
    let sixty = |name, seed| Owned { filled: Filled::new(seed), name: loud(name) };
    let make = || owned_parts(owned("a", 1), sixty("b", 2), loud("c"));
    drop_everywhere("owned", 4, make);
    drop_everywhere("calls", 2, || through_calls(numbers(1), numbers(2), loud("kept")));
    println!("{:x}", block_on(through_calls(numbers(1), numbers(2), loud("kept"))));
    let eighty = |name| Owned { filled: Filled::new(5), name: loud(name) };
    drop_everywhere("boxed", 3, || boxed_and_back(eighty("x"), numbers(6)));
    println!("{:x}", block_on(boxed_and_back(eighty("x"), numbers(6))));
    for kept in [false, true] {
        println!("{:x}", block_on(replaced(numbers(1), numbers(2), kept, "text".to_owned())));
    }
}
