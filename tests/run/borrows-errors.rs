//! Borrows and moves that are wrong, in closures, generators and coroutines: stock's errors and warnings.
//! (Those of async fns and blocks: hazard-10-errors.rs.)
//@ edition: 2024
//@ check-fail
#![feature(gen_blocks, async_iterator, coroutines, coroutine_trait, stmt_expr_attributes)]

use std::future::ready;
use std::ops::Coroutine;
use std::pin::Pin;

fn forever<T: 'static>(_: T) {}

fn not_long_enough() {
    let local = String::from("local");
    forever(async { ready(local.len()).await });
    forever(async || ready(local.len()).await);
    forever(gen { yield local.len() });
    forever(#[coroutine] || yield local.len());
}

fn called_twice() {
    let text = String::from("text");
    let consuming = async move || {
        ready(()).await;
        drop(text);
    };
    drop(consuming());
    drop(consuming());
}

fn lent_twice() {
    let mut count = 0;
    let mut counting = async || {
        count += 1;
        ready(()).await;
    };
    let (one, two) = (counting(), counting());
    drop((one, two));
    count += 1;
    drop(counting);
}

fn moved_by_kind() {
    let (a, b, c, d) = (String::new(), String::new(), String::new(), String::new());
    let _gen = gen move { yield a.len() };
    let _block = async { drop(b) };
    let _closure = async || ready(c.len()).await;
    let _coroutine = #[coroutine] move || { yield d.len(); };
    println!("{a} {b} {c} {d}");
}

fn borrowed_across_yields() {
    let mut movable = #[coroutine] || {
        let local = [1, 2];
        for number in &local {
            yield *number;
        }
    };
    let _ = Pin::new(&mut movable).resume(());
    let numbers = gen {
        let text = String::from("text");
        let slice = &text[1..];
        yield slice.len();
        yield slice.len() + 1;
    };
    drop(numbers);
}

fn captured_in_part() {
    let mut pair = (String::from("a"), String::from("b"));
    let future = async {
        pair.0.push('c');
        ready(()).await;
        drop(pair.1);
    };
    println!("{} {}", pair.0, pair.1);
    drop(future);
}

fn argument_kept() {
    let mut kept: Option<&String> = None;
    let mut coroutine = #[coroutine] |argument: &String| {
        kept = Some(argument);
        yield ();
    };
    let text = String::from("text");
    let _ = Pin::new(&mut coroutine).resume(&text);
}

fn unused() {
    let mut never_written = 1;
    let unused_capture = async move || {
        let needless = never_written;
        ready(()).await;
    };
    let mut assigned = 2;
    let _ = async move {
        assigned = 3;
        ready(()).await;
    };
}

fn main() {}
