//! Functions of `core::arch` whose NaNs Cranelift gets from functions that stand in for the processor's instructions:
//! of several NaNs the first one, and none that signals.

//@ edition: 2024
//@ run-pass

use std::arch::x86_64::*;
use std::hint::black_box;
use std::mem::transmute;

const SINGLE: [u32; 14] = [
    0, 0x8000_0000, 0x3f80_0000, 0xbfc0_0000, 0x7f80_0000, 0xff80_0000, 0x7fc0_0000, 0xffc0_0000, 0x7fc1_2345,
    0xffd5_4321, 0x7f80_0001, 0xff81_2345, 0x7fbf_ffff, 0x0000_0001,
];
const DOUBLE: [u64; 14] = [
    0, 1 << 63, 0x3ff0 << 48, 0xbff8 << 48, 0x7ff0 << 48, 0xfff0 << 48, 0x7ff8 << 48, 0xfff8 << 48, 0x7ff8_0000_1234_5678,
    0xfff9_8765_4321_0000, 0x7ff0_0000_0000_0001, 0xfff0_1234_5678_9abc, 0x7ff7_ffff_ffff_ffff, 1,
];
const HALF: [u16; 14] = [
    0, 0x8000, 0x3c00, 0xbe00, 0x7c00, 0xfc00, 0x7e00, 0xfe00, 0x7e01, 0xff54, 0x7c01, 0xfd55, 0x7dff, 1,
];

trait Vector: Copy {
    fn make(first: usize) -> Self;
    fn bits(self) -> Vec<u64>;
}
macro_rules! vectors {
    ($($vector:ident $bits:ident $lanes:literal $table:ident)*) => { $(
        impl Vector for $vector {
            fn make(first: usize) -> $vector {
                let lanes: [$bits; $lanes] = std::array::from_fn(|lane| $table[(first + 3 * lane) % 14]);
                black_box(unsafe { transmute::<[$bits; $lanes], $vector>(lanes) })
            }
            fn bits(self) -> Vec<u64> {
                unsafe { transmute::<$vector, [$bits; $lanes]>(self) }.map(|lane| lane as u64).to_vec()
            }
        }
    )* };
}
vectors! { __m128 u32 4 SINGLE __m128d u64 2 DOUBLE __m256 u32 8 SINGLE __m256d u64 4 DOUBLE __m128i u16 8 HALF }

/// The bits of all results, as one number.
#[derive(Default)]
struct Sum(u64);
impl Sum {
    fn add(&mut self, result: impl Vector) {
        for bits in result.bits() {
            self.0 = (self.0 ^ bits).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23);
        }
    }
}

macro_rules! one {
    ($feature:literal: $($function:ident)*) => { $(
        #[target_feature(enable = $feature)]
        fn $function() {
            let mut sum = Sum::default();
            for a in 0..14 {
                sum.add(std::arch::x86_64::$function(Vector::make(a)));
            }
            println!("{} {:016x}", stringify!($function), sum.0);
        }
    )* };
}
macro_rules! three {
    ($($function:ident)*) => { $(
        #[target_feature(enable = "fma")]
        fn $function() {
            let mut sum = Sum::default();
            for a in 0..14 {
                for b in 0..14 {
                    for c in 0..14 {
                        sum.add(std::arch::x86_64::$function(Vector::make(a), Vector::make(b), Vector::make(c)));
                    }
                }
            }
            println!("{} {:016x}", stringify!($function), sum.0);
        }
    )* };
}
macro_rules! all {
    ($rule:ident $name:ident ($($feature:literal:)?) $($function:ident)*) => {
        mod $name {
            use super::*;
            $rule!($($feature:)? $($function)*);
            pub fn run() {
                $( unsafe { $function() }; )*
            }
        }
    };
}
all!(one rounding ("sse4.1":) _mm_floor_ps _mm_floor_pd _mm_ceil_ps _mm_ceil_pd);
all!(one wide_rounding ("avx":) _mm256_floor_ps _mm256_floor_pd _mm256_ceil_ps _mm256_ceil_pd);
all!(one halves ("f16c":) _mm_cvtph_ps _mm256_cvtph_ps);
all!(three fused () _mm_fmadd_ps _mm_fmadd_pd _mm256_fmadd_ps _mm256_fmadd_pd _mm_fmsub_ps _mm_fmsub_pd _mm256_fmsub_ps
    _mm256_fmsub_pd _mm_fnmadd_ps _mm_fnmadd_pd _mm256_fnmadd_ps _mm256_fnmadd_pd _mm_fnmsub_ps _mm_fnmsub_pd
    _mm256_fnmsub_ps _mm256_fnmsub_pd _mm_fmaddsub_ps _mm_fmaddsub_pd _mm256_fmaddsub_ps _mm256_fmaddsub_pd _mm_fmsubadd_ps
    _mm_fmsubadd_pd _mm256_fmsubadd_ps _mm256_fmsubadd_pd);

fn main() {
    if is_x86_feature_detected!("sse4.1") {
        rounding::run();
    }
    if is_x86_feature_detected!("avx") {
        wide_rounding::run();
    }
    if is_x86_feature_detected!("f16c") {
        halves::run();
    }
    if is_x86_feature_detected!("fma") {
        fused::run();
    }
}
