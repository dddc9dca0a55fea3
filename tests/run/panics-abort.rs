//! A destructor that panics while another panic unwinds ends the program, after the same events, with
//! the same message and the same signal. Each case is a process of its own.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use std::process::Command;
use support::*;

/// Panics whenever it is dropped.
struct Always(&'static str);

impl Drop for Always {
    fn drop(&mut self) {
        println!("    drop {}", self.0);
        panic!("always {}", self.0);
    }
}

async fn both_captured(_a: Loud, _first: Always, _b: Loud, _second: Always, _c: Loud) {
    wait().await;
}

async fn body_and_capture(_a: Loud, _first: Always, b: Loud) {
    wait().await;
    panic!("body with {}", b.name());
}

fn block(a: Loud, first: Always, second: Always, b: Loud) -> impl Future<Output = usize> {
    async move {
        let moved = second;
        wait().await;
        a.name().len() + moved.0.len() + first.0.len() + b.name().len()
    }
}

async fn awaited_and_capture(a: Loud, first: Always) {
    both_captured(a, first, loud("b"), Always("second"), loud("c")).await;
}

async fn on_a_condition(a: Loud, first: Always, second: Always) {
    if a.name() == "a" {
        drop(a);
        wait().await;
        drop(first);
    }
    wait().await;
    drop(second);
}

fn both() -> impl Future<Output = ()> {
    both_captured(loud("a"), Always("first"), loud("b"), Always("second"), loud("c"))
}

/// The cases: drops before the first poll, at the suspension, at the end, and panics in the body.
const CASES: &[(&str, fn())] = &[
    ("dropped before its first poll", || drop(both())),
    ("cancelled", || poll_and_drop("cancelled", 1, both())),
    ("run to its end", || block_on(both())),
    ("panic in the body", || {
        block_on(body_and_capture(loud("a"), Always("first"), loud("b")));
    }),
    ("block, dropped before its first poll", || {
        drop(block(loud("a"), Always("first"), Always("second"), loud("b")));
    }),
    ("block, cancelled", || {
        poll_and_drop("block", 1, block(loud("a"), Always("first"), Always("second"), loud("b")));
    }),
    ("awaited, cancelled", || {
        poll_and_drop("awaited", 1, awaited_and_capture(loud("a"), Always("first")));
    }),
    ("on a condition", || {
        block_on(on_a_condition(loud("a"), Always("first"), Always("second")));
    }),
    ("on no condition", || {
        poll_and_drop("x", 1, on_a_condition(loud("x"), Always("first"), Always("second")));
    }),
    ("resumed after a panic", || {
        quiet();
        poll_and_drop("again", 3, body_and_capture(loud("a"), Always("first"), loud("b")));
    }),
];

fn main() {
    if let Some(case) = std::env::args().nth(1) {
        return CASES[case.parse::<usize>().unwrap()].1();
    }
    let program = std::env::current_exe().unwrap();
    for (index, (name, _)) in CASES.iter().enumerate() {
        let mut child = Command::new(&program);
        let output = child.arg(index.to_string()).env("RUST_BACKTRACE", "0").output().unwrap();
        println!("{name}: {}", output.status);
        print!("{}", String::from_utf8_lossy(&output.stdout));
        // Without the number of the thread, and whatever follows a double panic.
        for line in String::from_utf8_lossy(&output.stderr).lines() {
            if line.starts_with("always") || line.starts_with("body") {
                println!("  says: {line}");
            }
        }
    }
}
