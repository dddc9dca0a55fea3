//! Places without a size known to the compiler: slices, strings, trait objects and structs that end in one, behind
//! captured references and boxes; borrowed, matched, indexed, written and dropped across awaits; and
//! futures that are unsized themselves.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use std::any::Any;
use std::fmt::Debug;
use std::pin::Pin;
use std::rc::Rc;
use support::trace::*;

/// A tail that is a slice, a string or an object, behind sized fields.
#[derive(Debug)]
struct Tail<T: ?Sized> {
    head: Traced,
    number: u32,
    tail: T,
}

fn tail<T>(tail: T) -> Tail<T> {
    Tail { head: traced("head"), number: 2, tail }
}

/// The tail is over-aligned: where it starts depends on the value.
#[derive(Debug)]
#[repr(align(64))]
struct Wide(Traced);

trait Shows: Debug {
    fn show(&self) -> u32;
    fn change(&mut self);
}

impl Shows for Wide {
    fn show(&self) -> u32 {
        let address = std::hint::black_box(std::ptr::from_ref(self)).addr();
        say!("@{}", address % 64);
        self.0.look()
    }
    fn change(&mut self) {
        self.0.rename("changed");
    }
}

impl Shows for Traced {
    fn show(&self) -> u32 {
        self.look()
    }
    fn change(&mut self) {
        self.rename("small");
    }
}

async fn slice_tail(mut boxed: Box<Tail<[Traced]>>, index: usize) -> u32 {
    let tail = &boxed.tail;
    pause().await;
    let sum = tail[index].look() + tail.len() as u32;
    let Tail { head, number, tail: [first, .., last] } = &mut *boxed else { return 0 };
    pause().await;
    head.rename("h");
    *number += 1;
    std::mem::swap(first, last);
    pause().await;
    boxed.tail[index] = traced("new");
    pause().await;
    sum + boxed.number
}

async fn object_tail(mut boxed: Box<Tail<dyn Shows>>, replace: bool) -> u32 {
    let sum = boxed.tail.show();
    pause().await;
    boxed.tail.change();
    let (head, tail) = (&mut boxed.head, &boxed.tail);
    pause().await;
    head.rename("h");
    let more = tail.show();
    if replace {
        boxed = Box::new(super_small());
        pause().await;
    }
    sum + more + boxed.number
}

fn super_small() -> Tail<Traced> {
    tail(traced("replacement"))
}

async fn string_tail(shared: Rc<Tail<str>>, reference: &Tail<[u8]>) -> usize {
    let also = shared.clone();
    let text = &also.tail;
    pause().await;
    drop(shared);
    let bytes = &reference.tail[1..];
    pause().await;
    reference.head.look();
    text.len() + bytes.len() + also.number as usize
}

async fn strings(value: Traced) -> usize {
    let own = tail([1, 2, 3]);
    let shared: Rc<Tail<str>> = unsafe {
        // The layouts of `Tail<[u8]>` and `Tail<str>` are one.
        let bytes: Rc<Tail<[u8]>> = Rc::new(Tail { head: value, number: 3, tail: *b"text" });
        std::mem::transmute(bytes)
    };
    string_tail(shared, &own).await
}

fn captured(mut objects: Vec<Box<dyn Shows>>, mut any: Box<dyn Any>) -> impl Future<Output = u32> {
    async move {
        let mut sum = 0;
        for object in &mut objects {
            object.change();
            pause().await;
            sum += object.show();
        }
        if let Some(value) = any.downcast_mut::<Tail<Traced>>() {
            value.tail.rename("any");
            pause().await;
            sum += value.tail.look();
        }
        let last = objects.pop();
        drop(objects);
        pause().await;
        sum + last.map_or(0, |last| last.show())
    }
}

async fn slices(mut list: Box<[Traced]>, text: Box<str>, range: std::ops::Range<usize>) -> u32 {
    let part = &mut list[range.clone()];
    pause().await;
    part[0].rename("first");
    let (left, right) = part.split_at_mut(1);
    pause().await;
    std::mem::swap(&mut left[0], &mut right[0]);
    let sum = match &*list {
        [] => 0,
        [one] => one.look(),
        [first, rest @ ..] if rest.len() > 1 => {
            pause().await;
            first.look() + rest[1].look()
        }
        [_, ..] => 100,
    };
    let mut list = list.into_vec();
    pause().await;
    list.drain(range);
    sum + text[1..].len() as u32
}

type Object<'a> = Pin<Box<dyn Future<Output = u32> + 'a>>;

/// An unsized future behind several kinds of pointers, awaited in parts.
async fn objects(mut first: Object<'_>, second: &mut (dyn Future<Output = u32> + Unpin), rest: Vec<Object<'_>>) -> u32 {
    let mut sum = second.await;
    if support::poll(first.as_mut()).is_pending() {
        pause().await;
        sum += first.await;
    }
    for future in rest {
        sum += future.await;
        pause().await;
    }
    sum
}

async fn own_objects(value: Traced) -> u32 {
    let borrowed = traced("borrowed");
    let step = |name| Box::pin(async move {
        let own = traced(name);
        pause().await;
        own.look()
    });
    let mut second = Box::pin(async {
        pause().await;
        borrowed.look()
    });
    let sum = objects(step("first"), &mut second, vec![step("third"), step("fourth")]).await;
    sum + value.look()
}

fn three() -> [Traced; 3] {
    [traced("0"), traced("1"), traced("2")]
}

fn main() {
    support::quiet();
    everywhere! {
        slice_tail(Box::new(tail(three())), 1),
        object_tail(Box::new(tail(traced("tail"))), false),
        object_tail(Box::new(tail(Wide(traced("wide")))), false),
        object_tail(Box::new(tail(Wide(traced("wide")))), true),
        strings(traced("value")),
        captured(vec![Box::new(traced("x")), Box::new(Wide(traced("y")))], Box::new(super_small())),
        slices(Box::new(three()), "text".into(), 0..2),
        own_objects(traced("value")),
    }
}
