//! Calls the intrinsics of integers, of memory, of atomics and of control flow, each with values that are known only at
//! run time, and prints what they return. With an argument, the program ends itself.

#![feature(core_intrinsics)]
#![allow(internal_features)]
#![deny(dead_code, unused_macros)]

use std::fmt::Debug;
use std::hint::black_box;
use std::intrinsics::{self, AtomicOrdering};
use std::panic::Location;

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("abort") => intrinsics::abort(),
        Some("breakpoint") => intrinsics::breakpoint(),
        Some(other) => panic!("{other} is no way to end"),
        None => {
            of_integers();
            of_memory();
            of_volatile_memory();
            of_pointers();
            of_unsized();
            of_atomics();
            of_control();
        }
    }
}

fn of_integers() {
    macro_rules! integers {
        ($($int:ident)*) => {$(
            let shown = stringify!($int);
            let values: [$int; 8] = [0, 1, 2, 77, $int::MIN, $int::MAX, $int::MAX / 3, $int::MAX - 6];
            for x in black_box(values) {
                println!("ctlz {shown} {x} {}", intrinsics::ctlz(x));
                println!("cttz {shown} {x} {}", intrinsics::cttz(x));
                println!("ctpop {shown} {x} {}", intrinsics::ctpop(x));
                println!("bswap {shown} {x} {}", intrinsics::bswap(x));
                println!("bitreverse {shown} {x} {}", intrinsics::bitreverse(x));
                if x != 0 {
                    // SAFETY: it is not zero.
                    unsafe {
                        println!("ctlz_nonzero {shown} {x} {}", intrinsics::ctlz_nonzero(x));
                        println!("cttz_nonzero {shown} {x} {}", intrinsics::cttz_nonzero(x));
                    }
                }
                for y in black_box([0, 1, 2, $int::MIN, $int::MAX]) {
                    println!("saturating_add {shown} {x} {y} {}", intrinsics::saturating_add(x, y));
                    println!("saturating_sub {shown} {x} {y} {}", intrinsics::saturating_sub(x, y));
                }
            }
            for (x, y) in black_box([(42, 7), (0, 3), ($int::MAX, $int::MAX), ($int::MIN, 2)]) {
                // SAFETY: they divide without a remainder.
                println!("exact_div {shown} {x} {y} {}", unsafe { intrinsics::exact_div(x, y) });
            }
        )*};
    }
    macro_rules! rotations {
        ($($int:ident)*) => {$(
            for x in black_box([1, 77, $int::MAX, $int::MAX / 3 - 1]) {
                for shift in black_box([0, 1, 7, $int::BITS - 1, $int::BITS, 3 * $int::BITS + 5]) {
                    println!("rotate_left {x} {shift} {}", intrinsics::rotate_left::<$int>(x, shift));
                    println!("rotate_right {x} {shift} {}", intrinsics::rotate_right::<$int>(x, shift));
                }
            }
        )*};
    }
    integers!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);
    rotations!(u8 u16 u32 u64 u128 usize);
}

