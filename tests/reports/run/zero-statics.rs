//! Statics and thread-locals that are zero at the start, wholly or in parts, hold what they should.

//@ edition: 2024
//@ run-pass

#![allow(static_mut_refs)]

use std::cell::Cell;
use std::mem::MaybeUninit;

#[repr(C, align(64))]
struct Padded(u8, u64);

static mut ARENA: [u8; 1 << 16] = [0; 1 << 16];
static mut UNINIT: MaybeUninit<[u64; 1 << 10]> = MaybeUninit::uninit();
static mut PADDED: Padded = Padded(0, 0);
static mut ONE: [u32; 1 << 10] = {
    let mut array = [0; 1 << 10];
    array[1 << 9] = 1;
    array
};
static NOTHING: Option<&str> = None;
static UNIT: () = ();

thread_local! {
    static TLS: Cell<[u64; 1 << 10]> = const { Cell::new([0; 1 << 10]) };
    static SEVEN: Cell<[u64; 3]> = const { Cell::new([0, 7, 0]) };
}

fn main() {
    unsafe {
        let arena = &raw mut ARENA as *mut u8;
        *arena.add(100) = 3;
        let uninit = &raw mut UNINIT as *mut u64;
        *uninit.add(7) = 4;
        PADDED.0 += 5;
        println!("{} {} {} {}", *arena.add(100), *arena.add(101), *uninit.add(7), PADDED.1);
        println!("{} {:?} {:?}", (&raw const PADDED).addr() % 64, NOTHING, UNIT);
        println!("{} {}", ONE[1 << 9], (&*(&raw const ONE)).iter().sum::<u32>());
    }
    let sums = || (TLS.get().iter().sum::<u64>(), SEVEN.get());
    TLS.set([1; 1 << 10]);
    println!("{:?} {:?}", sums(), std::thread::spawn(sums).join().unwrap());
}
