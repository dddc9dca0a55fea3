//! cg_clif#1323, #1326, #1328, #171, wasmtime#9459: portable SIMD of all lanes, shuffles, masks, reductions, gathers, casts.

//@ edition: 2024
//@ run-pass

#![feature(portable_simd)]
#![allow(unused)]
use std::hint::black_box as bb;
use std::simd::prelude::*;
use std::simd::{cmp::*, num::*, *};
macro_rules! ints { ($($t:ident $n:literal)*) => { $( {
    let a = bb(Simd::<$t, $n>::from_array(std::array::from_fn(|i| (i as $t).wrapping_mul(37).wrapping_sub(5)))); let b = bb(Simd::<$t, $n>::from_array(std::array::from_fn(|i| ($t::MAX / 2).wrapping_add((i as $t).wrapping_mul(11)))));
    println!("{:?} {:?} {:?}", a + b, a - b, a * b); println!("{:?} {:?}", a & b | !a ^ b, a / b.simd_max(Simd::splat(3))); println!("{:?} {:?}", a.simd_min(b), a.simd_clamp(Simd::splat(2), Simd::splat(60)));
    println!("{:?} {:?}", a.saturating_add(b), a.saturating_sub(b)); println!("{:?} {:?}", (a << Simd::splat(3)), a >> Simd::splat(2)); println!("{:?} {:?} {:?}", a.reduce_sum(), a.reduce_max(), a.reduce_xor()); println!("{:?} {:?} {:?}", a.reduce_product(), b.reduce_min(), a.reduce_and() | b.reduce_or());
    let m = a.simd_lt(b); println!("{:?} {:?} {} {} {:?}", m.select(a, b), m.to_bitmask(), m.any(), m.all(), a.simd_eq(a.reverse())); println!("{:?} {:?} {:?}", a.rotate_elements_left::<1>(), a.interleave(b).0, a.deinterleave(b).1); println!("{:?} {:?}", a.swap_bytes(), a.reverse_bits()); println!("{:?} {:?} {:?}", a.leading_zeros(), a.trailing_ones(), a.count_ones());
    println!("{:?} {:?} {:?} {:?}", a.cast::<f32>(), a.cast::<i8>(), a.cast::<u64>(), a.cast::<i16>()); let list: Vec<$t> = (0..100).map(|x| x as $t).collect(); let idx = Simd::<usize, $n>::from_array(std::array::from_fn(|i| i * 29)); println!("{:?}", Simd::gather_or(&list, idx, a)); let mut out = list.clone(); a.scatter(&mut out, idx); println!("{:?}", &out[..60]); println!("{:?}", Simd::<$t, $n>::load_or_default(&list[..bb(3)])); let mut part = [0 as $t; 9]; a.store_select(&mut part[..bb($n).min(9)], m); println!("{part:?}"); println!("{:?}", a.to_array()[bb(1)]);
} )* } }
macro_rules! floats { ($($t:ident $n:literal $i:ident)*) => { $( {
    let a = bb(Simd::<$t, $n>::from_array(std::array::from_fn(|i| i as $t * 1.75 - 3.3))); let b = bb(Simd::<$t, $n>::from_array([$t::NAN, -0.0, $t::INFINITY, 1e30][..].iter().copied().cycle().take($n).collect::<Vec<_>>().try_into().unwrap()));
    println!("{:?} {:?} {:?} {:?} {:?}", a + b, a - b, a * b, a / b, a % Simd::splat(2.0)); println!("{:?} {:?} {:?}", a.simd_min(b), a.simd_max(b), a.abs()); println!("{:?} {:?}", a.simd_lt(b), a.simd_ne(b)); println!("{:?} {:?} {:?}", a.reduce_sum(), b.reduce_max(), a.reduce_product()); println!("{:?} {:?}", a.cast::<$i>(), b.cast::<u8>()); println!("{:?} {:?} {:?}", a.is_sign_negative(), a.copysign(b), a.signum()); println!("{:?} {:?}", a.recip(), -a); println!("{:x?}", a.to_bits()); println!("{:?} {:?}", b.is_nan(), a.cast::<f64>().cast::<f32>());
    use std::simd::StdFloat; println!("{:?} {:?} {:?} {:?} {:?} {:?}", a.sqrt(), a.floor(), a.ceil(), a.round(), a.trunc(), a.mul_add(a, a));
} )* } }
fn main() {
    ints!(u8 16 i8 16 u8 4 i16 8 u16 8 i32 4 u32 4 i64 2 u64 2 u64 4 i32 8 u8 32 usize 4 isize 2);
    floats!(f32 4 i32 f64 2 i64 f32 8 i32 f64 4 i64);
    let m = mask32x4::from_array([true, false, true, true]);
    println!("{:?} {:?} {:?}", !m, m ^ mask32x4::splat(true), m.to_simd());
    println!("{:?}", mask8x16::from_bitmask(bb(0xa5c3)));
    println!("{:?}", m.first_set());
    println!("{:?}", simd_swizzle!(u8x8::from_array([1, 2, 3, 4, 5, 6, 7, 8]), [7, 0, 0, 3]));
    println!(
        "{:?}",
        u8x16::from_array(*b"0123456789abcdef").swizzle_dyn(
            u8x16::splat(bb(200))
                + u8x16::from_array(std::array::from_fn(|i| (i as u8).wrapping_mul(61)))
        )
    );
    let t: [u16; 8] = unsafe { std::mem::transmute(bb(u8x16::splat(7))) };
    println!("{t:?}");
}
