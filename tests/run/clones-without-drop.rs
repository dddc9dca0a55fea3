//! Clones of coroutines that capture values without destructors whose `Clone` can be seen: stock clones them
//! in every state, also when they are no longer used, and nothing is wrong with that.
//@ edition: 2024
//@ run-pass
#![feature(coroutines, coroutine_trait, coroutine_clone, stmt_expr_attributes)]

mod support;
use std::ops::{Coroutine, CoroutineState};
use std::pin::Pin;
use support::*;

/// `Copy`, and cloned in its own way.
struct Tag(u32);

impl Copy for Tag {}

impl Clone for Tag {
    fn clone(&self) -> Tag {
        println!("    clone tag {}", self.0);
        Tag(self.0)
    }
}

/// Neither `Copy` nor with a destructor.
struct Plain([u32; 20]);

impl Clone for Plain {
    fn clone(&self) -> Plain {
        println!("    clone plain {}", self.0[19]);
        Plain(self.0.map(|number| number + 1))
    }
}

/// Captured as a whole, although only a part is used.
#[repr(packed)]
struct Packed(u8, Tag, u32);

impl Clone for Packed {
    fn clone(&self) -> Packed {
        println!("    clone packed {}", { self.2 });
        Packed(self.0, self.1, self.2 + 1)
    }
}

fn clone_everywhere<C>(what: &str, resumes: usize, make: impl Fn() -> C)
where
    C: Coroutine<(), Yield = u32, Return = u32> + Unpin + Clone,
{
    for resumes in 0..=resumes {
        println!("{what}, cloned after {resumes} resumes");
        let mut original = make();
        for _ in 0..resumes {
            let _ = Pin::new(&mut original).resume(());
        }
        let mut clone = original.clone().clone();
        drop(original);
        while let CoroutineState::Yielded(value) = Pin::new(&mut clone).resume(()) {
            println!("  {value}");
        }
    }
}

/// The bound says that there is no destructor.
fn generic<T: Copy>(value: T, number: fn(T) -> u32) -> impl Coroutine<(), Yield = u32, Return = u32> + Unpin + Clone {
    #[coroutine]
    move || {
        let copied = value;
        yield number(copied);
        yield 2;
        3
    }
}

fn main() {
    clone_everywhere("used at first", 3, || {
        let (tag, packed, name) = (Tag(1), Packed(2, Tag(3), 4), String::from("name"));
        #[coroutine]
        move || {
            let copied = tag;
            yield copied.0 + packed.2 + name.len() as u32;
            let local = [Tag(5); 2];
            yield local[1].0;
            yield 6;
            7
        }
    });
    clone_everywhere("between others", 2, || {
        let (a, b, c) = (loud("a").name().len(), Tag(8), (Tag(9), [Tag(10); 2]));
        #[coroutine]
        move || {
            yield b.0 + a as u32;
            let big = [7u32; 100];
            yield big[99] + (c.1)[1].0;
            11
        }
    });
    clone_everywhere("moved", 2, || {
        let plain = Plain([12; 20]);
        #[coroutine]
        move || {
            yield plain.0[3];
            let moved = plain;
            yield moved.0[4];
            13
        }
    });
    clone_everywhere("closures", 2, || {
        let tag = Tag(14);
        let closure = move || tag.0;
        #[coroutine]
        move || {
            let number = closure();
            yield number;
            yield 15;
            16
        }
    });
    clone_everywhere("generic", 2, || generic(Tag(17), |tag| tag.0));
    clone_everywhere("generic, without a trace", 2, || generic([18u8; 50], |bytes| bytes[49] as u32));
}