fn of_memory() {
    let mut numbers = black_box([1u32, 2, 3, 4, 5, 6, 7, 8]);
    let mut pairs = black_box([(1u8, 2u64), (3, 4), (5, 6), (7, 8)]);
    let count = black_box(5);
    // SAFETY: all is within the arrays.
    unsafe {
        let start = numbers.as_mut_ptr();
        intrinsics::copy(start, start.add(2), count);
        println!("copy upwards {numbers:?}");
        let start = numbers.as_mut_ptr();
        intrinsics::copy(start.add(3), start, count);
        println!("copy downwards {numbers:?}");
        let start = pairs.as_mut_ptr();
        intrinsics::copy(start, start.add(1), black_box(3));
        println!("copy pairs {pairs:?}");
        intrinsics::copy(&(), &mut (), count);
        intrinsics::copy(numbers.as_ptr(), numbers.as_mut_ptr(), black_box(0));
        intrinsics::write_bytes(numbers.as_mut_ptr().add(1), black_box(0xa5), black_box(3));
        println!("write_bytes {numbers:x?}");
        intrinsics::write_bytes(&mut (), black_box(1), count);
    }

    macro_rules! equal {
        ($($one:expr, $other:expr;)*) => {$(
            let (one, other) = black_box(($one, $other));
            // SAFETY: all bytes are initialised.
            println!("raw_eq {} {}", unsafe { intrinsics::raw_eq(&one, &other) }, unsafe { intrinsics::raw_eq(&one, &one) });
        )*};
    }
    equal! {
        (), ();
        1u8, 2u8;
        1u16, 1u16;
        [1u8, 2, 3], [1u8, 2, 4];
        [1u8, 2, 3], [1u8, 2, 3];
        1u32, u32::MAX;
        [1u16, 2, 3, 4], [1u16, 2, 3, 4];
        [1u16, 2, 3, 4], [1u16, 2, 3, 5];
        1u128, 1u128 << 100;
        [1u64, 2, 3, 4], [1u64, 2, 3, 4];
        [1u64; 9], [2u64; 9];
        ['a'; 40], ['a'; 40];
    }
    // Not aligned.
    let bytes = black_box([1u8, 2, 3, 4, 5, 1, 2, 3, 4, 5]);
    let [one, other] = [0, 5].map(|index| bytes[index..].first_chunk::<4>().unwrap());
    // SAFETY: all bytes are initialised.
    println!("raw_eq {}", unsafe { intrinsics::raw_eq(one, other) });

    let texts = black_box(["", "a", "ab", "abc", "abd", "\u{ff}", "a long text, longer than 16"]);
    for (one, other) in texts.iter().flat_map(|one| texts.map(|other| (one, other))) {
        let length = one.len().min(other.len());
        // SAFETY: both are as long.
        let order = unsafe { intrinsics::compare_bytes(one.as_ptr(), other.as_ptr(), length) };
        println!("compare_bytes {one} {other} {}", order.signum());
    }
}

#[derive(Clone, Copy, Debug)]
#[allow(dead_code, reason = "it is printed")]
struct Several {
    small: u8,
    big: u64,
    float: f32,
    text: &'static str,
}

fn of_volatile_memory() {
    let mut numbers = black_box([1u32, 2, 3, 4, 5, 6, 7, 8]);
    // SAFETY: all is within the array.
    unsafe {
        let start = numbers.as_mut_ptr();
        intrinsics::volatile_copy_memory(start.add(1), start, black_box(4));
        println!("volatile_copy_memory {numbers:?}");
        let start = numbers.as_mut_ptr();
        intrinsics::volatile_copy_nonoverlapping_memory(start, start.add(5), black_box(3));
        println!("volatile_copy_nonoverlapping_memory {numbers:?}");
        intrinsics::volatile_set_memory(numbers.as_mut_ptr().add(2), black_box(7), black_box(2));
        println!("volatile_set_memory {numbers:x?}");
    }
    /// Stores and loads a value at an aligned place, and at one that is not.
    fn stored<T: Copy + Debug>(old: T, new: T) {
        let mut place = black_box(old);
        let mut bytes = black_box([0u8; 64]);
        // SAFETY: the value is smaller than the bytes.
        unsafe {
            println!("volatile_load {:?}", intrinsics::volatile_load(&raw const place));
            intrinsics::volatile_store(&raw mut place, black_box(new));
            println!("volatile_store {:?}", black_box(place));
            intrinsics::nontemporal_store(&raw mut place, black_box(old));
            println!("nontemporal_store {:?}", black_box(place));
            let place = bytes.as_mut_ptr().add(black_box(3)).cast::<T>();
            intrinsics::unaligned_volatile_store(place, black_box(new));
            println!("unaligned_volatile_store {:?}", place.read_unaligned());
            println!("unaligned_volatile_load {:?}", intrinsics::unaligned_volatile_load(place));
        }
    }
    stored((), ());
    stored(1u8, 2);
    stored(-1i16, 2);
    stored('a', 'b');
    stored(1u64, u64::MAX);
    stored(1u128, u128::MAX - 1);
    stored(1.5f32, 2.5);
    stored(1.5f64, 2.5);
    stored("one", "other");
    stored([1u8, 2, 3], [4, 5, 6]);
    stored((1u8, 2u32), (3, 4));
    let [one, other] = [1, 2].map(|small| Several { small, big: 3, float: 0.5, text: "four" });
    stored(one, other);
    stored(Some(1u32), None);
}

