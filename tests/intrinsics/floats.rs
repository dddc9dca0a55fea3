//! Calls the intrinsics of single floats, each with values that are known only at run time, and prints what they return.

#![feature(core_intrinsics, f16, f128)]
#![allow(internal_features)]
#![deny(dead_code, unused_macros)]

use std::hint::black_box;
use std::intrinsics;

/// How a float is printed: all bits, other than those of a NaN, which no rule fixes.
trait Shown: Copy {
    fn shown(self) -> String;
}

macro_rules! shown {
    ($($float:ty)*) => {$(
        impl Shown for $float {
            fn shown(self) -> String {
                if self.is_nan() { "NaN".to_owned() } else { format!("{:#x}", self.to_bits()) }
            }
        }
    )*};
}

shown!(f16 f32 f64 f128);

fn show(name: &str, value: impl Shown) {
    println!("{name} {}", value.shown());
}

/// Values that all functions are defined for.
macro_rules! positive {
    () => {
        black_box([0.25, 0.7, 1.0, 2.5, 7.0])
    };
}

/// Halves, zeros, and what is between.
macro_rules! signed {
    () => {
        black_box([-3.7, -2.5, -0.5, -0.0, 0.0, 0.5, 1.5, 2.5, 2.7, 100.0])
    };
}

/// Values whose products and sums are exact.
macro_rules! exact {
    () => {
        black_box([(1.5, 2.0, 0.25), (-3.0, 0.5, 8.0), (0.0, 4.0, -1.0)])
    };
}

/// Pairs with NaNs and signs, but no two zeros, of which either may be returned.
macro_rules! pairs {
    ($float:ident) => {
        black_box([
            (1.5, 2.0),
            (-2.0, 0.5),
            (8.0, -8.0),
            ($float::NAN, 1.0),
            (1.0, $float::NAN),
            ($float::INFINITY, 3.0),
            ($float::NEG_INFINITY, -0.0),
        ])
    };
}

fn main() {
    of_f16();
    of_f32();
    of_f64();
    of_f128();
    of_all();
}

fn of_f16() {
    for x in positive!() {
        show("expf16", intrinsics::expf16(x));
        show("exp2f16", intrinsics::exp2f16(x));
        show("sqrtf16", intrinsics::sqrtf16(x));
        show("logf16", intrinsics::logf16(x));
        show("log2f16", intrinsics::log2f16(x));
        show("log10f16", intrinsics::log10f16(x));
        show("sinf16", intrinsics::sinf16(x));
        show("cosf16", intrinsics::cosf16(x));
        for y in black_box([-1.5, 0.0, 2.0]) {
            show("powf16", intrinsics::powf16(x, y));
        }
        for y in black_box([-2, 0, 3]) {
            show("powif16", intrinsics::powif16(x, y));
        }
    }
    for x in signed!() {
        show("fabsf16", intrinsics::fabsf16(x));
        show("floorf16", intrinsics::floorf16(x));
        show("ceilf16", intrinsics::ceilf16(x));
        show("truncf16", intrinsics::truncf16(x));
        show("round_ties_even_f16", intrinsics::round_ties_even_f16(x));
        show("roundf16", intrinsics::roundf16(x));
    }
    for (a, b, c) in exact!() {
        show("fmaf16", intrinsics::fmaf16(a, b, c));
        show("fmuladdf16", intrinsics::fmuladdf16(a, b, c));
    }
    for (a, b) in pairs!(f16) {
        show("copysignf16", intrinsics::copysignf16(a, b));
        show("minimumf16", intrinsics::minimumf16(a, b));
        show("maximumf16", intrinsics::maximumf16(a, b));
        show("minnumf16", intrinsics::minnumf16(a, b));
        show("maxnumf16", intrinsics::maxnumf16(a, b));
    }
}

fn of_f32() {
    for x in positive!() {
        show("expf32", intrinsics::expf32(x));
        show("exp2f32", intrinsics::exp2f32(x));
        show("sqrtf32", intrinsics::sqrtf32(x));
        show("logf32", intrinsics::logf32(x));
        show("log2f32", intrinsics::log2f32(x));
        show("log10f32", intrinsics::log10f32(x));
        show("sinf32", intrinsics::sinf32(x));
        show("cosf32", intrinsics::cosf32(x));
        for y in black_box([-1.5, 0.0, 2.0]) {
            show("powf32", intrinsics::powf32(x, y));
        }
        for y in black_box([-2, 0, 3]) {
            show("powif32", intrinsics::powif32(x, y));
        }
    }
    for x in signed!() {
        show("fabsf32", intrinsics::fabsf32(x));
        show("floorf32", intrinsics::floorf32(x));
        show("ceilf32", intrinsics::ceilf32(x));
        show("truncf32", intrinsics::truncf32(x));
        show("round_ties_even_f32", intrinsics::round_ties_even_f32(x));
        show("roundf32", intrinsics::roundf32(x));
    }
    for (a, b, c) in exact!() {
        show("fmaf32", intrinsics::fmaf32(a, b, c));
        show("fmuladdf32", intrinsics::fmuladdf32(a, b, c));
    }
    for (a, b) in pairs!(f32) {
        show("copysignf32", intrinsics::copysignf32(a, b));
        show("minimumf32", intrinsics::minimumf32(a, b));
        show("maximumf32", intrinsics::maximumf32(a, b));
        show("minnumf32", intrinsics::minnumf32(a, b));
        show("maxnumf32", intrinsics::maxnumf32(a, b));
    }
}

