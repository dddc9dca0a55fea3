//! rust-lang/rust #144155: what a coroutine captures was not needed alive for the coroutine's drop
//! when nothing inside it needs to be dropped, so safe code could free what a captured destructor
//! looks at. Stock 1.95 reports errors, of its own bodies and of those of other crates; under Snug,
//! which moves captures into the body, the same ones.
//@ edition: 2024
//@ check-fail
//@ aux-build: trap_144155.rs
#![feature(coroutines, stmt_expr_attributes)]

extern crate trap_144155 as upstream;
use upstream::Looks;

fn block() {
    let text = String::from("text");
    let looks = Looks(&text);
    let _future = async {
        std::future::ready(()).await;
        drop(looks);
    };
    drop(text);
}

fn never_used() {
    let text = String::from("text");
    let looks = Looks(&text);
    let _future = async move {
        let _ = &looks;
    };
    drop(text);
}

fn parameter() {
    async fn keep(_: Looks<'_>) {}
    let text = String::from("text");
    let _future = keep(Looks(&text));
    drop(text);
}

fn coroutine() {
    let text = String::from("text");
    let looks = Looks(&text);
    let _coroutine = #[coroutine]
    move || {
        yield 1;
        drop(looks);
    };
    drop(text);
}

fn closure() {
    let text = String::from("text");
    let looks = Looks(&text);
    let closure = async move || drop(looks);
    let _future = closure();
    drop(text);
}

fn of_another_crate() {
    let text = String::from("text");
    let _future = upstream::keep(Looks(&text));
    drop(text);
}

fn generic_of_another_crate() {
    let text = String::from("text");
    let _future = upstream::keep_any(Looks(&text));
    drop(text);
}

/// No error: references have no destructor.
fn without_destructor() {
    let text = String::from("text");
    let reference = &text;
    let _other = async move {
        std::future::ready(()).await;
        println!("{reference}");
    };
    drop(text);
}

fn main() {}