fn of_pointers() {
    let numbers = black_box([1u32, 2, 3, 4, 5, 6, 7, 8]);
    let triples = black_box([[1u8; 3]; 6]);
    let start = numbers.as_ptr();
    for index in black_box([0, 1, 7]) {
        // SAFETY: all is within the arrays.
        unsafe {
            println!("arith_offset {}", *intrinsics::arith_offset(start, index));
            let end = intrinsics::arith_offset(start, 8);
            println!("arith_offset {}", *intrinsics::arith_offset(end, -index - 1));
            let other = start.add(index as usize);
            println!("ptr_offset_from {}", intrinsics::ptr_offset_from(other, start));
            println!("ptr_offset_from {}", intrinsics::ptr_offset_from(start, other));
            println!(
                "ptr_offset_from_unsigned {}",
                intrinsics::ptr_offset_from_unsigned(other, start)
            );
        }
    }
    let [one, other] = black_box([1, 5]).map(|index| &raw const triples[index]);
    // SAFETY: both are within an array.
    unsafe {
        println!("ptr_offset_from {}", intrinsics::ptr_offset_from(one, other));
        println!("ptr_offset_from_unsigned {}", intrinsics::ptr_offset_from_unsigned(other, one));
    }
    let address = black_box(0x1234_5678_9abc_def7usize) as *const u16;
    println!("ptr_mask {:?}", intrinsics::ptr_mask(address, black_box(!0xff)));
    println!("ptr_mask {:?}", intrinsics::ptr_mask(address, black_box(0xf0f0)));
}

trait Object {
    fn number(&self) -> u64;
}

impl Object for u64 {
    fn number(&self) -> u64 {
        *self
    }
}

#[repr(align(32))]
struct Aligned([u8; 40]);

impl Object for Aligned {
    fn number(&self) -> u64 {
        self.0[0].into()
    }
}

impl Object for () {
    fn number(&self) -> u64 {
        0
    }
}

/// Its tail may be unsized.
struct Tailed<T: ?Sized> {
    head: u8,
    tail: T,
}

fn of_unsized() {
    fn sizes<T: ?Sized>(what: &str, value: &T) {
        // SAFETY: it is a reference.
        let (size, align) =
            unsafe { (intrinsics::size_of_val(value), intrinsics::align_of_val(value)) };
        println!("size_of_val {what} {size}");
        println!("align_of_val {what} {align}");
    }
    sizes("a number", &1u32);
    sizes("nothing", &());
    sizes("a text", black_box("some text"));
    sizes::<[u16]>("a slice", &black_box([1, 2, 3])[..]);
    sizes::<[u16]>("no slice", &[]);
    let tailed = Tailed { head: 1, tail: [1u32, 2, 3] };
    sizes::<Tailed<[u32]>>("a slice as tail", &tailed);
    println!("{} {}", tailed.head, tailed.tail.len());
    for number in black_box([0, 1, 2]) {
        let objects: [&dyn Object; 3] = [&7u64, &Aligned([9; 40]), &()];
        let object = objects[number];
        println!("number {}", object.number());
        sizes("an object", object);
        // SAFETY: the second part of a reference to an object is its vtable.
        unsafe {
            let [_, vtable] = std::mem::transmute::<&dyn Object, [*const (); 2]>(object);
            println!("vtable_size {}", intrinsics::vtable_size(vtable));
            println!("vtable_align {}", intrinsics::vtable_align(vtable));
        }
    }
    let tails: [&Tailed<dyn Object>; 3] = [
        &Tailed { head: 1, tail: 7u64 },
        &Tailed { head: 2, tail: Aligned([9; 40]) },
        &Tailed { head: 3, tail: () },
    ];
    for tail in black_box(tails) {
        println!("{} {}", tail.head, tail.tail.number());
        sizes("an object as tail", tail);
    }
}

