//! Vectors of f16: Cranelift can only move their lanes.

//@ edition: 2024
//@ run-pass
//@ note: of `f16` or `f128`

#![feature(cfg_version, core_intrinsics, repr_simd, f16, f128)]
#![allow(internal_features, non_camel_case_types)]
use std::hint::black_box as bb;
use std::intrinsics::simd::*;
#[cfg(not(version("1.96")))]
use std::intrinsics::simd::{simd_fmax as simd_maximum_number_nsz, simd_fmin as simd_minimum_number_nsz};
#[repr(simd)]
#[derive(Clone, Copy)]
struct H([f16; 4]);
#[repr(simd)]
#[derive(Clone, Copy)]
struct S([f32; 4]);
#[repr(simd)]
#[derive(Clone, Copy)]
struct I([i16; 4]);
fn show(h: H) {
    println!("{:?}", unsafe { std::mem::transmute::<H, [u16; 4]>(h) })
}
fn main() {
    unsafe {
        let a = bb(H([1.5, -2.0, 100.0, 0.1]));
        let b = bb(H([2.0, 3.0, -0.0, 7.0]));
        show(simd_add(a, b));
        show(simd_sub(a, b));
        show(simd_mul(a, b));
        show(simd_div(a, b));
        show(simd_neg(a));
        show(simd_fabs(a));
        show(simd_fma(a, b, a));
        show(simd_fsqrt(a));
        show(simd_floor(a));
        show(simd_ceil(a));
        show(simd_trunc(a));
        show(simd_minimum_number_nsz(a, b));
        show(simd_maximum_number_nsz(a, b));
        let i: I = simd_lt(a, b);
        println!("{:?}", std::mem::transmute::<I, [i16; 4]>(i));
        show(simd_select(i, a, b));
        let s: S = simd_cast(a);
        println!("{:?}", std::mem::transmute::<S, [f32; 4]>(s));
        show(simd_cast(s));
        let i: I = simd_as(a);
        println!("{:?}", std::mem::transmute::<I, [i16; 4]>(i));
        show(simd_cast(i));
        let x: f16 = simd_reduce_add_ordered(a, 0.0);
        println!("{x:?}");
        let x: f16 = simd_reduce_max(a);
        println!("{x:?}");
        show(simd_rem(a, b));
        show(simd_insert(a, 1, 9.0f16));
        println!("{:?}", simd_extract::<_, f16>(a, 2));
    }
}
