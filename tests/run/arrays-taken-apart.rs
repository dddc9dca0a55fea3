//! Arrays whose elements are moved out of one variable after they were whole in another, with panics before and behind. Where an
//! array may be empty, rustc drops its elements from the last to the first, else from the first to the
//! last (`open_drop_for_array`): so a variable that is taken apart cannot be one with what it came from.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use support::trace::*;

type Two = [Traced<40>; 2];

fn two() -> Two {
    [sized("a"), sized("b")]
}

async fn first(array: Two) {
    event("before");
    let moved = array;
    let [_first, ..] = moved;
    event("behind");
    pause().await;
    event("later");
}

async fn last(array: Two) {
    pause().await;
    event("before");
    let moved = array;
    let again = moved;
    let [.., _last] = again;
    pause().await;
}

async fn rest(array: [Traced<40>; 4]) {
    event("before");
    let moved = array;
    let [_first, rest @ ..] = moved;
    pause().await;
    rest[1].look();
}

async fn in_a_tuple(pair: (u64, Two)) {
    let (_number, array) = pair;
    pause().await;
    let moved = array;
    let [_, _last] = moved;
    pause().await;
}

async fn in_an_option(option: Option<Two>) {
    event("before");
    let moved = option;
    if let Some([_first, ..]) = moved {
        pause().await;
    }
    event("behind");
}

async fn in_a_box(boxed: Box<Two>) {
    event("before");
    let moved = boxed;
    let [_first, ..] = *moved;
    pause().await;
}

async fn of_a_pattern([first, second]: Two) {
    event("before");
    let moved = second;
    pause().await;
    first.look();
    moved.look();
}

async fn captured_by_a_block() {
    let array = two();
    let block = async move {
        event("before");
        let moved = array;
        let [_first, ..] = moved;
        pause().await;
    };
    pause().await;
    block.await;
}

async fn a_local() {
    let array = two();
    pause().await;
    let moved = array;
    let [first, _] = moved;
    eat(first);
    pause().await;
}

/// Without a destructor, but not copied.
struct Plain(#[allow(dead_code)] [u8; 40]);

/// What is moved has no destructor; what stays has one.
async fn beside_destructors(array: [(Plain, Traced<40>); 2]) {
    event("before");
    let moved = array;
    let [(_plain, _), ..] = moved;
    event("behind");
    pause().await;
}

async fn at_once(array: Two) {
    event("before");
    let [_first, ..] = array;
    pause().await;
}

fn captured_at_once(array: Two) -> impl Future<Output = ()> {
    async move {
        pause().await;
        let [.., _last] = array;
        pause().await;
    }
}

async fn an_argument(array: Two) {
    pause().await;
    let moved = array;
    let [first, second] = moved;
    eat((second, first));
    pause().await;
}

fn main() {
    support::quiet();
    everywhere!(
        first(two()),
        last(two()),
        rest([sized("a"), sized("b"), sized("c"), sized("d")]),
        in_a_tuple((1, two())),
        in_an_option(Some(two())),
        in_an_option(None),
        in_a_box(Box::new(two())),
        of_a_pattern(two()),
        captured_by_a_block(),
        a_local(),
        beside_destructors(two().map(|traced| (Plain([1; 40]), traced))),
        at_once(two()),
        captured_at_once(two()),
        an_argument(two()),
    );
}
