//! Captures and parameters that are gone before the first await: by a call, by a struct, on some
//! paths, in a loop, after they were borrowed.
//@ edition: 2024
//@ run-pass

mod support;
use support::tasks::*;
use support::*;

#[inline(never)]
fn consume<const N: usize>(owned: Owned<N>) -> u64 {
    owned.look();
    owned.filled.sum()
}

fn large<const N: usize>(name: &str) -> Owned<N> {
    Owned { filled: Filled::new(N as u64), name: loud(name) }
}

fn by_a_call(a: Owned<1000>, b: Owned<500>, kept: Loud) -> impl Future<Output = u64> {
    async move {
        let sum = consume(a);
        let sum = sum ^ consume(b);
        wait().await;
        println!("    {}", kept.name());
        sum
    }
}

async fn by_a_call_in_another_order(a: Owned<300>, b: Owned<1000>, c: Owned<10>, kept: Owned<700>) -> u64 {
    let local = Filled::<900>::new(1);
    let sum = consume(b) ^ consume(c);
    wait().await;
    local.check("local");
    kept.look();
    let sum = sum ^ consume(a);
    wait().await;
    kept.look();
    sum
}

struct Built<T> {
    number: u64,
    inside: T,
    also: Loud,
}

fn by_a_struct(inside: Owned<600>, also: Loud, number: u64) -> impl Future<Output = u64> {
    async move {
        let built = Built { number, inside, also };
        wait().await;
        built.inside.look();
        println!("    {} {}", built.also.name(), built.number);
        let Built { inside, .. } = built;
        wait().await;
        consume(inside)
    }
}

fn by_an_array_and_a_box(a: Owned<200>, b: Owned<200>, c: Owned<200>) -> impl Future<Output = ()> {
    async move {
        let array = [b, a];
        let boxed = Box::new((array, c));
        wait().await;
        for owned in &boxed.0 {
            owned.look();
        }
        boxed.1.look();
    }
}

fn on_a_condition(a: Owned<400>, b: Owned<400>, which: u8) -> impl Future<Output = ()> {
    async move {
        match which {
            0 => drop(a),
            1 => println!("    {:x}", consume(b)),
            2 => drop((b, a)),
            _ => {}
        }
        wait().await;
        let local = Filled::<800>::new(which.into());
        wait().await;
        local.check("local");
    }
}

fn on_a_condition_or_later(a: Owned<400>, b: Owned<400>, early: bool) -> impl Future<Output = ()> {
    async move {
        let local = if early { consume(a) } else { b.filled.sum() };
        wait().await;
        if !early {
            drop(b);
        }
        wait().await;
        println!("    {local:x}");
    }
}

fn in_a_loop(value: Owned<300>, other: Owned<300>, at: u32) -> impl Future<Output = u64> {
    async move {
        let mut i = 0;
        let sum = loop {
            value.look();
            if i == at {
                break consume(value);
            }
            if i > 1 {
                break consume(other);
            }
            i += 1;
        };
        wait().await;
        sum
    }
}

fn borrowed_first(mut value: Owned<300>, text: String, at: usize) -> impl Future<Output = usize> {
    async move {
        let (start, end) = text.split_at(at);
        let length = start.len() * 10 + end.len();
        let filled = &mut value.filled;
        filled.refill(length as u64);
        value.look();
        let bytes = text.into_bytes();
        let name = value.name.name().len();
        consume(value);
        wait().await;
        length + name + bytes.len()
    }
}

/// What is saved refers to the capture, so it must stay.
fn self_borrowing(value: Owned<300>, numbers: [u64; 100], at: usize) -> impl Future<Output = u64> {
    async move {
        let reference = &value;
        let slice = numbers[at..].iter();
        wait().await;
        let local = Filled::<200>::new(4);
        reference.look();
        wait().await;
        local.check("local");
        reference.filled.sum() ^ slice.sum::<u64>()
    }
}

async fn looks<const N: usize>(value: &Owned<N>) -> u64 {
    value.look();
    wait().await;
    value.look();
    value.filled.sum()
}

fn borrowed_by_an_awaitee(value: Owned<300>, other: Owned<300>) -> impl Future<Output = u64> {
    async move {
        let number = looks(&value).await;
        drop(value);
        let sum = consume(other);
        wait().await;
        sum ^ number
    }
}

/// A capture is put back after it was consumed.
fn put_back(mut value: Owned<300>, mut other: Owned<300>) -> impl Future<Output = ()> {
    async move {
        consume(value);
        value = large("new value");
        std::mem::swap(&mut value, &mut other);
        wait().await;
        value.look();
        drop(other);
        wait().await;
    }
}

fn never_used(a: Owned<300>, b: Loud) -> impl Future<Output = ()> {
    async move {
        let _all = (&a, &b);
        wait().await;
        let local = Filled::<400>::new(2);
        wait().await;
        local.check("local");
    }
}

fn main() {
    quiet();
    drop_everywhere("call", 2, || by_a_call(large("a"), large("b"), loud("kept")));
    println!("{:x}", block_on(by_a_call(large("a"), large("b"), loud("kept"))));
    let make = || by_a_call_in_another_order(large("a"), large("b"), large("c"), large("d"));
    drop_everywhere("another order", 3, make);
    println!("{:x}", block_on(make()));
    drop_everywhere("struct", 3, || by_a_struct(large("inside"), loud("also"), 9));
    let make = || by_an_array_and_a_box(large("a"), large("b"), large("c"));
    drop_everywhere("array and box", 2, make);
    for which in 0..4 {
        drop_everywhere("condition", 3, || on_a_condition(large("a"), large("b"), which));
        let at = which.into();
        drop_everywhere("loop", 2, || in_a_loop(large("value"), large("other"), at));
    }
    for early in [false, true] {
        let make = || on_a_condition_or_later(large("a"), large("b"), early);
        drop_everywhere("condition or later", 3, make);
    }
    let make = || borrowed_first(large("value"), "some text".to_owned(), 3);
    drop_everywhere("borrowed first", 2, make);
    println!("{}", block_on(make()));
    let numbers = std::array::from_fn(|i| i as u64);
    drop_everywhere("self-borrowing", 3, || self_borrowing(large("value"), numbers, 50));
    println!("{:x}", block_on(self_borrowing(large("value"), numbers, 50)));
    let make = || borrowed_by_an_awaitee(large("value"), large("other"));
    drop_everywhere("borrowed by an awaitee", 3, make);
    println!("{:x}", block_on(make()));
    drop_everywhere("put back", 3, || put_back(large("value"), large("other")));
    drop_everywhere("never used", 3, || never_used(large("value"), loud("b")));
}
