//! The final crate. It prints what all futures answer and how large they are, and panics where the
//! three crates disagree.

#![allow(dead_code)]

use std::pin::pin;
use std::task::Poll;

extern crate glue;

use glue::store;
use store::{Embedded, Loud, finish, poll_once};

fn main() {
    sizes();
    answers();
    structs();
    dropped_half_way();
}

fn answers() {
    println!("{}", finish(store::hold([3; 1024])));
    println!("{:?}", finish(store::generic([7u16; 70], 4))[3][69]);
    println!("{:?}", finish(store::generic(String::from("text"), 2)));
    println!("{}", finish(store::returned([9u32; 40]))[39]);
    println!("{}", finish(store::without_captures()));
    println!("{}", finish(glue::both([4; 1024])));
    println!("{:?}", finish(glue::around(glue::around(store::hold([6; 1024])))).0.0);
    println!("{}", finish(glue::returned())[2][69]);
    println!("{}", finish(store::call(glue::closure())));
    println!("{}", finish(store::call(store::closure([1, 2, 3, 4]))));
    println!("{:?}", store::row(40).map(finish));
    println!("{:?}", glue::row().map(finish));
}

/// Made here, moved, polled once, and handed over to the crate that it comes from; and the other way.
fn structs() {
    let Embedded { before, future, after } = store::embedded([1, 2, 3, 4, 5, 6]);
    println!("{before} {} {after}", finish(future));
    let Embedded { before, future, after } = glue::embedded([1, 2, 3, 4, 5, 6]);
    println!("{before} {} {after}", finish(future));
    println!("{:?}", store::finish_named(glue::passed_on([1, 2, 3, 4, 5, 6, 7, 8, 9])));
    let here = Embedded { before: 7, future: store::named([20; 9]), after: 8 };
    println!("{:?}", store::finish_named(here));
    println!("{}", finish(store::boxed(String::from("from afar"))));
    let text = String::from("from here");
    let ours = async {
        let kept = text.as_str();
        store::hold([1; 1024]).await;
        kept.len()
    };
    let size = size_of_val(&ours);
    assert_eq!(store::finish_boxed(Box::pin(ours)), (size, text.len()));
}

fn dropped_half_way() {
    for polls in 0..4 {
        println!("{polls} polls");
        let mut future = pin!(glue::around(store::guarded(Loud("first"), Loud("second"))));
        let ready = (0..polls).any(|_| poll_once(future.as_mut()).is_ready());
        println!("{}", if ready { "ready" } else { "pending" });
    }
    let mut future = Box::pin(store::guarded(Loud("one"), Loud("two")));
    assert_eq!(poll_once(future.as_mut()), Poll::Pending);
}

fn sizes() {
    let in_store = store::sizes!();
    assert_eq!(in_store, store::sizes());
    assert_eq!(in_store, glue::sizes_in_store());
    let in_glue = glue::sizes!();
    assert_eq!(in_glue, glue::sizes());
    for (name, size) in in_store.iter().chain(&in_glue) {
        println!("size of {name}: {size}");
    }
}

#[test]
fn everything() {
    main();
}
