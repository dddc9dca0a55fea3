//! Parts of pattern parameters that are moved, put back, and lost at different times, with panics in
//! between, cancelled at each await.
//@ edition: 2024
//@ run-pass

mod support;
use support::tasks::*;
use support::*;

struct Trio {
    a: Loud,
    b: Loud,
    c: Loud,
}

fn trio(name: &str) -> Trio {
    let part = |part| loud(&format!("{name}.{part}"));
    Trio { a: part("a"), b: part("b"), c: part("c") }
}

async fn at_different_times(Trio { a, b, c }: Trio, (d, e): (Loud, Loud)) {
    drop(b);
    wait().await;
    let moved = (d, a);
    wait().await;
    drop(moved.1);
    wait().await;
    println!("    {} {}", c.name(), e.name());
    drop(c);
    wait().await;
}

async fn before_the_first_await(Trio { a, b, c }: Trio) {
    drop(c);
    drop(a);
    wait().await;
    drop(b);
    wait().await;
}

async fn on_conditions(Trio { a, b, c }: Trio, which: u8, late: Loud) {
    if which & 1 != 0 {
        drop(a);
    }
    wait().await;
    if which & 2 != 0 {
        let inner = b;
        wait().await;
        println!("    {}", inner.name());
    }
    wait().await;
    if which & 4 != 0 {
        drop((late, c));
    }
    wait().await;
}

async fn put_back(Trio { mut a, mut b, c: mut _c }: Trio) {
    let old = std::mem::replace(&mut a, loud("second a"));
    wait().await;
    drop(b);
    wait().await;
    b = loud("second b");
    _c = old;
    wait().await;
    a = loud("third a");
    println!("    {} {}", a.name(), b.name());
    wait().await;
}

async fn in_a_loop((mut value, names): (Loud, [&'static str; 2]), State(rest): State<Loud>) -> Loud {
    for name in names {
        wait().await;
        value = loud(&format!("{}, {name}", value.name()));
        wait().await;
    }
    drop(rest);
    value
}

struct State<T>(T);

async fn panics((a, _, c): (Loud, Loud, Loud), State(b): State<Loud>, at: u32, other: Loud) {
    assert!(at != 0, "at 0");
    drop(a);
    assert!(at != 1, "at 1");
    wait().await;
    let held = c;
    assert!(at != 2, "at 2");
    wait().await;
    drop(other);
    assert!(at != 3, "at 3");
    println!("    {} {}", held.name(), b.name());
}

async fn bomb_part((a, _, b): (Loud, Bomb, Loud)) {
    wait().await;
    drop(a);
    wait().await;
    drop(b);
}

async fn bomb_moved((a, bomb): (Loud, Bomb), after: Loud) {
    wait().await;
    println!("    {}", a.name());
    drop(bomb);
    wait().await;
    drop(after);
}

async fn bomb_first((_bomb, _a): (Bomb, Loud), State(_b): State<Loud>) {
    wait().await;
}

/// Futures as parts.
async fn awaited_parts((first, second, _): (Task, Task, Task), State(third): State<Task>) {
    let kept = second.await;
    wait().await;
    first.await;
    println!("    {} {}", kept.name(), third.name());
    third.await;
}

/// Parts that hold references to others.
async fn borrowing_parts((text, number): (String, [u64; 3]), State(owned): State<Owned<100>>) {
    let first = &text[1..];
    let second = &number[2];
    wait().await;
    let both = (first, second);
    wait().await;
    println!("    {} {}", both.0, both.1);
    owned.look();
}

async fn large_parts(
    (mut first, second, _): (Owned<1000>, Filled<1000>, Owned<300>),
    State((third, number)): State<(Owned<500>, u64)>,
) -> u64 {
    first.filled.refill(77);
    let sum = second.sum();
    wait().await;
    first.look();
    let other = second;
    drop(first);
    wait().await;
    let copied = third.filled;
    third.look();
    drop(third);
    let last = Filled::<700>::new(number);
    wait().await;
    copied.check("copied");
    last.check("last");
    sum ^ other.sum()
}

fn large<const N: usize>(name: &str) -> Owned<N> {
    Owned { filled: Filled::new(N as u64), name: loud(name) }
}

fn main() {
    quiet();
    let two = || (loud("d"), loud("e"));
    drop_everywhere("different times", 5, || at_different_times(trio("t"), two()));
    drop_everywhere("before", 3, || before_the_first_await(trio("t")));
    for which in 0..8 {
        drop_everywhere("conditions", 5, || on_conditions(trio("t"), which, loud("late")));
    }
    drop_everywhere("put back", 5, || put_back(trio("t")));
    let value = || (loud("v"), ["x", "y"]);
    drop_everywhere("loop", 5, || in_a_loop(value(), State(loud("rest"))));
    let three = || (loud("a"), loud("lost"), loud("c"));
    for at in 0..5 {
        let make = || panics(three(), State(loud("b")), at, loud("other"));
        drop_everywhere("panics", 3, make);
    }
    drop_everywhere("bomb part", 3, || bomb_part((loud("a"), Bomb("1"), loud("b"))));
    drop_everywhere("bomb moved", 3, || bomb_moved((loud("a"), Bomb("2")), loud("after")));
    drop_everywhere("bomb first", 2, || bomb_first((Bomb("3"), loud("a")), State(loud("b"))));
    let tasks = || (task("1", 1), task("2", 1), task("rest", 1));
    drop_everywhere("awaited", 5, || awaited_parts(tasks(), State(task("3", 1))));
    let parts = || ("text".to_owned(), [1, 2, 3]);
    drop_everywhere("borrowing", 3, || borrowing_parts(parts(), State(large("o"))));
    let parts = || (large("first"), Filled::new(3), large("rest"));
    let make = || large_parts(parts(), State((large("third"), 9)));
    println!("{:x}", block_on(make()));
    drop_everywhere("large", 4, make);
}