fn of_atomics() {
    use AtomicOrdering::{AcqRel, Acquire, Relaxed, Release, SeqCst};

    macro_rules! loads_and_stores {
        ($place:ident, $value:ident) => {
            // SAFETY: the place is aligned.
            unsafe {
                intrinsics::atomic_store::<_, { Relaxed }>($place, $value);
                println!("atomic_store {:?}", *$place);
                println!("atomic_load {:?}", intrinsics::atomic_load::<_, { Relaxed }>($place));
                println!("atomic_load {:?}", intrinsics::atomic_load::<_, { Acquire }>($place));
                println!("atomic_load {:?}", intrinsics::atomic_load::<_, { SeqCst }>($place));
                intrinsics::atomic_store::<_, { Release }>($place, $value);
                intrinsics::atomic_store::<_, { SeqCst }>($place, $value);
                println!(
                    "atomic_xchg {:?}",
                    intrinsics::atomic_xchg::<_, { AcqRel }>($place, $value)
                );
                println!(
                    "atomic_xchg {:?}",
                    intrinsics::atomic_xchg::<_, { SeqCst }>($place, $value)
                );
                println!("{:?}", *$place);
            }
        };
    }
    macro_rules! exchanges {
        ($place:ident, $old:ident, $new:ident, $other:ident) => {
            // SAFETY: the place is aligned.
            unsafe {
                *$place = $old;
                println!(
                    "atomic_cxchg {:?}",
                    intrinsics::atomic_cxchg::<_, { SeqCst }, { SeqCst }>($place, $new, $other)
                );
                println!(
                    "atomic_cxchg {:?}",
                    intrinsics::atomic_cxchg::<_, { AcqRel }, { Acquire }>($place, $old, $new)
                );
                println!("{:?}", *$place);
                *$place = $old;
                println!(
                    "atomic_cxchgweak {:?}",
                    intrinsics::atomic_cxchgweak::<_, { Release }, { Relaxed }>(
                        $place, $new, $other
                    )
                );
                while !intrinsics::atomic_cxchgweak::<_, { SeqCst }, { Relaxed }>(
                    $place, $old, $new,
                )
                .1
                {}
                println!("{:?}", *$place);
            }
        };
    }
    macro_rules! changes {
        ($place:ident, $value:ident, $order:ident) => {
            // SAFETY: the place is aligned.
            unsafe {
                println!(
                    "atomic_xadd {:?}",
                    intrinsics::atomic_xadd::<_, _, { $order }>($place, $value)
                );
                println!(
                    "atomic_xsub {:?}",
                    intrinsics::atomic_xsub::<_, _, { $order }>($place, $value)
                );
                println!(
                    "atomic_or {:?}",
                    intrinsics::atomic_or::<_, _, { $order }>($place, $value)
                );
                println!(
                    "atomic_xor {:?}",
                    intrinsics::atomic_xor::<_, _, { $order }>($place, $value >> 1)
                );
                println!(
                    "atomic_and {:?}",
                    intrinsics::atomic_and::<_, _, { $order }>($place, !($value >> 2))
                );
                println!(
                    "atomic_nand {:?}",
                    intrinsics::atomic_nand::<_, _, { $order }>($place, $value)
                );
                println!("{:?}", *$place);
            }
        };
    }
    macro_rules! integers {
        ($($int:ident)*: $max:expr, $min:expr) => {$(
            let (old, new, other) = black_box((100 as $int, 27, $int::MAX - 2));
            let mut number = black_box(old);
            let place = &raw mut number;
            loads_and_stores!(place, new);
            exchanges!(place, old, new, other);
            for value in [new, other] {
                changes!(place, value, Relaxed);
                changes!(place, value, SeqCst);
            }
            for value in black_box([0, $int::MAX, 3, $int::MIN, 5]) {
                number = old;
                println!("maximum {:?}", $max(&raw mut number, value));
                println!("{number:?}");
                number = old;
                println!("minimum {:?}", $min(&raw mut number, value));
                println!("{number:?}");
            }
        )*};
    }
    // SAFETY: the places are aligned.
    integers! {
        u8 u16 u32 u64 usize:
        |place, value| unsafe { intrinsics::atomic_umax::<_, { AcqRel }>(place, value) },
        |place, value| unsafe { intrinsics::atomic_umin::<_, { AcqRel }>(place, value) }
    }
    // SAFETY: the places are aligned.
    integers! {
        i8 i16 i32 i64 isize:
        |place, value| unsafe { intrinsics::atomic_max::<_, { AcqRel }>(place, value) },
        |place, value| unsafe { intrinsics::atomic_min::<_, { AcqRel }>(place, value) }
    }

    let [old, new, other] = black_box([0x1000usize, 0x2000, 0x3000]).map(|at| at as *mut u8);
    let mut pointer = old;
    let place = &raw mut pointer;
    let mask = black_box(0x1230usize);
    loads_and_stores!(place, new);
    exchanges!(place, old, new, other);
    changes!(place, mask, SeqCst);

    of_fences();
}

