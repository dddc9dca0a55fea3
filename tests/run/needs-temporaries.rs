//! Temporaries that live to the end of a statement, a `match` or an `if let`, and move away in part before that.
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

fn pair(name: &'static str) -> (Value, Value) {
    (sized(name), sized("other"))
}

async fn in_a_scrutinee() -> u32 {
    let sum = match (pair("one").0, pair("two").1.look()) {
        (value, number) => {
            pause().await;
            own(value).await + number
        }
    };
    let next = sized::<90>("next");
    pause().await;
    sum + next.look()
}

async fn in_an_argument() -> u32 {
    own(pair("one").0).await + pair("two").1.look() + own(pair("three").1).await
}

async fn extended() -> u32 {
    let kept = &pair("kept").0;
    pause().await;
    let (ref left, right) = pair("taken");
    pause().await;
    let sum = own(right).await;
    sum + left.look() + kept.look()
}

async fn in_conditions(flag: bool) -> u32 {
    if let (value, true) = (pair("one").0, flag) {
        pause().await;
        own(value).await
    } else if pair("two").0.look() > 2 {
        pause().await;
        3
    } else {
        4
    }
}

async fn in_blocks() -> u32 {
    let value = {
        let both = pair("both");
        both.1.look();
        pause().await;
        both.0
    };
    let other = 'found: {
        let both = pair("again");
        if both.0.look() > 2 {
            break 'found both.1;
        }
        pause().await;
        both.0
    };
    own(value).await + own(other).await
}

fn main() {
    everywhere![
        in_a_scrutinee(),
        in_an_argument(),
        extended(),
        in_conditions(true),
        in_conditions(false),
        in_blocks(),
    ];
}
