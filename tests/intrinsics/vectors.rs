//! Calls the intrinsics of vectors, each with values that are known only at run time, and prints what they return.

#![feature(
    adt_const_params,
    core_intrinsics,
    intrinsics,
    portable_simd,
    repr_simd,
    unsized_const_params
)]
#![allow(incomplete_features, internal_features)]
#![deny(dead_code, unused_macros)]

use std::fmt::Debug;
use std::hint::black_box;

use simd::SimdAlign;

mod simd {
    pub(crate) use std::intrinsics::simd::*;

    /// rustc has it, and core does not declare it.
    #[rustc_intrinsic]
    pub(crate) unsafe fn simd_shuffle_const_generic<T, U, const INDICES: &'static [u32]>(
        x: T,
        y: T,
    ) -> U;
}

#[repr(simd)]
#[derive(Clone, Copy)]
struct V<T, const N: usize>([T; N]);

impl<T: Copy, const N: usize> V<T, N> {
    fn lanes(self) -> [T; N] {
        // SAFETY: a vector has the lanes of an array, and maybe more bytes after them.
        unsafe { std::mem::transmute_copy(&self) }
    }
}

fn show<T: Copy + Debug, const N: usize>(name: &str, value: V<T, N>) {
    println!("{name} {:?}", value.lanes());
}

fn show_one(name: &str, value: impl Debug) {
    println!("{name} {value:?}");
}

fn main() {
    // SAFETY: every function's lanes are in its range, and all pointers point to what is alive.
    unsafe {
        of_integers();
        of_floats();
        of_comparisons();
        of_lanes();
        of_reductions();
        of_masks();
        of_casts();
        of_pointers();
        of_memory();
    }
}

unsafe fn of_integers() {
    macro_rules! integers {
        ($($int:ident $count:literal;)*) => {$(
            let mut x = [0 as $int; $count];
            let mut y = [1 as $int; $count];
            for lane in 0..$count {
                x[lane] = ($int::MAX / 3).wrapping_sub(lane as $int).wrapping_mul(1 + lane as $int);
                y[lane] = 1 + lane as $int % 6;
            }
            let last = $count - 1;
            (x[0], x[last], y[last]) = ($int::MIN, $int::MAX, 3);
            let (x, y) = black_box((V(x), V(y)));
            unsafe {
                show("simd_add", simd::simd_add(x, y));
                show("simd_sub", simd::simd_sub(x, y));
                show("simd_mul", simd::simd_mul(x, y));
                show("simd_div", simd::simd_div(x, y));
                show("simd_rem", simd::simd_rem(x, y));
                show("simd_shl", simd::simd_shl(x, y));
                show("simd_shr", simd::simd_shr(x, y));
                show("simd_and", simd::simd_and(x, y));
                show("simd_or", simd::simd_or(x, y));
                show("simd_xor", simd::simd_xor(x, y));
                show("simd_saturating_add", simd::simd_saturating_add(x, y));
                show("simd_saturating_sub", simd::simd_saturating_sub(x, y));
                show("simd_bswap", simd::simd_bswap(x));
                show("simd_bitreverse", simd::simd_bitreverse(x));
                show("simd_ctlz", simd::simd_ctlz(x));
                show("simd_ctpop", simd::simd_ctpop(x));
                show("simd_cttz", simd::simd_cttz(x));
            }
        )*};
    }
    integers! {
        i8 16; i16 8; i32 4; i64 2; isize 2; u8 16; u16 8; u32 4; u64 2; usize 2;
        i8 8; u16 4; i32 8; u64 4; i32 2; u8 32;
    }
    let (bytes, words, numbers, longs) = black_box((
        V([1i8, -1, 0, i8::MIN, i8::MAX, 5, 6, 7]),
        V([1i16, -1, 0, i16::MIN]),
        V([1i32, -1, 0, i32::MIN]),
        V([1i64, i64::MIN]),
    ));
    unsafe {
        show("simd_neg", simd::simd_neg(bytes));
        show("simd_neg", simd::simd_neg(words));
        show("simd_neg", simd::simd_neg(numbers));
        show("simd_neg", simd::simd_neg(longs));
    }
}

