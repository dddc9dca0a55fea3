//! rust-lang/rust #144155, the other half: destructors of captures look at what they borrow, so
//! they must run while it is alive, and in the order that borrowck has seen, wherever the coroutine
//! is dropped.
//@ edition: 2024
//@ run-pass
//@ aux-build: trap_144155.rs

extern crate trap_144155 as upstream;
mod support;
use support::*;
use upstream::Looks;

/// Reads the variable that it borrows, and changes it for those that are dropped later.
struct Changes<'a>(&'a std::cell::Cell<u32>, u32);

impl Drop for Changes<'_> {
    fn drop(&mut self) {
        println!("    drop {}, {} before", self.1, self.0.replace(self.1));
    }
}

async fn borrowed(text: String, number: u32) -> usize {
    let looks = Looks(&text);
    let cell = std::cell::Cell::new(number);
    let first = Changes(&cell, 1);
    wait().await;
    let second = Changes(&cell, 2);
    let inner = async move {
        let first = first;
        wait().await;
        drop(first);
        wait().await;
        drop(second);
        looks.0.len()
    };
    inner.await
}

fn outside(polls: u32) {
    let cell = std::cell::Cell::new(10);
    let text = String::from("outside");
    let (first, second, looks) = (Changes(&cell, 11), Changes(&cell, 12), Looks(&text));
    poll_and_drop("outside", polls, async move {
        let kept = second;
        wait().await;
        drop(looks);
        wait().await;
        drop(kept);
        wait().await;
        drop(first);
    });
    println!("  {}", cell.get());
}

fn main() {
    for polls in 0..5 {
        outside(polls);
    }
    drop_everywhere("borrowed", 5, || borrowed("text".to_owned(), 5));
    let (a, b) = (String::from("a"), String::from("b"));
    for polls in 0..2 {
        poll_and_drop("upstream", polls, upstream::keep(Looks(&a)));
        poll_and_drop("upstream generic", polls, upstream::keep_any((Looks(&a), Looks(&b))));
        poll_and_drop("upstream block", polls, upstream::keep_in_block(Looks(&a), Looks(&b)));
    }
}