fn of_fences() {
    use AtomicOrdering::{AcqRel, Acquire, Release, SeqCst};
    // SAFETY: fences touch nothing.
    unsafe {
        intrinsics::atomic_fence::<{ Acquire }>();
        intrinsics::atomic_fence::<{ Release }>();
        intrinsics::atomic_fence::<{ AcqRel }>();
        intrinsics::atomic_fence::<{ SeqCst }>();
        intrinsics::atomic_singlethreadfence::<{ Acquire }>();
        intrinsics::atomic_singlethreadfence::<{ Release }>();
        intrinsics::atomic_singlethreadfence::<{ AcqRel }>();
        intrinsics::atomic_singlethreadfence::<{ SeqCst }>();
    }
}

#[track_caller]
fn called_from() -> &'static Location<'static> {
    intrinsics::caller_location()
}

fn of_control() {
    println!("caller_location {}", called_from());
    println!("caller_location {}", intrinsics::caller_location());

    println!("black_box {:?}", intrinsics::black_box((1u8, "two", [3u64; 3])));
    intrinsics::black_box(());
    for number in black_box([1, 2, 3]) {
        if number == 2 {
            intrinsics::cold_path();
            println!("cold_path {number}");
        } else {
            println!("no cold_path {number}");
        }
    }

    intrinsics::assert_inhabited::<u8>();
    intrinsics::assert_zero_valid::<Option<&u8>>();
    intrinsics::assert_mem_uninitialized_valid::<std::mem::MaybeUninit<u8>>();
    println!("the types are valid");

    fn called(data: *mut u8) {
        // SAFETY: it is the number that `catch_unwind` was given.
        let number = unsafe { &mut *data.cast::<u32>() };
        *number += 1;
        if *number > 10 {
            std::panic::resume_unwind(Box::new("a payload"));
        }
        *number += 1;
    }
    fn catch(data: *mut u8, exception: *mut u8) {
        println!("caught, with an exception: {}", !exception.is_null());
        // SAFETY: it is the number that `catch_unwind` was given.
        unsafe { *data.cast::<u32>() += 100 };
    }
    for number in black_box([1u32, 20]) {
        let mut number = number;
        // SAFETY: the functions know what they get; the exception is leaked.
        let caught = unsafe { intrinsics::catch_unwind(called, (&raw mut number).cast(), catch) };
        println!("catch_unwind {caught} {number}");
    }
}