unsafe fn of_floats() {
    macro_rules! floats {
        ($($float:ident $count:literal;)*) => {$(
            let mut x = [0.0 as $float; $count];
            let mut y = [0.5 as $float; $count];
            let mut positive = [0.25 as $float; $count];
            for lane in 0..$count {
                x[lane] = [-2.5, 3.5, -0.5, 7.25, 0.0, 1.5, -8.75, 100.0][lane % 8];
                y[lane] = [0.5, -2.0, 4.0, 0.25, 1.0, 8.0, -1.0, 2.0][lane % 8];
                positive[lane] = [0.25, 2.0, 1.0, 0.7, 6.5, 3.0, 0.125, 9.0][lane % 8];
            }
            let (x, y, positive) = black_box((V(x), V(y), V(positive)));
            unsafe {
                show("simd_add", simd::simd_add(x, y));
                show("simd_sub", simd::simd_sub(x, y));
                show("simd_mul", simd::simd_mul(x, y));
                show("simd_div", simd::simd_div(x, y));
                show("simd_rem", simd::simd_rem(x, y));
                show("simd_neg", simd::simd_neg(x));
                show("simd_fma", simd::simd_fma(x, y, positive));
                show("simd_relaxed_fma", simd::simd_relaxed_fma(x, y, y));
                show("simd_fmin", simd::simd_fmin(x, y));
                show("simd_fmax", simd::simd_fmax(x, y));
                show("simd_fabs", simd::simd_fabs(x));
                show("simd_ceil", simd::simd_ceil(x));
                show("simd_floor", simd::simd_floor(x));
                show("simd_trunc", simd::simd_trunc(x));
                show("simd_round", simd::simd_round(x));
                show("simd_round_ties_even", simd::simd_round_ties_even(x));
                show("simd_fsqrt", simd::simd_fsqrt(positive));
                show("simd_fsin", simd::simd_fsin(positive));
                show("simd_fcos", simd::simd_fcos(positive));
                show("simd_fexp", simd::simd_fexp(positive));
                show("simd_fexp2", simd::simd_fexp2(positive));
                show("simd_flog", simd::simd_flog(positive));
                show("simd_flog2", simd::simd_flog2(positive));
                show("simd_flog10", simd::simd_flog10(positive));
            }
        )*};
    }
    floats!(f32 4; f64 2; f32 2; f32 8; f64 4;);
    let (x, y) = black_box((
        V([f32::NAN, 1.0, f32::INFINITY, 2.0]),
        V([1.0, f32::NAN, 3.0, f32::NEG_INFINITY]),
    ));
    unsafe {
        show("simd_fmin", simd::simd_fmin(x, y));
        show("simd_fmax", simd::simd_fmax(x, y));
    }
}

unsafe fn of_comparisons() {
    macro_rules! comparisons {
        ($($ty:ident $mask:ident: $x:expr, $y:expr;)*) => {
            // SAFETY: the masks have as many lanes, as big.
            $(unsafe { compared::<_, $mask, _>(black_box(V::<$ty, _>($x)), black_box(V($y))) };)*
        };
    }
    comparisons! {
        i8 i8: [1, 2, 3, -4, 5, 6, 7, i8::MIN], [1, 3, 2, 4, -5, 6, 8, i8::MAX];
        u8 i8: [1, 2, 3, 4, 5, 6, 7, u8::MAX], [1, 3, 2, 4, 200, 6, 8, 0];
        i16 i16: [1, -2, 3, i16::MIN], [1, 3, 2, 0];
        u16 u16: [1, 2, 3, u16::MAX], [1, 3, 2, 0];
        i32 i32: [1, -2, 3, i32::MIN], [1, 3, 2, 0];
        u32 i32: [1, 2, 3, u32::MAX], [1, 3, 2, 0];
        i64 i64: [1, i64::MIN], [1, 3];
        u64 i64: [1, u64::MAX], [1, 3];
        f32 i32: [1.0, -2.0, f32::NAN, 0.0], [1.0, 3.0, 1.0, -0.0];
        f64 i64: [1.0, f64::NAN], [1.5, f64::NAN];
        f64 i64: [-1.0, 2.5, 0.0, f64::INFINITY], [-1.5, 2.5, -0.0, f64::MAX];
    }
}

