//! Captures that are moved out, wholly, partly, on some paths, in loops, and put back.
//@ edition: 2024
//@ run-pass

mod support;
use support::*;

struct Pair {
    left: Loud,
    right: Loud,
}

fn pair(name: &str) -> Pair {
    Pair { left: loud(&format!("{name}.left")), right: loud(&format!("{name}.right")) }
}

async fn partly(pair: Pair, tuple: (Loud, Loud, Loud)) {
    wait().await;
    let left = pair.left;
    wait().await;
    let (_, middle, _) = tuple;
    wait().await;
    drop(middle);
    wait().await;
    drop(left);
    wait().await;
}

fn partly_in_block(pair: Pair) -> impl Future<Output = ()> {
    async move {
        wait().await;
        drop(pair.left);
        wait().await;
        println!("    {}", pair.right.name());
        wait().await;
    }
}

async fn on_some_paths(a: Loud, b: Loud, which: u8) {
    let holder;
    match which {
        0 => holder = Some(a),
        1 => {
            wait().await;
            holder = Some(b);
        }
        2 => {
            drop(a);
            wait().await;
            drop(b);
            holder = None;
        }
        _ => holder = None,
    }
    wait().await;
    println!("    {}", holder.as_ref().map_or("nothing", |held| held.name()));
    wait().await;
}

async fn put_back(mut a: Loud, mut pair: Pair) {
    drop(a);
    wait().await;
    a = loud("new a");
    drop(pair.left);
    wait().await;
    pair.left = loud("new left");
    wait().await;
    println!("    {} {} {}", a.name(), pair.left.name(), pair.right.name());
}

async fn replaced_in_a_loop(mut value: Loud, times: u32) -> Loud {
    for i in 0..times {
        let next = loud(&format!("{}{i}", value.name()));
        wait().await;
        let old = std::mem::replace(&mut value, next);
        wait().await;
        drop(old);
    }
    value
}

async fn moved_in_a_loop(value: Loud, at: u32) {
    let mut value = Some(value);
    let mut i = 0;
    while let Some(inside) = value {
        wait().await;
        value = if i == at { None } else { Some(inside) };
        i += 1;
    }
}

/// The body starts with the head of a loop.
fn loop_at_start(value: Loud, mut left: u32) -> impl Future<Output = Loud> {
    async move {
        loop {
            if left == 0 {
                return value;
            }
            left -= 1;
            wait().await;
        }
    }
}

fn endless(value: Loud) -> impl Future<Output = std::convert::Infallible> {
    async move {
        loop {
            wait().await;
            println!("    {}", value.name());
        }
    }
}

fn while_at_start(mut values: Vec<Loud>, other: Loud) -> impl Future<Output = ()> {
    async move {
        while let Some(value) = values.pop() {
            wait().await;
            println!("    {} {}", value.name(), other.name());
        }
    }
}

async fn boxes(a: Box<Loud>, b: Box<(Loud, Loud)>) {
    wait().await;
    let a = *a;
    wait().await;
    let (first, _) = *b;
    wait().await;
    println!("    {} {}", a.name(), first.name());
}

async fn returned(a: Loud, b: Loud, early: bool) -> Loud {
    wait().await;
    if early {
        return b;
    }
    wait().await;
    a
}

fn captured_by_use(a: Loud, b: Loud) -> impl Future<Output = ()> {
    let closure = move || a;
    async move {
        wait().await;
        let a = closure();
        wait().await;
        drop(b);
        wait().await;
        drop(a);
    }
}

fn main() {
    quiet();
    let tuple = || (loud("t0"), loud("t1"), loud("t2"));
    drop_everywhere("partly", 6, || partly(pair("p"), tuple()));
    drop_everywhere("partly in block", 4, || partly_in_block(pair("p")));
    for which in 0..4 {
        drop_everywhere("on some paths", 4, || on_some_paths(loud("a"), loud("b"), which));
    }
    drop_everywhere("put back", 4, || put_back(loud("a"), pair("p")));
    drop_everywhere("replaced", 5, || replaced_in_a_loop(loud("v"), 2));
    drop_everywhere("moved in a loop", 3, || moved_in_a_loop(loud("v"), 1));
    drop_everywhere("loop at start", 4, || loop_at_start(loud("v"), 3));
    drop_everywhere("endless", 3, || endless(loud("v")));
    let values = || vec![loud("x"), loud("y")];
    drop_everywhere("while at start", 3, || while_at_start(values(), loud("other")));
    let tuple = || Box::new((loud("first"), loud("second")));
    drop_everywhere("boxes", 4, || boxes(Box::new(loud("a")), tuple()));
    for early in [false, true] {
        drop_everywhere("returned", 3, || returned(loud("a"), loud("b"), early));
    }
    drop_everywhere("captured by use", 4, || captured_by_use(loud("a"), loud("b")));
}
