//! Over-aligned, zero-sized and uninhabited captures.
//@ edition: 2024
//@ run-pass
#![feature(never_type)]

mod support;
use std::convert::Infallible;
use std::mem::{align_of_val, size_of};
use support::*;

#[repr(align(64))]
#[derive(Clone, Copy)]
struct Line([u8; 3]);

#[repr(align(4096))]
struct Page(u8);

#[derive(Clone, Copy)]
struct Nothing;

#[repr(align(32))]
struct AlignedNothing;

impl Drop for Nothing2 {
    fn drop(&mut self) {
        println!("    drop nothing");
    }
}
struct Nothing2;

fn aligned<T>(what: &str, value: &T) {
    let address = std::ptr::from_ref(value).addr();
    println!("    {what} is aligned: {}", address.is_multiple_of(align_of_val(value)));
}

async fn lines(a: Line, byte: u8, page: Page, n: Nothing, b: Line, _: AlignedNothing) {
    aligned("a", &a);
    wait().await;
    let own = Line([byte; 3]);
    aligned("page", &page);
    aligned("own", &own);
    wait().await;
    aligned("b", &b);
    aligned("n", &n);
    println!("    {:?} {:?} {:?} {} {byte}", a.0, b.0, own.0, page.0);
}

async fn nothings(first: Nothing2, aligned_nothing: AlignedNothing, second: Nothing2) {
    wait().await;
    aligned("nothing", &aligned_nothing);
    drop(second);
    wait().await;
    drop(first);
    wait().await;
}

async fn never(number: u32, never: Option<Infallible>, loud: Loud) -> u32 {
    wait().await;
    if let Some(never) = never {
        wait().await;
        match never {}
    }
    println!("    {}", loud.name());
    number
}

async fn uninhabited(_never: !, _loud: Loud) {
    wait().await;
}

fn packed() {
    #[repr(C, packed)]
    #[derive(Clone, Copy)]
    struct Packed {
        byte: u8,
        word: u64,
    }
    let packed = Packed { byte: 1, word: 2 };
    let future = async move {
        let word = packed.word;
        wait().await;
        let byte = packed.byte;
        wait().await;
        println!("    {word} {byte} {}", { packed.word });
    };
    block_on(future);
}

fn result_size<A, B, R>(_: fn(A, B) -> R) -> usize {
    size_of::<Option<R>>() - size_of::<R>()
}

fn main() {
    let make = || lines(Line([1; 3]), 2, Page(3), Nothing, Line([4; 3]), AlignedNothing);
    println!("alignment {}", align_of_val(&make()));
    block_on(make());
    let mut boxed = Box::pin(make());
    while poll(boxed.as_mut()).is_pending() {}
    drop_everywhere("nothings", 4, || nothings(Nothing2, AlignedNothing, Nothing2));
    drop_everywhere("never", 2, || never(5, None, loud("beside never")));
    println!("room in an Option of an uninhabited future: {}", result_size(uninhabited));
    packed();
}