unsafe fn compared<T: Copy, M: Copy + Debug, const N: usize>(x: V<T, N>, y: V<T, N>) {
    // SAFETY: it is the caller's.
    unsafe {
        show::<M, N>("simd_eq", simd::simd_eq(x, y));
        show::<M, N>("simd_ne", simd::simd_ne(x, y));
        show::<M, N>("simd_lt", simd::simd_lt(x, y));
        show::<M, N>("simd_le", simd::simd_le(x, y));
        show::<M, N>("simd_gt", simd::simd_gt(x, y));
        show::<M, N>("simd_ge", simd::simd_ge(x, y));
    }
}

unsafe fn of_lanes() {
    let (x, y) = black_box((V([1u32, 2, 3, 4]), V([5u32, 6, 7, 8])));
    let (halves, others) = black_box((V([0.5f64, 1.5]), V([2.5f64, 3.5])));
    let bytes = black_box(V([1u8, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]));
    unsafe {
        show::<u32, 4>("simd_shuffle", simd::simd_shuffle(x, y, const { V([7u32, 0, 5, 2]) }));
        show::<u32, 8>(
            "simd_shuffle",
            simd::simd_shuffle(x, y, const { V([0u32, 4, 1, 5, 2, 6, 3, 7]) }),
        );
        show::<u32, 2>("simd_shuffle", simd::simd_shuffle(x, y, const { V([3u32, 3]) }));
        show::<f64, 4>(
            "simd_shuffle",
            simd::simd_shuffle(halves, others, const { V([3u32, 1, 2, 0]) }),
        );
        show::<u32, 4>(
            "simd_shuffle_const_generic",
            simd::simd_shuffle_const_generic::<_, _, { &[7, 0, 5, 2] }>(x, y),
        );
        show::<f64, 2>(
            "simd_shuffle_const_generic",
            simd::simd_shuffle_const_generic::<_, _, { &[2, 1] }>(halves, others),
        );
        show("simd_insert", simd::simd_insert(x, const { 2 }, black_box(77u32)));
        show("simd_insert", simd::simd_insert(halves, const { 0 }, black_box(7.5f64)));
        show("simd_insert", simd::simd_insert(bytes, const { 15 }, black_box(77u8)));
        show_one("simd_extract", simd::simd_extract::<_, u32>(x, const { 3 }));
        show_one("simd_extract", simd::simd_extract::<_, f64>(others, const { 1 }));
        show_one("simd_extract", simd::simd_extract::<_, u8>(bytes, const { 9 }));
        for index in black_box([0, 1]) {
            show("simd_insert_dyn", simd::simd_insert_dyn(x, index + 2, black_box(77u32)));
            show("simd_insert_dyn", simd::simd_insert_dyn(halves, index, black_box(7.5f64)));
            show("simd_insert_dyn", simd::simd_insert_dyn(bytes, index + 14, black_box(77u8)));
            show_one("simd_extract_dyn", simd::simd_extract_dyn::<_, u32>(y, index + 2));
            show_one("simd_extract_dyn", simd::simd_extract_dyn::<_, f64>(others, index));
            show_one("simd_extract_dyn", simd::simd_extract_dyn::<_, u8>(bytes, index + 7));
        }
        show::<u32, 4>("simd_splat", simd::simd_splat(black_box(9u32)));
        show::<f64, 2>("simd_splat", simd::simd_splat(black_box(0.125f64)));
        show::<i8, 16>("simd_splat", simd::simd_splat(black_box(-9i8)));
        show::<u64, 4>("simd_splat", simd::simd_splat(black_box(u64::MAX)));
    }
}