fn of_f64() {
    for x in positive!() {
        show("expf64", intrinsics::expf64(x));
        show("exp2f64", intrinsics::exp2f64(x));
        show("sqrtf64", intrinsics::sqrtf64(x));
        show("logf64", intrinsics::logf64(x));
        show("log2f64", intrinsics::log2f64(x));
        show("log10f64", intrinsics::log10f64(x));
        show("sinf64", intrinsics::sinf64(x));
        show("cosf64", intrinsics::cosf64(x));
        for y in black_box([-1.5, 0.0, 2.0]) {
            show("powf64", intrinsics::powf64(x, y));
        }
        for y in black_box([-2, 0, 3]) {
            show("powif64", intrinsics::powif64(x, y));
        }
    }
    for x in signed!() {
        show("fabsf64", intrinsics::fabsf64(x));
        show("floorf64", intrinsics::floorf64(x));
        show("ceilf64", intrinsics::ceilf64(x));
        show("truncf64", intrinsics::truncf64(x));
        show("round_ties_even_f64", intrinsics::round_ties_even_f64(x));
        show("roundf64", intrinsics::roundf64(x));
    }
    for (a, b, c) in exact!() {
        show("fmaf64", intrinsics::fmaf64(a, b, c));
        show("fmuladdf64", intrinsics::fmuladdf64(a, b, c));
    }
    for (a, b) in pairs!(f64) {
        show("copysignf64", intrinsics::copysignf64(a, b));
        show("minimumf64", intrinsics::minimumf64(a, b));
        show("maximumf64", intrinsics::maximumf64(a, b));
        show("minnumf64", intrinsics::minnumf64(a, b));
        show("maxnumf64", intrinsics::maxnumf64(a, b));
    }
}

fn of_f128() {
    for x in positive!() {
        show("expf128", intrinsics::expf128(x));
        show("exp2f128", intrinsics::exp2f128(x));
        show("sqrtf128", intrinsics::sqrtf128(x));
        show("logf128", intrinsics::logf128(x));
        show("log2f128", intrinsics::log2f128(x));
        show("log10f128", intrinsics::log10f128(x));
        show("sinf128", intrinsics::sinf128(x));
        show("cosf128", intrinsics::cosf128(x));
        for y in black_box([-1.5, 0.0, 2.0]) {
            show("powf128", intrinsics::powf128(x, y));
        }
        for y in black_box([-2, 0, 3]) {
            show("powif128", intrinsics::powif128(x, y));
        }
    }
    for x in signed!() {
        show("fabsf128", intrinsics::fabsf128(x));
        show("floorf128", intrinsics::floorf128(x));
        show("ceilf128", intrinsics::ceilf128(x));
        show("truncf128", intrinsics::truncf128(x));
        show("round_ties_even_f128", intrinsics::round_ties_even_f128(x));
        show("roundf128", intrinsics::roundf128(x));
    }
    for (a, b, c) in exact!() {
        show("fmaf128", intrinsics::fmaf128(a, b, c));
        show("fmuladdf128", intrinsics::fmuladdf128(a, b, c));
    }
    for (a, b) in pairs!(f128) {
        show("copysignf128", intrinsics::copysignf128(a, b));
        show("minimumf128", intrinsics::minimumf128(a, b));
        show("maximumf128", intrinsics::maximumf128(a, b));
        show("minnumf128", intrinsics::minnumf128(a, b));
        show("maxnumf128", intrinsics::maxnumf128(a, b));
    }
}

/// Those that are generic.
fn of_all() {
    macro_rules! arithmetic {
        ($($float:ident)*) => {$(
            for (a, b) in black_box::<[($float, $float); 3]>([(7.5, 2.0), (-3.0, 0.5), (1.0, 8.0)]) {
                // SAFETY: all are finite.
                unsafe {
                    show("fadd_fast", intrinsics::fadd_fast(a, b));
                    show("fsub_fast", intrinsics::fsub_fast(a, b));
                    show("fmul_fast", intrinsics::fmul_fast(a, b));
                    show("fdiv_fast", intrinsics::fdiv_fast(a, b));
                    show("frem_fast", intrinsics::frem_fast(a, b));
                }
                show("fadd_algebraic", intrinsics::fadd_algebraic(a, b));
                show("fsub_algebraic", intrinsics::fsub_algebraic(a, b));
                show("fmul_algebraic", intrinsics::fmul_algebraic(a, b));
                show("fdiv_algebraic", intrinsics::fdiv_algebraic(a, b));
                show("frem_algebraic", intrinsics::frem_algebraic(a, b));
            }
        )*};
    }
    macro_rules! to_integers {
        ($($float:ident: $($int:ident)*;)*) => {$(
            for x in black_box::<[$float; 3]>([0.0, 1.75, 100.5]) {
                // SAFETY: all are in range.
                $(println!("float_to_int_unchecked {} {}", stringify!($int), unsafe { intrinsics::float_to_int_unchecked::<$float, $int>(x) });)*
            }
        )*};
    }
    arithmetic!(f16 f32 f64 f128);
    to_integers! {
        f16: i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize;
        f32: i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize;
        f64: i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize;
        f128: i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize;
    }
    // SAFETY: all are in range.
    unsafe {
        println!("{}", intrinsics::float_to_int_unchecked::<f32, u32>(black_box(4e9)));
        println!("{}", intrinsics::float_to_int_unchecked::<f64, u64>(black_box(1.8e19)));
        println!("{}", intrinsics::float_to_int_unchecked::<f64, i64>(black_box(-9e18)));
        println!("{}", intrinsics::float_to_int_unchecked::<f64, i8>(black_box(-128.0)));
        println!("{}", intrinsics::float_to_int_unchecked::<f32, u128>(black_box(3e38)));
        println!("{}", intrinsics::float_to_int_unchecked::<f64, i128>(black_box(-1e38)));
    }
}
