//! Values that move away on some ways only: then, whether they are dropped at the end is known by a flag, also when the
//! coroutine is cancelled or something panics meanwhile.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use support::trace::*;

type Value = Traced<60>;

async fn own(value: Value) -> u32 {
    pause().await;
    value.look()
}

async fn on_one_way(moves: bool) -> u32 {
    let value = sized::<60>("value");
    value.look();
    let mut sum = 1;
    if moves {
        sum += own(value).await;
        let next = sized::<60>("next");
        pause().await;
        sum += next.look();
    }
    pause().await;
    let last = sized::<60>("last");
    pause().await;
    sum + last.look()
}

async fn on_some_of_several(which: u32) -> u32 {
    let (one, two) = (sized::<60>("one"), sized::<60>("two"));
    one.look();
    two.look();
    let sum = match which {
        0 => own(one).await,
        1 => own(two).await,
        2 => own(one).await + own(two).await,
        _ => 0,
    };
    let next = sized::<60>("next");
    pause().await;
    sum + next.look()
}

async fn and_filled_again(which: u32) -> u32 {
    let mut value = sized::<60>("value");
    value.look();
    if which > 0 {
        eat(value);
        pause().await;
        if which > 1 {
            value = sized("again");
            pause().await;
            value.look();
            eat(value);
        }
        pause().await;
        value = sized("last");
    }
    pause().await;
    value.look()
}

async fn part_on_one_way(moves: bool) -> u32 {
    let pair = (sized::<60>("left"), sized::<60>("right"));
    pair.0.look();
    if moves {
        eat(pair.0);
        pause().await;
    }
    let next = sized::<60>("next");
    pause().await;
    pair.1.look() + next.look()
}

async fn captured(value: Value, other: Value, moves: bool) -> u32 {
    value.look();
    if moves {
        let held = (value, 1);
        pause().await;
        eat(held);
    }
    pause().await;
    other.look()
}

async fn late(which: u32) -> u32 {
    let value;
    if which == 0 {
        value = sized::<60>("value");
        value.look();
        pause().await;
    } else {
        pause().await;
        value = sized("other");
    }
    let shown = value.look();
    if which == 2 {
        pause().await;
        eat(value);
    }
    pause().await;
    shown
}

fn main() {
    for moves in [false, true] {
        everywhere![
            on_one_way(moves),
            part_on_one_way(moves),
            captured(sized("value"), sized("other"), moves),
        ];
    }
    for which in 0..4 {
        everywhere![on_some_of_several(which), and_filled_again(which), late(which)];
    }
}