unsafe fn of_reductions() {
    macro_rules! integers {
        ($($int:ident: $lanes:expr;)*) => {$(
            let x = black_box(V::<$int, _>($lanes));
            unsafe {
                show_one("simd_reduce_add_ordered", simd::simd_reduce_add_ordered::<_, $int>(x, 0));
                show_one("simd_reduce_add_unordered", simd::simd_reduce_add_unordered::<_, $int>(x));
                show_one("simd_reduce_mul_ordered", simd::simd_reduce_mul_ordered::<_, $int>(x, 1));
                show_one("simd_reduce_mul_unordered", simd::simd_reduce_mul_unordered::<_, $int>(x));
                show_one("simd_reduce_and", simd::simd_reduce_and::<_, $int>(x));
                show_one("simd_reduce_or", simd::simd_reduce_or::<_, $int>(x));
                show_one("simd_reduce_xor", simd::simd_reduce_xor::<_, $int>(x));
                show_one("simd_reduce_min", simd::simd_reduce_min::<_, $int>(x));
                show_one("simd_reduce_max", simd::simd_reduce_max::<_, $int>(x));
            }
        )*};
    }
    macro_rules! floats {
        ($($float:ident: $lanes:expr;)*) => {$(
            let x = black_box(V::<$float, _>($lanes));
            unsafe {
                show_one("simd_reduce_add_ordered", simd::simd_reduce_add_ordered::<_, $float>(x, black_box(0.5)));
                show_one("simd_reduce_add_unordered", simd::simd_reduce_add_unordered::<_, $float>(x));
                show_one("simd_reduce_mul_ordered", simd::simd_reduce_mul_ordered::<_, $float>(x, black_box(0.5)));
                show_one("simd_reduce_mul_unordered", simd::simd_reduce_mul_unordered::<_, $float>(x));
                show_one("simd_reduce_min", simd::simd_reduce_min::<_, $float>(x));
                show_one("simd_reduce_max", simd::simd_reduce_max::<_, $float>(x));
            }
        )*};
    }
    integers! {
        i8: [1, -2, 3, 4, 5, 6, -7, 9];
        u8: [255, 2, 3, 4, 5, 6, 7, 9];
        i16: [7, -2, 3, i16::MIN];
        u32: [7, 2, 3, u32::MAX];
        i32: [7, -2, 3, 5];
        i64: [7, i64::MIN];
        u64: [7, u64::MAX - 2];
    }
    floats! {
        f32: [1.5, -2.0, 4.0, 0.25];
        f64: [1.5, -2.0];
        f64: [1.5, -2.0, 8.0, 0.5];
    }
    for lanes in black_box([[0i32, 0, 0, 0], [-1, 0, 0, -1], [-1, -1, -1, -1]]) {
        unsafe {
            show_one("simd_reduce_all", simd::simd_reduce_all(V(lanes)));
            show_one("simd_reduce_any", simd::simd_reduce_any(V(lanes)));
            let lanes = V(lanes.map(|lane| lane as i8));
            show_one("simd_reduce_all", simd::simd_reduce_all(lanes));
            show_one("simd_reduce_any", simd::simd_reduce_any(lanes));
        }
    }
}

