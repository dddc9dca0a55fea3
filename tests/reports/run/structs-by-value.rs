//! cg_clif#1234, #1200, #10, #1435: structs by value between Rust compiled by Cranelift and C; with 3, 5, 6, 7, 11 bytes, of floats, mixed, packed,
//! 128 bits; many arguments; callbacks.

//@ edition: 2024
//@ run-pass

#![allow(improper_ctypes, improper_ctypes_definitions, unused)]
use std::hint::black_box as bb;
macro_rules! structs { ($($name:ident { $($field:ident: $ty:ty),* })*) => { $( #[repr(C)] #[derive(Clone, Copy, Debug, PartialEq)] struct $name { $($field: $ty),* } )* } }
structs! {
    B3 { a: u8, b: u8, c: u8 } B5 { a: [u8; 5] } B6 { a: [u16; 3] } B7 { a: u32, b: [u8; 3] } B11 { a: [bool; 11] } B12 { a: u32, b: u32, c: u32 } B15 { a: [u8; 15] } B16 { a: u64, b: u8 } B17 { a: [u8; 17] } B20 { a: i32, b: i32, c: i32, d: i32, e: i32 }
    F1 { a: f32 } F2 { a: f32, b: f32 } F3 { a: f32, b: f32, c: f32 } F4 { a: [f32; 4] } D2 { a: f64, b: f64 } D3 { a: f64, b: f64, c: f64 } FD { a: f32, b: f64 } FI { a: f32, b: i32 } DI { a: f64, b: u8 } ID { a: i16, b: f64 } FFI { a: f32, b: f32, c: u8 }
    P1 { a: *const u8, b: u8 } E0 { } Nest { a: B3, b: F1, c: u16 } U { a: u128, b: u8 } O { a: Option<&'static u8>, b: u32 } B1 { a: bool } C1 { a: char }
}
#[repr(C, packed)]
#[derive(Clone, Copy, Debug, PartialEq)]
struct Packed {
    a: u8,
    b: u32,
    c: u16,
}
#[repr(C, packed(2))]
#[derive(Clone, Copy, Debug, PartialEq)]
struct Packed2 {
    a: u8,
    b: f64,
    c: u16,
}
#[repr(C)]
#[derive(Clone, Copy)]
union Un {
    a: u32,
    b: f32,
    c: [u8; 8],
}
impl std::fmt::Debug for Un {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{:?}", unsafe { self.c })
    }
}
#[repr(transparent)]
#[derive(Clone, Copy, Debug)]
struct T(F2);
#[repr(u8)]
#[derive(Clone, Copy, Debug)]
enum En {
    A = 3,
    B = 200,
}
#[repr(C)]
#[derive(Clone, Copy, Debug)]
enum Data {
    A(u8),
    B(f32, u16),
    C { x: u64 },
}
mod other {
    use super::*;
}
macro_rules! pass { ($($name:ident $ty:ident $value:expr;)*) => { $(
    #[unsafe(no_mangle)] #[inline(never)] extern "C" fn $name(before: u8, x: $ty, y: $ty, f: f32, z: $ty, after: u16) -> $ty { println!("{} {before} {x:?} {y:?} {f} {z:?} {after}", stringify!($name)); if before & 1 == 0 { x } else { z } }
)*
    fn run() { $( {
        let function: extern "C" fn(u8, $ty, $ty, f32, $ty, u16) -> $ty = bb($name); let value: $ty = bb($value);
        println!("  {:?} {:?}", function(1, value, value, 1.5, value, 9), function(2, value, value, -1.5, value, 65535));
        extern "C" fn back(f: extern "C" fn(u8, $ty, $ty, f32, $ty, u16) -> $ty, x: $ty) -> $ty { f(7, x, x, 0.0, x, 1) }
        println!("  {:?}", { let function: extern "C" fn(u8, $ty, $ty, f32, $ty, u16) -> $ty = $name; bb(back)(bb(function), value) });
    } )* }
} }
pass! {
    b3 B3 B3 { a: 1, b: 2, c: 255 }; b5 B5 B5 { a: [1, 2, 3, 4, 5] }; b6 B6 B6 { a: [1, 65535, 3] }; b7 B7 B7 { a: 0xdeadbeef, b: [7, 8, 9] }; b11 B11 B11 { a: [true, false, true, true, false, false, true, false, true, false, true] };
    b12 B12 B12 { a: 1, b: 2, c: 3 }; b15 B15 B15 { a: [15; 15] }; b16 B16 B16 { a: u64::MAX, b: 3 }; b17 B17 B17 { a: [9; 17] }; b20 B20 B20 { a: -1, b: 2, c: -3, d: 4, e: -5 };
    f1 F1 F1 { a: 1.25 }; f2 F2 F2 { a: 1.25, b: -2.5 }; f3 F3 F3 { a: 1.0, b: 2.0, c: 3.5 }; f4 F4 F4 { a: [1.0, 2.0, 3.0, 4.0] }; d2 D2 D2 { a: 1e300, b: -0.0 }; d3 D3 D3 { a: 1.0, b: 2.0, c: 3.0 };
    fd FD FD { a: 1.0, b: 2.0 }; fi FI FI { a: 1.5, b: -7 }; di DI DI { a: 2.5, b: 200 }; id ID ID { a: -3, b: 3.5 }; ffi FFI FFI { a: 1.0, b: 2.0, c: 3 }; p1 P1 P1 { a: std::ptr::null(), b: 4 }; e0 E0 E0 {}; nest Nest Nest { a: B3 { a: 1, b: 2, c: 3 }, b: F1 { a: 0.5 }, c: 77 };
    o O O { a: None, b: 6 }; bl B1 B1 { a: true }; c1 C1 C1 { a: 'x' }; packed Packed Packed { a: 1, b: 0x01020304, c: 5 }; packed2 Packed2 Packed2 { a: 1, b: 2.5, c: 3 }; un Un Un { c: [0, 0, 192, 63, 0, 1, 2, 3] }; tr T T(F2 { a: 1.0, b: 2.0 }); en En En::B; data Data Data::B(2.5, 9);
    u8s u8 200; i8s i8 -100; i16s i16 -30000; bools bool true; chars char 'é'; f64s f64 2.5; u64s u64 u64::MAX;
}
type Rust3 = (u8, u16, u8);
#[inline(never)]
fn rust(
    a: (u8, u8),
    b: (u32, u8),
    c: [u8; 3],
    d: [u64; 3],
    e: Option<u8>,
    f: Option<Option<bool>>,
    g: (f32, u8),
    h: &str,
    i: u128,
    j: i8,
    k: Option<i128>,
    l: (),
    m: char,
    n: Result<u16, u8>,
    o: [f32; 2],
    p: (i128, u8),
) -> (Option<Option<bool>>, [u8; 3], i128) {
    println!(
        "{a:?} {b:?} {c:?} {d:?} {e:?} {f:?} {g:?} {h} {i} {j} {k:?} {l:?} {m} {n:?} {o:?} {p:?}"
    );
    (f, c, p.0 - 1)
}
fn main() {
    run();
    println!(
        "{:?}",
        bb(rust)(
            (1, 2),
            (3, 4),
            [5, 6, 7],
            [8, 9, 10],
            Some(11),
            Some(None),
            (1.5, 12),
            "str",
            u128::MAX,
            -1,
            Some(i128::MIN),
            (),
            'm',
            Err(3),
            [0.5, 1.5],
            (i128::MIN + 1, 4)
        )
    );
    // Through std, which LLVM has compiled.
    unsafe extern "C" {
        fn qsort(base: *mut B3, n: usize, size: usize, compare: extern "C" fn(&B3, &B3) -> i32);
        fn div(a: i32, b: i32) -> FI2;
        fn ldiv(a: i64, b: i64) -> L2;
        fn frexp(x: f64, e: &mut i32) -> f64;
        fn abs(x: i32) -> i32;
        fn toupper(c: i32) -> i32;
    }
    #[repr(C)]
    #[derive(Debug)]
    struct FI2(i32, i32);
    #[repr(C)]
    #[derive(Debug)]
    struct L2(i64, i64);
    extern "C" fn compare(a: &B3, b: &B3) -> i32 {
        a.a as i32 - b.a as i32
    }
    let mut list = [3u8, 1, 2, 250, 9].map(|a| B3 { a, b: !a, c: 0 });
    unsafe {
        qsort(list.as_mut_ptr(), 5, 3, compare);
        println!(
            "{list:?} {:?} {:?} {} {}",
            div(7, -2),
            ldiv(i64::MIN, 3),
            abs(-5),
            toupper('x' as i32)
        );
        let mut e = 0;
        println!("{} {e}", frexp(bb(10.0), &mut e));
    }
}
