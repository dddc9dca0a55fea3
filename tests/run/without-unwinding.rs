//! Without unwinding (`-Cpanic=abort`): no cleanup, no drop ladders for it, and the same drops otherwise. A
//! panic, in a process of its own, ends it at once.
//@ edition: 2024
//@ run-pass
//@ compile-flags: -Cpanic=abort

mod support;
use std::process::Command;
use support::*;

struct Pair {
    left: Loud,
    right: Loud,
}

fn pair() -> Pair {
    Pair { left: loud("left"), right: loud("right") }
}

async fn parts(Pair { left, right }: Pair, other: (Loud, Loud), which: u8) -> Loud {
    wait().await;
    match which {
        0 => drop(left),
        1 => return right,
        2 => panic!("with {}", other.0.name()),
        _ => {
            let moved = (left, other.1);
            wait().await;
            drop(moved.1);
            wait().await;
        }
    }
    wait().await;
    other.0
}

fn captured(mut slot: Option<Loud>, pair: Pair, list: Vec<Loud>) -> impl Future<Output = usize> {
    async move {
        for value in list {
            wait().await;
            if let Some(old) = slot.replace(value) {
                println!("    old {}", old.name());
            }
        }
        let Pair { left, .. } = pair;
        wait().await;
        left.name().len()
    }
}

async fn awaits(future: impl Future<Output = Loud>, after: Loud, early: bool) -> usize {
    let value = future.await;
    if early {
        return value.name().len();
    }
    let inner = async move {
        wait().await;
        drop(after);
        wait().await;
    };
    inner.await;
    value.name().len()
}

fn parts_of(which: u8) -> impl Future<Output = Loud> {
    parts(pair(), (loud("x"), loud("y")), which)
}

fn main() {
    if std::env::args().nth(1).is_some() {
        drop_everywhere("panics", 4, || parts_of(2));
        return;
    }
    for which in [0, 1, 3] {
        drop_everywhere("parts", 5, || parts_of(which));
        drop_everywhere("awaits", 6, || awaits(parts_of(which), loud("after"), which == 0));
    }
    drop_everywhere("captured", 4, || {
        captured(Some(loud("slot")), pair(), vec![loud("1"), loud("2")])
    });
    let program = std::env::current_exe().unwrap();
    let output = Command::new(program).arg("panic").output().unwrap();
    println!("{}\n{}", output.status, String::from_utf8_lossy(&output.stdout));
}
