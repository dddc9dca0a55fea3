//! Coroutines of every kind from a crate that was optimised differently: generic and inlined here, or compiled
//! there; with values, closures, futures and services from here; cut off at every step.
//@ edition: 2024
//@ run-pass
//@ aux-build: kinds_upstream.rs
#![feature(async_iterator, coroutine_trait, coroutine_clone)]

extern crate kinds_upstream;
mod support;
#[path = "support/drive.rs"]
mod drive;
use std::sync::atomic::Ordering;
use kinds_upstream::*;
use support::tasks::*;
use support::*;

impl std::fmt::Debug for Loud {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{}>", self.name())
    }
}

impl Clone for Loud {
    fn clone(&self) -> Loud {
        println!("    clone {}", self.name());
        loud(&format!("{}'", self.name()))
    }
}

struct Here(Loud);

impl Service for Here {
    type Answer = usize;
    async fn call(&self, question: String) -> usize {
        let length = question.len();
        println!("    asked {question}");
        pause().await;
        length
    }
}

fn futures() {
    drive::futures("plain", 3, || plain(5, [6; 40], "text".to_owned()));
    drive::futures("inlined", 4, || inlined(loud("value"), (loud("a"), loud("b")), 2));
    drive::futures("inlined, other type", 3, || inlined([1u8; 7], ([2; 7], [3; 7]), 1));
    drive::futures("in each other", 8, || {
        let outer = loud("outer");
        let inner = always(inlined(loud("value"), (loud("a"), loud("b")), 1), loud("after"));
        async move {
            let held = loud("held");
            let (result, after) = always(inner, 5u8).await;
            drop(held);
            (result, after, outer.name().len())
        }
    });
    drive::futures("task", 4, || always(task("task", 2), [loud("x"), loud("y")]));
    drive::futures("panicking task", 3, || always(panicking_task("task", 1), loud("after")));
    share([3; 40]);
    let shared = SHARED.lock().unwrap().take().unwrap();
    println!("{}", std::thread::spawn(|| block_on(shared)).join().unwrap());
}

fn closures_and_services() {
    drive::futures("closures", 6, || {
        let captured = loud("captured");
        async move {
            let mut seen = vec![];
            let each = async |value: &Loud| {
                seen.push(value.name().len());
                wait().await;
                seen.len()
            };
            let last = async move |all: Vec<usize>| {
                wait().await;
                drop(captured);
                loud(&format!("{all:?}"))
            };
            closures(each, last, loud("a")).await.name().to_owned()
        }
    });
    drive::futures("counter", 4, || async {
        let mut counter = counter(loud("counter"));
        let first = counter(1).await;
        drop(counter(100));
        first + &counter(2).await
    });
    drive::futures("counter, once", 2, || async {
        async fn once(f: impl AsyncFnOnce(u32) -> String) -> String {
            f(7).await
        }
        once(counter(loud("counter"))).await
    });
    drive::futures("service", 4, || async {
        let here = Here(loud("service"));
        let both = here.twice("question".to_owned()).await;
        (both, here.0.name().len())
    });
    drive::futures("erased service", 3, || async {
        let here = Here(loud("service"));
        erased(&here, "question".to_owned()).await
    });
}

fn other_kinds() {
    drive::iterators("gen", 4, || gen_of(vec![loud("a"), loud("b")], loud("guard")));
    drive::async_iterators("async gen", 4, || async_gen_of(loud("value"), loud("other")));
    drive::coroutines("coroutine", 3, || coroutine(loud("value")), |i| loud(&format!("argument {i}")));
    let original = coroutine(loud("value"));
    let copies = [original.clone(), original];
    for copy in copies {
        drive::coroutines("copies", 1, || copy.clone(), |i| loud(&format!("argument {i}")));
    }
}

fn main() {
    quiet();
    futures();
    closures_and_services();
    other_kinds();
    println!("{} polls", POLLS.load(Ordering::Relaxed));
}
