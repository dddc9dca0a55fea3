//! Alignments from 1 to 4096: captured, as argument, as part of a pattern, saved across awaits, returned,
//! awaited, borrowed; each among small values. Addresses and bytes are checked wherever they are looked at.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use std::pin::Pin;
use std::task::{Context, Poll};
use support::trace::*;

/// What all the types below have in common.
trait Aligned: Sized {
    const ALIGNMENT: usize;
    fn make(name: &'static str) -> Self;
    fn traced(&self) -> &Traced<3>;

    /// Checks the address, which the optimizer must not know.
    fn look(&self) -> u32 {
        let address = std::hint::black_box(std::ptr::from_ref(self)).addr();
        say!("{}@{}", Self::ALIGNMENT, address % Self::ALIGNMENT);
        self.traced().look()
    }
}

macro_rules! aligned {
    ($($name:ident $alignment:literal)*) => {
        $(
            #[derive(Debug)]
            #[repr(align($alignment))]
            struct $name(Traced<3>);

            impl Aligned for $name {
                const ALIGNMENT: usize = $alignment;
                fn make(name: &'static str) -> Self {
                    $name(sized(name))
                }
                fn traced(&self) -> &Traced<3> {
                    &self.0
                }
            }
        )*
    };
}

aligned! {
    A1 1 A2 2 A4 4 A8 8 A16 16 A32 32 A64 64 A128 128 A256 256 A512 512 A1024 1024 A2048 2048 A4096 4096
}

/// Every alignment has to be there once per use, and dies at another time.
async fn uses<T: Aligned>(byte: u8, argument: T, (word, part): (u16, T), third: Option<T>) -> T {
    argument.look();
    let local = T::make("local");
    pause().await;
    part.look();
    let sum = byte as u16 + word;
    drop(argument);
    let later = [T::make("l0"), T::make("l1")];
    pause().await;
    local.look();
    later[1].look();
    if let Some(third) = third {
        pause().await;
        third.look();
        eat(third);
    }
    let [first, _] = later;
    pause().await;
    say!("sum {sum}");
    first.look();
    part
}

fn captured<T: Aligned>(a: T, flag: bool, b: T) -> impl Future<Output = u32> {
    async move {
        let by_reference = async {
            a.look();
            pause().await;
            b.look()
        };
        let sum = by_reference.await;
        if flag {
            eat(a);
            pause().await;
        }
        sum + b.look()
    }
}

/// A future with an alignment.
struct Waits<T>(T, u32);

impl<T: Aligned> Future for Waits<T> {
    type Output = u32;
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u32> {
        // Nothing is moved out of it.
        let this = unsafe { self.get_unchecked_mut() };
        if this.1 == 0 {
            return Poll::Ready(this.0.look());
        }
        this.1 -= 1;
        Poll::Pending
    }
}

async fn awaited<T: Aligned>(small: u8, future: Waits<T>, also: (u8, Waits<T>)) -> u32 {
    let first = future.await;
    let second = also.1.await;
    first + second + small as u32
}

/// Two alignments, the small ones in the gaps.
async fn mixed<T: Aligned, U: Aligned>(t: T, a: u8, u: U, b: u16) -> u32 {
    pause().await;
    let moved = (a, t, b, u);
    pause().await;
    moved.1.look() + moved.3.look() + moved.0 as u32 + moved.2 as u32
}

macro_rules! each {
    ($($name:ident)*) => {
        $(
            println!("alignment {}: {:?}", $name::ALIGNMENT, [
                align_of_val(&uses::<$name>(0, $name::make(""), (0, $name::make("")), None)),
                align_of_val(&captured($name::make(""), true, $name::make(""))),
                align_of_val(&awaited(0, Waits($name::make(""), 0), (0, Waits($name::make(""), 0)))),
            ]);
            everywhere! {
                uses(1, $name::make("a"), (2, $name::make("p")), None),
                uses(1, $name::make("a"), (2, $name::make("p")), Some($name::make("t"))),
                captured($name::make("a"), true, $name::make("b")),
                awaited(3, Waits($name::make("f"), 1), (4, Waits($name::make("g"), 1))),
                mixed($name::make("t"), 5, A2::make("u"), 6),
                mixed($name::make("t"), 5, A512::make("u"), 6),
            }
        )*
    };
}

fn main() {
    support::quiet();
    each!(A1 A2 A4 A8 A16 A32 A64 A128 A256 A512 A1024 A2048 A4096);
}
