//! Values that move away in parts. What is left may still be used, or be borrowed: then its bytes are its own.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use support::trace::*;

struct Three {
    first: Traced<40>,
    numbers: [u64; 9],
    last: Traced<40>,
}

fn three() -> Three {
    Three { first: sized("first"), numbers: [4; 9], last: sized("last") }
}

fn sum(numbers: &[u64; 9]) -> u64 {
    numbers.iter().sum()
}

/// A reference to what is left is used long after all that has a destructor is gone.
async fn rest_is_borrowed() -> u64 {
    let three = three();
    let numbers = &three.numbers;
    drop(three.first);
    drop(three.last);
    pause().await;
    let next = [9u64; 20];
    pause().await;
    sum(numbers) + next[3]
}

async fn rest_is_read() -> u64 {
    let three = three();
    three.first.look();
    eat(three.first);
    eat(three.last);
    pause().await;
    let next = sized::<100>("next");
    pause().await;
    next.look();
    three.numbers[5]
}

async fn nothing_is_left() -> u32 {
    let three = three();
    sum(&three.numbers);
    let Three { first, numbers, last } = three;
    pause().await;
    let next = sized::<100>("next");
    pause().await;
    first.look() + last.look() + next.look() + numbers[0] as u32
}

async fn one_part_is_dropped_at_the_end() -> u32 {
    let three = three();
    three.first.look();
    let first = three.first;
    pause().await;
    let next = sized::<100>("next");
    pause().await;
    first.look() + next.look()
}

async fn parts_of_parts() -> u32 {
    let whole = ((traced("a"), (traced("b"), 3)), traced("c"));
    whole.0.1.0.look();
    let inner = whole.0.1;
    pause().await;
    let c = whole.1;
    pause().await;
    let next = sized::<60>("next");
    eat(whole.0.0);
    pause().await;
    inner.0.look() + c.look() + next.look() + inner.1
}

async fn filled_again(mut three: Three) -> u32 {
    three.first.look();
    eat(three.first);
    pause().await;
    three.first = sized("again");
    pause().await;
    eat(three.last);
    three.last = sized("too");
    pause().await;
    three.first.look() + three.last.look() + sum(&three.numbers) as u32
}

async fn out_of_boxes() -> u32 {
    let boxed = Box::new((sized::<40>("in"), traced("beside")));
    boxed.0.look();
    let inner = boxed.0;
    pause().await;
    let beside = boxed.1;
    pause().await;
    let other = Box::new(sized::<40>("other"));
    other.look();
    let other = *other;
    pause().await;
    inner.look() + beside.look() + other.look()
}

async fn by_patterns((left, (middle, _)): (Traced<40>, (Traced<40>, Traced)), flag: bool) -> u32 {
    left.look();
    if flag {
        eat(left);
        pause().await;
    }
    let next = sized::<40>("next");
    pause().await;
    middle.look() + next.look()
}

fn main() {
    everywhere![
        rest_is_borrowed(),
        rest_is_read(),
        nothing_is_left(),
        one_part_is_dropped_at_the_end(),
        parts_of_parts(),
        filled_again(three()),
        out_of_boxes(),
        by_patterns((sized("left"), (sized("middle"), traced("right"))), true),
        by_patterns((sized("left"), (sized("middle"), traced("right"))), false),
    ];
}
