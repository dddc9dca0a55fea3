//! Values that move away in loops and get new values there: always, sometimes, before or after a suspension, by
//! `break`, `continue`, `?` and labels.
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

async fn always() -> u32 {
    let mut value = sized("value");
    let mut sum = 0;
    for _ in 0..2 {
        value.look();
        sum += own(value).await;
        pause().await;
        value = sized("again");
    }
    sum + value.look()
}

async fn sometimes(select: u32) -> u32 {
    let mut value = sized("value");
    let mut sum = 0;
    for turn in 0..2 {
        value.look();
        if turn == select {
            sum += own(value).await;
            value = sized("again");
        } else {
            pause().await;
        }
    }
    sum + value.look()
}

async fn first_in_the_loop() -> u32 {
    let mut value;
    let mut turn = 0;
    loop {
        value = sized::<60>("value");
        value.look();
        turn += 1;
        if turn == 2 {
            break;
        }
        eat(value);
        pause().await;
    }
    pause().await;
    own(value).await
}

async fn given_by_break() -> u32 {
    let mut turn = 0;
    let value = loop {
        let value = sized::<60>("value");
        value.look();
        turn += 1;
        if turn == 2 {
            break value;
        }
        pause().await;
    };
    pause().await;
    let next = sized::<60>("next");
    own(value).await + next.look()
}

async fn labels() -> u32 {
    let mut kept = None;
    let mut sum = 0;
    'outer: for outer in 0..2 {
        let value = sized::<60>("outer");
        value.look();
        for inner in 0..2 {
            let other = sized::<60>("inner");
            if inner + outer == 1 {
                sum += own(value).await;
                kept = Some(other);
                continue 'outer;
            }
            pause().await;
            other.look();
        }
        pause().await;
    }
    if let Some(value) = kept {
        sum += own(value).await;
    }
    sum
}

async fn taken_in_turn() -> u32 {
    let mut values = vec![sized::<60>("a"), sized("b")];
    let mut sum = 0;
    while let Some(value) = values.pop() {
        value.look();
        let held = Some(value);
        pause().await;
        if let Some(value) = held {
            sum += own(value).await;
        }
    }
    sum
}

async fn replaced() -> u32 {
    let mut value = sized::<60>("one");
    value.look();
    pause().await;
    value = sized("two");
    pause().await;
    value = {
        eat(value);
        pause().await;
        sized("three")
    };
    pause().await;
    value.look()
}

async fn errors_end_it(fails: bool) -> Result<u32, Value> {
    let mut sum = 0;
    for turn in 0..2 {
        let value = sized::<60>("value");
        value.look();
        let checked: Result<Value, Value> = if fails && turn == 1 { Err(value) } else { Ok(value) };
        sum += own(checked?).await;
    }
    Ok(sum)
}

fn main() {
    everywhere![
        always(),
        sometimes(0),
        sometimes(1),
        first_in_the_loop(),
        given_by_break(),
        labels(),
        taken_in_turn(),
        replaced(),
        errors_end_it(false),
        errors_end_it(true),
    ];
}
