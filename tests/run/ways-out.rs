//! Ways out of the middle of things: `return`, `?`, `break` with and without a value, labelled `continue`; in
//! arguments, struct literals half built, operands, guards, let-else, if-let chains, and in
//! nested blocks whose temporaries are alive. What has been made by then is dropped, the rest is not made.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use support::trace::*;

/// Which way is taken.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    On,
    Return,
    Question,
    Break,
    Continue,
}

const WAYS: [Way; 5] = [Way::On, Way::Return, Way::Question, Way::Break, Way::Continue];

impl Way {
    /// `Err` on the way of `?`, after a suspension.
    async fn question(self, value: Traced) -> Result<Traced, Traced> {
        pause().await;
        if self == Way::Question { Err(value) } else { Ok(value) }
    }

    fn name(self) -> &'static str {
        ["on", "return", "question", "break", "continue"][self as usize]
    }
}

fn take(a: Traced, b: Traced, c: Traced) -> Traced {
    event("take");
    drop(a);
    drop(c);
    b
}

/// A value, or another way: an expression for any position. It suspends first. Before the loop goes
/// on, what its body has moved out of is filled again.
macro_rules! value_or_out {
    ($way:expr, $label:lifetime, $result:expr, $name:literal $(; $($place:ident = $value:expr),+)?) => {{
        pause().await;
        match $way {
            Way::On => traced($name),
            Way::Return => return Ok($result),
            Way::Question => $way.question(traced("error")).await?,
            Way::Break => break $label $result,
            Way::Continue => {
                $($($place = $value;)+)?
                continue $label
            }
        }
    }};
}

type Outcome = Result<Traced, Traced>;

/// A loop whose second turn, at the latest, ends: what `continue` leads to.
macro_rules! turns {
    ($label:lifetime, $body:expr) => {{
        let mut turn = 0;
        $label: loop {
            turn += 1;
            if turn == 2 {
                break $label traced("second turn");
            }
            let value = $body;
            break $label value;
        }
    }};
}

