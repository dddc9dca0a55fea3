//! Panics in bodies and in destructors: what has not been dropped still is, once and in order.
//@ edition: 2024
//@ run-pass

mod support;
use support::*;

async fn in_body(a: Loud, b: Loud, at: u32) {
    let local = loud("local");
    for step in 0..3 {
        if step == at {
            panic!("step {step}");
        }
        wait().await;
    }
    drop(a);
    if at == 3 {
        panic!("late, with {}", local.name());
    }
    wait().await;
    drop(b);
}

/// A destructor that panics while the coroutine unwinds would abort; here it panics while the
/// coroutine ends or is cancelled.
async fn bomb_first(_bomb: Bomb, _a: Loud, _b: Loud) {
    wait().await;
    let _local = loud("local");
    wait().await;
}

async fn bomb_between(_a: Loud, _bomb: Bomb, _b: Loud) {
    wait().await;
}

async fn bomb_moved(a: Loud, bomb: Bomb, b: Loud) {
    wait().await;
    drop(bomb);
    wait().await;
    drop((a, b));
}

fn bomb_in_block(a: Loud, bomb: Bomb, b: Loud) -> impl Future<Output = ()> {
    async move {
        wait().await;
        let moved = bomb;
        wait().await;
        println!("    {} {} {}", a.name(), b.name(), moved.0);
        wait().await;
    }
}

fn unused_captures(a: Loud, bomb: Bomb, b: Loud) -> impl Future<Output = ()> {
    async move {
        let _all = (&a, &bomb, &b);
    }
}

async fn conditionally(a: Loud, bomb: Bomb, b: Loud, condition: bool) {
    if condition {
        let _here = bomb;
        wait().await;
    }
    wait().await;
    drop(a);
    wait().await;
    drop(b);
}

async fn awaiting(a: Loud, b: Loud) {
    in_body(a, loud("inner"), 1).await;
    drop(b);
}

fn main() {
    quiet();
    for at in 0..5 {
        drop_everywhere("in body", 5, || in_body(loud("a"), loud("b"), at));
    }
    drop_everywhere("bomb first", 3, || bomb_first(Bomb("1"), loud("a"), loud("b")));
    drop_everywhere("bomb between", 2, || bomb_between(loud("a"), Bomb("2"), loud("b")));
    drop_everywhere("bomb moved", 3, || bomb_moved(loud("a"), Bomb("3"), loud("b")));
    drop_everywhere("bomb in block", 4, || bomb_in_block(loud("a"), Bomb("4"), loud("b")));
    drop_everywhere("unused", 2, || unused_captures(loud("a"), Bomb("5"), loud("b")));
    for condition in [false, true] {
        let make = || conditionally(loud("a"), Bomb("6"), loud("b"), condition);
        drop_everywhere("conditionally", 4, make);
    }
    drop_everywhere("awaiting", 3, || awaiting(loud("a"), loud("b")));
}
