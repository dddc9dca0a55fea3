//! What is matched moves away in parts: results of `?`, of `match f().await { .. }`, of something like `select`, with
//! guards, bindings by reference, `|`, `@`, `let .. else`, chains of `if let`, and variants that hold nothing.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use support::trace::*;

#[derive(Debug)]
enum Either<L, R> {
    Left(L),
    Right(R),
    Neither,
}
use Either::*;

type Value = Traced<60>;

async fn give(name: &'static str) -> Result<Value, Value> {
    pause().await;
    if name.len() > 3 { Err(sized(name)) } else { Ok(sized(name)) }
}

async fn question_marks(name: &'static str) -> Result<u32, Value> {
    let one = give("one").await?;
    let sum = one.look() + own(one).await;
    let two = give(name).await?;
    pause().await;
    Ok(sum + two.look() + own(give(name).await?).await)
}

/// Not a future itself, so that `give(..)?` needs no `.await`.
fn give_now(name: &'static str) -> Result<Value, Value> {
    if name.len() > 3 { Err(sized(name)) } else { Ok(sized(name)) }
}

macro_rules! give {
    ($name:expr) => {
        give_now($name)
    };
}

async fn own(value: Value) -> u32 {
    pause().await;
    value.look()
}

async fn question_marks_now(name: &'static str) -> Result<u32, Value> {
    let one = give!("one")?;
    let sum = one.look() + own(one).await;
    Ok(sum + own(give!(name)?).await)
}

async fn select(which: u32) -> Either<(Result<Value, Value>, Value), (Value, Value)> {
    pause().await;
    match which {
        0 => Left((Ok(sized("ok")), sized("right"))),
        1 => Left((Err(sized("err")), sized("right"))),
        2 => Right((sized("left"), sized("out"))),
        _ => Neither,
    }
}

async fn of_select(which: u32) -> u32 {
    match select(which).await {
        Left((Err(error), other)) => {
            let sum = error.look();
            pause().await;
            sum + own(other).await
        }
        Left((Ok(value), other)) if value.look() > 5 => own(value).await + other.look(),
        Left((Ok(ref value), _)) => {
            pause().await;
            value.look()
        }
        Right((left, _)) => {
            let next = sized::<90>("next");
            pause().await;
            left.look() + next.look()
        }
        Neither => {
            let next = sized::<90>("next");
            pause().await;
            next.look()
        }
    }
}

/// A variable is looked at, then taken apart; one variant has nothing to take.
async fn variable(which: u32) -> u32 {
    let found = select(which).await;
    let shown = format!("{found:?}").len() as u32;
    let result = match found {
        Left((Ok(value), _)) | Left((Err(value), _)) => {
            pause().await;
            own(value).await
        }
        Right(both) => {
            let (left, right) = both;
            pause().await;
            own(right).await + left.look()
        }
        Neither => 0,
    };
    let next = sized::<200>("next");
    pause().await;
    result + next.look() + shown
}

/// What is borrowed in one variant, where another one is moved out.
async fn borrowed_variant(which: u32) -> u32 {
    let found: Either<Value, u64> = match which {
        0 => Left(sized("value")),
        _ => Right(17),
    };
    let number = match &found {
        Right(number) => Some(number),
        _ => None,
    };
    let mut sum = 0;
    if number.is_none() {
        if let Left(value) = found {
            sum += own(value).await;
        }
        let next = [5u64; 12];
        pause().await;
        return sum + next[4] as u32;
    }
    pause().await;
    sum += *number.unwrap() as u32;
    sum
}

async fn else_and_chains(which: u32) -> u32 {
    let Left((inner, other)) = select(which).await else {
        pause().await;
        let next = sized::<90>("next");
        pause().await;
        return next.look();
    };
    let inner = if let Ok(value) = inner
        && value.look() > 1
        && let Some(value) = Some(value)
    {
        own(value).await
    } else {
        pause().await;
        4
    };
    inner + own(other).await
}

async fn whole_and_part(which: u32) -> u32 {
    match select(which).await {
        all @ (Left(_) | Neither) => {
            pause().await;
            match all {
                Left((all @ Ok(_), _)) => {
                    pause().await;
                    all.map(|value| value.look()).unwrap_or(1)
                }
                _ => 2,
            }
        }
        Right((_, last)) => own(last).await,
    }
}

fn main() {
    everywhere![
        question_marks("two"),
        question_marks("wrong"),
        question_marks_now("two"),
        question_marks_now("wrong"),
    ];
    for which in 0..4 {
        everywhere![
            of_select(which),
            variable(which),
            borrowed_variant(which),
            else_and_chains(which),
            whole_and_part(which),
        ];
    }
}