async fn in_arguments(way: Way, mut first: Traced, last: Traced) -> Outcome {
    let result = turns!('turns, {
        take(first, value_or_out!(way, 'turns, last, "b"; first = traced("first2")), last)
    });
    pause().await;
    result.look();
    Ok(result)
}

struct Parts {
    a: Traced,
    b: (Traced, Traced),
    c: [Traced; 2],
}

async fn in_literals(way: Way, mut capture: Traced, mut other: Traced, which: u8) -> Outcome {
    let on = |place| if place == which { way } else { Way::On };
    let parts = turns!('turns, {
        let parts = Parts {
            c: [traced("c0"), value_or_out!(on(0), 'turns, traced("out"), "c1")],
            a: capture,
            b: (other, value_or_out!(
                on(1), 'turns, traced("out"), "b1"; capture = traced("c2"), other = traced("o2")
            )),
        };
        pause().await;
        parts.b.1.look();
        let Parts { a, b: (b, _), c: [_, c] } = parts;
        take(c, a, b)
    });
    Ok(parts)
}

async fn in_vectors_and_boxes(way: Way, capture: Traced, which: u8) -> Outcome {
    let on = |place| if place == which { way } else { Way::On };
    let mut list = turns!('turns, {
        let boxed = Box::new((traced("boxed"), value_or_out!(on(0), 'turns, capture, "b")));
        let list = vec![boxed.1, value_or_out!(on(1), 'turns, traced("out"), "v")];
        let last = list.into_iter().last();
        last.unwrap_or(value_or_out!(on(2), 'turns, traced("out"), "w"))
    });
    pause().await;
    list.rename("end");
    Ok(list)
}

async fn in_operands(way: Way, a: Traced, b: Traced) -> Outcome {
    let mut total = 0;
    let mut array = [1u32; 4];
    let kept = turns!('turns, {
        total += a.look() + value_or_out!(way, 'turns, b, "x").look() * 2;
        array[value_or_out!(way, 'turns, traced("out"), "index").look() as usize % 4] += total;
        let range = 0..value_or_out!(way, 'turns, traced("out"), "end").look();
        say!("{total} {array:?} {range:?}");
        let closure = |value: Traced| value;
        closure(value_or_out!(way, 'turns, traced("out"), "y"))
    });
    pause().await;
    say!("{total}");
    Ok(kept)
}

/// Guards and scrutinees: bound by reference while the guard runs, moved behind.
async fn in_guards(way: Way, mut option: Option<Traced>, other: Traced) -> Outcome {
    let result = turns!('turns, match option {
        Some(value) if {
            pause().await;
            match way {
                Way::Return => return Ok(other),
                Way::Break => break 'turns other,
                Way::Continue => {
                    option = Some(traced("filled"));
                    continue 'turns
                }
                Way::Question => way.question(traced("error")).await?.look() == 0,
                Way::On => value.look() > 100,
            }
        } =>
        {
            pause().await;
            value
        }
        Some(value) if value.look() == 5 => value,
        Some(value) => {
            drop(value);
            pause().await;
            other
        }
        None => other,
    });
    pause().await;
    Ok(result)
}

async fn in_let_else(way: Way, pair: (Option<Traced>, Traced)) -> Outcome {
    let result = turns!('turns, {
        let (Some(value), other) = pair else {
            pause().await;
            match way {
                Way::Return => return Ok(traced("r")),
                Way::Question => way.question(traced("error")).await?,
                Way::Break => break 'turns traced("b"),
                Way::Continue => continue 'turns,
                Way::On => panic!("nothing there"),
            };
            return Err(traced("behind"));
        };
        pause().await;
        drop(other);
        value
    });
    pause().await;
    Ok(result)
}

async fn in_chains(way: Way, mut option: Option<Traced>, mut list: Vec<Traced>) -> Outcome {
    let result = turns!('turns, {
        if let Some(value) = option
            && pause().await == ()
            && let Some(last) = list.pop()
            && let Ok(checked) = way.question(last).await
            && value_or_out!(way, 'turns, checked, "c"; option = Some(value)).look() == 1
            && let [first] = &list[..]
        {
            pause().await;
            first.look();
            value
        } else {
            pause().await;
            traced("else")
        }
    });
    drop(list);
    pause().await;
    Ok(result)
}

/// Temporaries that live as long as the statement, and blocks inside one another.
async fn beside_temporaries(way: Way, capture: Traced) -> Outcome {
    let length = |value: &Traced| value.look();
    let result = turns!('turns, {
        let sum = length(&traced("t1"))
            + 'inner: {
                let _scope = traced("scope");
                if length(&traced("t2")) == 2 && way == Way::Break {
                    pause().await;
                    break 'inner length(&value_or_out!(Way::On, 'turns, traced("out"), "inner"));
                }
                length(&value_or_out!(way, 'turns, capture, "t3"))
            }
            + length(&traced("t4"));
        say!("{sum}");
        traced("done")
    });
    pause().await;
    Ok(result)
}

/// Loops in loops, left from the innermost to each of the others.
async fn through_loops(way: Way, mut values: Vec<Traced>, guard: Traced) -> Outcome {
    'outer: for round in 0..3 {
        let _outer = traced("outer");
        let found = 'middle: loop {
            let middle = traced("middle");
            while let Some(value) = values.pop() {
                pause().await;
                match (way, round) {
                    (Way::Continue, 0) => continue 'outer,
                    (Way::Break, 1) => break 'outer,
                    (Way::Break, _) => break 'middle value,
                    (Way::Return, 1) => return Ok(value),
                    (Way::Question, 1) => return Ok(way.question(value).await?),
                    (Way::On, 2) => continue 'middle,
                    _ => {}
                }
                if values.len() == 2 {
                    break 'middle value;
                }
            }
            break middle;
        };
        pause().await;
        found.look();
    }
    Ok(guard)
}

/// Innermost first: `?` on what `?` gives, in a closure, in a block that is no function.
async fn questions(way: Way, a: Traced, b: Traced) -> Outcome {
    let inner = async {
        let a = way.question(a).await?;
        pause().await;
        Ok::<_, Traced>((a, way.question(traced("second")).await?))
    };
    let pair = match inner.await {
        Ok(pair) => pair,
        Err(error) if way == Way::Question => {
            error.look();
            pause().await;
            return way.question(way.question(b).await?).await;
        }
        Err(error) => return Err(error),
    };
    let option = (|| Some(pair.0.look().checked_sub(1)?))();
    say!("{option:?}");
    Ok(take(pair.0, b, way.question(pair.1).await?))
}

fn main() {
    support::quiet();
    let list = || vec![traced("x"), traced("y"), traced("z"), traced("w")];
    for way in WAYS {
        println!("WAY {}", way.name());
        everywhere! {
            in_arguments(way, traced("first"), traced("last")),
            in_literals(way, traced("capture"), traced("other"), 0),
            in_literals(way, traced("capture"), traced("other"), 1),
            in_vectors_and_boxes(way, traced("capture"), 0),
            in_vectors_and_boxes(way, traced("capture"), 1),
            in_vectors_and_boxes(way, traced("capture"), 2),
            in_operands(way, traced("a"), traced("b")),
            in_guards(way, Some(traced("value")), traced("other")),
            in_guards(way, None, traced("other")),
            in_let_else(way, (Some(traced("value")), traced("other"))),
            in_let_else(way, (None, traced("other"))),
            in_chains(way, Some(traced("value")), vec![traced("x"), traced("y")]),
            beside_temporaries(way, traced("capture")),
            through_loops(way, list(), traced("guard")),
            questions(way, traced("a"), traced("b")),
        }
    }
}
