//! Captures that are moved out on some paths, in parts, in loops, and put back: whatever the drop flags
//! are for, with every combination of the conditions.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use support::trace::*;

struct Three {
    a: Traced,
    b: Traced,
    c: Traced,
}

fn three() -> Three {
    Three { a: traced("a"), b: traced("b"), c: traced("c") }
}

/// Whether a bit of a number is set.
fn bit(bits: u8, index: u8) -> bool {
    bits >> index & 1 == 1
}

async fn fields(three: Three, bits: u8) {
    if bit(bits, 0) {
        eat(three.a);
    }
    pause().await;
    if bit(bits, 1) {
        eat(three.b);
    }
    pause().await;
    if bit(bits, 2) {
        let c = three.c;
        pause().await;
        c.look();
    }
}

fn whole_or_fields(three: Three, other: Three, bits: u8) -> impl Future<Output = ()> {
    async move {
        pause().await;
        if bit(bits, 0) {
            eat(three);
        } else if bit(bits, 1) {
            drop(three.b);
            pause().await;
            eat((three.c, three.a));
        }
        pause().await;
        match bits {
            0 | 3 => drop(other.a),
            1 => drop(other),
            _ => {
                let Three { b, .. } = other;
                pause().await;
                b.look();
            }
        }
        pause().await;
    }
}

async fn put_back(mut three: Three, mut value: Traced, bits: u8) -> Traced {
    if bit(bits, 0) {
        drop(three.a);
        pause().await;
        three.a = traced("a2");
    }
    if bit(bits, 1) {
        drop(value);
        pause().await;
        value = three.b;
        pause().await;
        three.b = traced("b2");
    }
    pause().await;
    if bit(bits, 0) {
        drop(three);
        pause().await;
        three = Three { a: traced("a3"), b: traced("b3"), c: traced("c3") };
    }
    three.c.look();
    value
}

/// Assigned without having been moved out: the old value goes first.
async fn replaced(mut value: Traced, mut pair: (Traced, Traced), bits: u8) -> (Traced, Traced) {
    for round in 0..2 {
        if bit(bits, round) {
            value = traced("v");
            pause().await;
        } else {
            pair.1 = value;
            value = traced("w");
        }
        pause().await;
        pair = (pair.1, pair.0);
    }
    drop(value);
    pause().await;
    pair
}

async fn in_a_loop(value: Traced, mut slot: Option<Traced>, stop: u8) -> Option<Traced> {
    let mut round = 0;
    let kept = loop {
        pause().await;
        if round == stop {
            break value;
        }
        if round == 2 {
            drop(value);
            return slot;
        }
        if let Some(taken) = slot.take() {
            pause().await;
            eat(taken);
        }
        round += 1;
    };
    kept.look();
    slot = Some(kept);
    pause().await;
    slot
}

/// Declared first, filled on some paths, dropped where its scope ends.
async fn filled_later(value: Traced, bits: u8) {
    let late;
    let never;
    if bit(bits, 0) {
        late = value;
        pause().await;
        late.look();
    } else if bit(bits, 1) {
        never = (value, traced("n"));
        pause().await;
        drop(never.0);
    } else {
        pause().await;
    }
    pause().await;
}

/// Moved into a closure or a block, which runs or does not.
async fn into_closures(a: Traced, b: Traced, bits: u8) {
    if bit(bits, 0) {
        let closure = move || a.look();
        pause().await;
        if bit(bits, 1) {
            closure();
        }
    } else {
        let block = async move {
            a.look();
            pause().await;
            drop(b);
        };
        pause().await;
        if bit(bits, 1) {
            block.await;
        }
    }
    pause().await;
}

enum Shape {
    Empty,
    One(Traced),
    Two { left: Traced, right: Traced },
}

async fn out_of_variants(shape: Shape, other: Traced, bits: u8) {
    match shape {
        Shape::One(one) if bit(bits, 0) => {
            pause().await;
            eat(one);
        }
        Shape::Two { left, .. } if bit(bits, 1) => {
            pause().await;
            eat(left);
        }
        Shape::Two { left, right } => {
            drop(other);
            pause().await;
            drop(left);
            pause().await;
            drop(right);
            return;
        }
        Shape::One(_) | Shape::Empty => pause().await,
    }
    pause().await;
    other.look();
}

fn main() {
    support::quiet();
    for bits in 0..8 {
        println!("bits {bits:03b}");
        everywhere!(fields(three(), bits));
        if bits < 4 {
            let two = || Shape::Two { left: traced("left"), right: traced("right") };
            everywhere! {
                whole_or_fields(three(), three(), bits),
                put_back(three(), traced("v"), bits),
                replaced(traced("x"), (traced("y"), traced("z")), bits),
                in_a_loop(traced("v"), Some(traced("s")), bits),
                filled_later(traced("v"), bits),
                into_closures(traced("a"), traced("b"), bits),
                out_of_variants(Shape::Empty, traced("o"), bits),
                out_of_variants(Shape::One(traced("one")), traced("o"), bits),
                out_of_variants(two(), traced("o"), bits),
            }
        }
    }
}
