//! Values moved out of captured boxes: whole, in parts, on conditions, in patterns, and put back. The box's memory
//! goes when the box does, with or without its value.
//@ edition: 2024
//@ run-pass
#![feature(allocator_api, box_patterns)]

#[macro_use]
mod support;
use std::alloc::{AllocError, Allocator, Global, Layout};
use std::ptr::NonNull;
use support::trace::*;

/// Says when a box gives its memory back.
struct Memory(&'static str);

unsafe impl Allocator for Memory {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        Global.allocate(layout)
    }

    unsafe fn deallocate(&self, pointer: NonNull<u8>, layout: Layout) {
        say!("free {}", self.0);
        unsafe { Global.deallocate(pointer, layout) }
    }
}

type In<T> = Box<T, Memory>;

fn boxed<T>(value: T, memory: &'static str) -> In<T> {
    Box::new_in(value, Memory(memory))
}

struct Pair {
    left: Traced,
    right: Traced,
}

fn pair() -> Pair {
    Pair { left: traced("left"), right: traced("right") }
}

async fn whole(value: In<Traced>, condition: bool) {
    pause().await;
    if condition {
        let value = *value;
        pause().await;
        value.look();
    }
    pause().await;
}

async fn parts(mut value: In<Pair>, which: u8) {
    match which {
        0 => drop(value.left),
        1 => {
            let right = value.right;
            pause().await;
            drop(value.left);
            right.look();
        }
        2 => {
            drop(value.right);
            pause().await;
            value.right = traced("back");
        }
        3 => {
            drop(*value);
            pause().await;
            *value = pair();
        }
        _ => value.left.rename("kept"),
    }
    pause().await;
}

fn captured(value: In<(Traced, In<Traced>)>, condition: bool) -> impl Future<Output = ()> {
    async move {
        pause().await;
        if condition {
            let inner = *value.1;
            pause().await;
            eat(inner);
        } else {
            let (outer, inner) = *value;
            pause().await;
            drop(inner);
            outer.look();
        }
        pause().await;
    }
}

async fn patterns(
    box (a, _, box c): Box<(Traced, Traced, Box<Traced>)>,
    box Pair { left, .. }: Box<Pair>,
) {
    pause().await;
    drop(c);
    left.look();
    pause().await;
    a.look();
}

async fn borrowed(mut value: In<Pair>, array: In<[Traced; 2]>) -> u32 {
    let Pair { left, right } = &mut *value;
    pause().await;
    left.rename("l");
    std::mem::swap(left, right);
    pause().await;
    let sum = value.left.look() + array[1].look();
    let [first, second] = *array;
    pause().await;
    drop(second);
    sum + first.look()
}

enum List {
    Nil,
    Cons(Traced, In<List>),
}

async fn taken_apart(mut list: List) {
    while let List::Cons(value, rest) = list {
        pause().await;
        list = *rest;
        value.look();
    }
}

async fn into_futures(value: Box<Traced>, future: Box<impl Future<Output = Traced>>) -> (Traced, Traced) {
    let result = (*future).await;
    pause().await;
    (*value, result)
}

async fn unsized_values(mut any: Box<dyn std::any::Any>, function: Box<dyn FnOnce(Traced) -> u32>) -> u32 {
    pause().await;
    if let Some(value) = any.downcast_mut::<Traced>() {
        value.rename("any");
    }
    pause().await;
    let value = *any.downcast::<Traced>().unwrap();
    pause().await;
    function(value)
}

fn list() -> List {
    let end = List::Cons(traced("y"), boxed(List::Nil, "nil"));
    List::Cons(traced("x"), boxed(end, "end"))
}

fn function(kept: Traced) -> Box<dyn FnOnce(Traced) -> u32> {
    Box::new(move |value| value.look() + kept.look())
}

fn main() {
    support::quiet();
    for which in 0..5 {
        everywhere!(parts(boxed(pair(), "memory"), which));
    }
    everywhere! {
        whole(boxed(traced("value"), "memory"), true),
        whole(boxed(traced("value"), "memory"), false),
        captured(boxed((traced("outer"), boxed(traced("inner"), "small")), "large"), true),
        captured(boxed((traced("outer"), boxed(traced("inner"), "small")), "large"), false),
        patterns(Box::new((traced("a"), traced("b"), Box::new(traced("c")))), Box::new(pair())),
        borrowed(boxed(pair(), "pair"), boxed([traced("0"), traced("1")], "array")),
        taken_apart(list()),
        into_futures(Box::new(traced("v")), Box::new(async { pause().await; traced("result") })),
        unsized_values(Box::new(traced("v")), function(traced("kept"))),
    }
}