unsafe fn of_masks() {
    let (mask, x, y) =
        black_box((V([-1i32, 0, 0, -1]), V([1.5f32, 2.5, 3.5, 4.5]), V([5u32, 6, 7, 8])));
    let z = black_box(V([50u32, 60, 70, 80]));
    let (small, bytes) =
        black_box((V([-1i8, 0, 0, -1, -1, 0, -1, 0]), V([1u8, 2, 3, 4, 5, 6, 7, 8])));
    let wide = black_box(V([-1i8, 0, 0, -1, -1, 0, -1, 0, 0, 0, -1, -1, 0, -1, 0, -1]));
    let (longs, floats) = black_box((V([0i64, -1]), V([0.5f64, 1.5])));
    unsafe {
        show("simd_select", simd::simd_select(mask, x, simd::simd_neg(x)));
        show("simd_select", simd::simd_select(mask, y, z));
        show("simd_select", simd::simd_select(small, bytes, simd::simd_mul(bytes, bytes)));
        show("simd_select", simd::simd_select(longs, floats, simd::simd_neg(floats)));
        for bits in black_box([0u8, 0b1001, 0b0110, 0xff]) {
            show("simd_select_bitmask", simd::simd_select_bitmask(bits, y, z));
            show("simd_select_bitmask", simd::simd_select_bitmask([bits], y, z));
            show(
                "simd_select_bitmask",
                simd::simd_select_bitmask(bits, bytes, simd::simd_mul(bytes, bytes)),
            );
        }
        for bits in black_box([0u16, 0x8001, 0x1234, u16::MAX]) {
            show("simd_select_bitmask", simd::simd_select_bitmask(bits, wide, V([7i8; 16])));
            show(
                "simd_select_bitmask",
                simd::simd_select_bitmask(bits.to_le_bytes(), wide, V([7i8; 16])),
            );
        }
        show_one("simd_bitmask", simd::simd_bitmask::<_, u8>(mask));
        show_one("simd_bitmask", simd::simd_bitmask::<_, [u8; 1]>(mask));
        show_one("simd_bitmask", simd::simd_bitmask::<_, u8>(small));
        show_one("simd_bitmask", simd::simd_bitmask::<_, u8>(longs));
        show_one("simd_bitmask", simd::simd_bitmask::<_, u16>(wide));
        show_one("simd_bitmask", simd::simd_bitmask::<_, [u8; 2]>(wide));
    }
}

unsafe fn of_casts() {
    let (numbers, small) = black_box((V([1i32, -2, i32::MAX, i32::MIN]), V([200u8, 1, 2, 255])));
    let (floats, halves) = black_box((V([1.5f32, -2.5, 100.0, 0.0]), V([1.75f64, -3.5])));
    let extreme = black_box(V([f32::NAN, f32::INFINITY, -1e30, 3e9]));
    unsafe {
        show::<i64, 4>("simd_cast", simd::simd_cast(numbers));
        show::<i8, 4>("simd_cast", simd::simd_cast(numbers));
        show::<u32, 4>("simd_cast", simd::simd_cast(numbers));
        show::<f32, 4>("simd_cast", simd::simd_cast(numbers));
        show::<f64, 4>("simd_cast", simd::simd_cast(numbers));
        show::<u64, 4>("simd_cast", simd::simd_cast(small));
        show::<f32, 4>("simd_cast", simd::simd_cast(small));
        show::<i8, 4>("simd_cast", simd::simd_cast(floats));
        show::<i32, 4>("simd_cast", simd::simd_cast(floats));
        show::<i64, 4>("simd_cast", simd::simd_cast(floats));
        show::<f64, 4>("simd_cast", simd::simd_cast(floats));
        show::<f32, 2>("simd_cast", simd::simd_cast(halves));
        show::<i64, 2>("simd_cast", simd::simd_cast(halves));
        show::<i16, 4>("simd_as", simd::simd_as(numbers));
        show::<u64, 4>("simd_as", simd::simd_as(numbers));
        show::<f64, 4>("simd_as", simd::simd_as(numbers));
        show::<i32, 4>("simd_as", simd::simd_as(small));
        show::<i8, 4>("simd_as", simd::simd_as(extreme));
        show::<u8, 4>("simd_as", simd::simd_as(extreme));
        show::<i32, 4>("simd_as", simd::simd_as(extreme));
        show::<u32, 4>("simd_as", simd::simd_as(extreme));
        show::<i64, 4>("simd_as", simd::simd_as(extreme));
        show::<u64, 4>("simd_as", simd::simd_as(extreme));
        show::<f64, 4>("simd_as", simd::simd_as(floats));
        show::<f32, 2>("simd_as", simd::simd_as(halves));
    }
}

