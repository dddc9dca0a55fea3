//! Arrays of which elements move away, one or all, by patterns and in loops; slices of what is left; boxes of arrays.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use support::trace::*;

fn three() -> [Traced<40>; 3] {
    [sized("a"), sized("b"), sized("c")]
}

async fn one_element() -> u32 {
    let array = three();
    array[1].look();
    let [first, ..] = array;
    pause().await;
    let next = sized::<90>("next");
    pause().await;
    first.look() + next.look()
}

async fn all_elements() -> u32 {
    let array = three();
    array[1].look();
    let [a, b, c] = array;
    pause().await;
    let next = sized::<120>("next");
    pause().await;
    a.look() + b.look() + c.look() + next.look()
}

async fn last_and_rest() -> u32 {
    let array = three();
    let [rest @ .., last] = array;
    pause().await;
    eat(last);
    let next = sized::<40>("next");
    pause().await;
    rest.iter().map(Traced::look).sum::<u32>() + next.look()
}

async fn into_an_iterator() -> u32 {
    let array = three();
    array[0].look();
    let mut sum = 0;
    for value in array {
        pause().await;
        sum += value.look();
    }
    let next = sized::<120>("next");
    pause().await;
    sum + next.look()
}

async fn of_a_struct(flag: bool) -> u32 {
    let pair = (three(), traced("beside"));
    pair.0[2].look();
    if flag {
        let [_, middle, _] = pair.0;
        pause().await;
        middle.look();
    }
    let next = sized::<90>("next");
    pause().await;
    pair.1.look() + next.look()
}

async fn captured([first, .., last]: [Traced<40>; 3]) -> u32 {
    first.look();
    eat(first);
    pause().await;
    let next = sized::<40>("next");
    pause().await;
    last.look() + next.look()
}

async fn boxed() -> u32 {
    let boxed = Box::new(three());
    boxed[0].look();
    let [a, _, c] = *boxed;
    pause().await;
    eat(a);
    pause().await;
    c.look()
}

fn main() {
    everywhere![
        one_element(),
        all_elements(),
        last_and_rest(),
        into_an_iterator(),
        of_a_struct(false),
        of_a_struct(true),
        captured(three()),
        boxed(),
    ];
}