unsafe fn of_pointers() {
    let numbers = black_box([1u32, 2, 3, 4, 5, 6, 7, 8]);
    let start = numbers.as_ptr();
    unsafe {
        let pointers = black_box(V([start, start.add(1), start.add(2), start.add(3)]));
        let moved: V<*const u32, 4> =
            simd::simd_arith_offset(pointers, black_box(V([4isize, 0, -1, 1])));
        show_one("simd_arith_offset", moved.lanes().map(|lane| *lane));
        let moved: V<*const u32, 4> =
            simd::simd_arith_offset(pointers, black_box(V([4usize, 0, 2, 1])));
        show_one("simd_arith_offset", moved.lanes().map(|lane| *lane));
        let bytes: V<*const u8, 4> = simd::simd_cast_ptr(moved);
        show_one("simd_cast_ptr", bytes.lanes().map(|lane| *lane));
        let addresses: V<usize, 4> = simd::simd_expose_provenance(pointers);
        show_one("simd_expose_provenance", addresses.lanes().map(|lane| lane - start.addr()));
        let addresses = black_box(simd::simd_add(addresses, V([16, 8, 0, 4])));
        let pointers: V<*const u32, 4> = simd::simd_with_exposed_provenance(addresses);
        show_one("simd_with_exposed_provenance", pointers.lanes().map(|lane| *lane));
    }
}

#[repr(align(32))]
struct Aligned<T>(T);

unsafe fn of_memory() {
    let mut numbers = black_box(Aligned([1u32, 2, 3, 4, 5, 6, 7, 8]));
    let mut bytes = black_box(Aligned([1u8, 2, 3, 4, 5, 6, 7, 8, 9]));
    let start = numbers.0.as_mut_ptr();
    let first = bytes.0.as_mut_ptr();
    let (mask, values) = black_box((V([-1i32, 0, 0, -1]), V([50u32, 60, 70, 80])));
    let (small, others) =
        black_box((V([-1i8, 0, -1, 0, 0, -1, -1, 0]), V([50u8, 60, 70, 80, 90, 100, 110, 120])));
    unsafe {
        let pointers = black_box(V([start.add(7), start, start.add(1), start.add(2)]));
        show("simd_gather", simd::simd_gather(values, pointers, mask));
        simd::simd_scatter(values, pointers, mask);
        show_one("simd_scatter", *start.cast::<[u32; 8]>());
        let dangling = black_box(V([start, std::ptr::null_mut(), std::ptr::null_mut(), start]));
        show("simd_gather", simd::simd_gather(values, dangling, mask));

        show(
            "simd_masked_load",
            simd::simd_masked_load::<_, _, _, { SimdAlign::Unaligned }>(mask, start.add(1), values),
        );
        show(
            "simd_masked_load",
            simd::simd_masked_load::<_, _, _, { SimdAlign::Element }>(mask, start.add(2), values),
        );
        show(
            "simd_masked_load",
            simd::simd_masked_load::<_, _, _, { SimdAlign::Vector }>(mask, start, values),
        );
        show(
            "simd_masked_load",
            simd::simd_masked_load::<_, _, _, { SimdAlign::Unaligned }>(
                small,
                first.add(1),
                others,
            ),
        );
        let unaligned = first.add(1).cast::<u32>();
        let lane = black_box(V([-1i32, 0]));
        show(
            "simd_masked_load",
            simd::simd_masked_load::<_, _, _, { SimdAlign::Unaligned }>(
                lane,
                unaligned,
                V([7u32, 8]),
            ),
        );

        simd::simd_masked_store::<_, _, _, { SimdAlign::Unaligned }>(mask, start.add(1), values);
        show_one("simd_masked_store", *start.cast::<[u32; 8]>());
        simd::simd_masked_store::<_, _, _, { SimdAlign::Element }>(mask, start.add(3), values);
        show_one("simd_masked_store", *start.cast::<[u32; 8]>());
        simd::simd_masked_store::<_, _, _, { SimdAlign::Vector }>(mask, start, values);
        show_one("simd_masked_store", *start.cast::<[u32; 8]>());
        simd::simd_masked_store::<_, _, _, { SimdAlign::Unaligned }>(small, first.add(1), others);
        show_one("simd_masked_store", *first.cast::<[u8; 9]>());
        simd::simd_masked_store::<_, _, _, { SimdAlign::Unaligned }>(
            lane,
            unaligned,
            V([u32::MAX, 8]),
        );
        show_one("simd_masked_store", *first.cast::<[u8; 9]>());
    }
}
