//! Intrinsics that Cranelift has do what the processor does, and its assembly is what is written: NaN,
//! zeros, indices and carries out of range, comparisons that look at nothing, comments in strings,
//! functions that are called.
//@ edition: 2024
//@ run-pass
#![cfg(target_arch = "x86_64")]

use std::arch::asm;
use std::arch::x86_64::*;
use std::ffi::CStr;
use std::hint::black_box;
use std::mem::{MaybeUninit, transmute};

fn extremes() -> [[u32; 4]; 4] {
    let a = black_box([f32::NAN, 1.0, -0.0, 0.0]);
    let b = black_box([1.0, f32::NAN, 0.0, -0.0]);
    unsafe {
        let (a, b) = (_mm_loadu_ps(a.as_ptr()), _mm_loadu_ps(b.as_ptr()));
        [_mm_max_ps(a, b), _mm_max_ps(b, a), _mm_min_ps(a, b), _mm_min_ps(b, a)]
            .map(|x| transmute(x))
    }
}

fn carries(carry: u8) -> (u8, u64, u8, u32) {
    let (mut sum, mut difference) = (0, 0);
    let over = _addcarry_u64(carry, black_box(u64::MAX - 1), 0, &mut sum);
    let under = _subborrow_u32(carry, black_box(1), 0, &mut difference);
    (over, sum, under, difference)
}

#[target_feature(enable = "avx2")]
fn permuted(indices: [u32; 8]) -> [u32; 8] {
    unsafe {
        let values = transmute::<[u32; 8], __m256i>([10, 11, 12, 13, 14, 15, 16, 17]);
        transmute(_mm256_permutevar8x32_epi32(values, transmute(indices)))
    }
}

#[target_feature(enable = "avx")]
fn compared() -> [[u64; 2]; 3] {
    let (a, b) = (_mm_set1_ps(black_box(1.0)), _mm_set1_ps(black_box(f32::NAN)));
    let (c, d) = (_mm_set1_pd(black_box(1.0)), _mm_set1_pd(black_box(1.0)));
    unsafe {
        [
            transmute(_mm_cmp_ps::<_CMP_FALSE_OQ>(a, a)),
            transmute(_mm_cmp_ps::<_CMP_TRUE_UQ>(a, b)),
            transmute(_mm_cmp_pd::<_CMP_TRUE_US>(c, d)),
        ]
    }
}

/// The highest bit of the mode means nothing.
#[target_feature(enable = "sse4.2")]
fn found() -> i32 {
    let (some, text) = (_mm_set1_epi8(black_box(7)), _mm_set_epi64x(7, black_box(0)));
    _mm_cmpestri::<0x80>(some, 1, text, 16)
}

fn assembled() -> (&'static CStr, [u32; 4]) {
    let text: *const i8;
    unsafe {
        let mut vector = MaybeUninit::<__m128i>::new(_mm_set1_epi32(black_box(3)));
        asm!("jmp 3f // to the end", "2: .asciz \"http://a/{{b}}\"", "3: lea {}, [rip + 2b]", out(reg) text);
        asm!("paddd {0}, {0}", inout(xmm_reg) vector);
        (CStr::from_ptr(text), transmute(vector.assume_init()))
    }
}

extern "C" fn length(x: u64) -> u64 {
    // Has vectors on the stack.
    black_box(format!("{x} {:?}", black_box([1.5, 2.5]))).len() as u64
}

/// What is above a small value is undefined, but crates rely on zero.
fn small(value: u32) -> u64 {
    let all: u64;
    unsafe { asm!("mov rax, rsi", in("rsi") value, lateout("rax") all) };
    all
}

/// Assembly may call functions.
fn called() -> (u64, u64) {
    let (aligned, result): (u64, u64);
    unsafe {
        asm!("mov {0}, rsp", "and {0}, 15", out(reg) aligned);
        asm!("call {}", in(reg) length as *const (), in("rdi") 7, out("rax") result, clobber_abi("C"));
    }
    (aligned, result)
}

extern "C" fn traces() -> bool {
    std::backtrace::Backtrace::force_capture().to_string().contains("::calls_from_assembly")
}

/// What it calls finds its way back, and it may have directives of its own.
#[inline(never)]
fn calls_from_assembly() -> (bool, u64) {
    let (traced, pushed): (u64, u64);
    unsafe {
        asm!("call {}", in(reg) traces as *const (), out("rax") traced, clobber_abi("C"));
        asm!(
            ".cfi_remember_state",
            "push rdi",
            ".cfi_adjust_cfa_offset 8",
            "pop rax",
            ".cfi_restore_state",
            in("rdi") 9_u64,
            out("rax") pushed,
        );
    }
    (traced as u8 == 1, pushed)
}

fn main() {
    println!("{:x?}", extremes());
    for carry in [0, 1, 2, 255] {
        println!("{:?}", carries(black_box(carry)));
    }
    if is_x86_feature_detected!("avx2") {
        println!("{:?}", unsafe { permuted(black_box([0, 9, 2, 4_000_000_011, 4, 21, 6, 8])) });
    }
    if is_x86_feature_detected!("avx") {
        println!("{:x?}", unsafe { compared() });
    }
    if is_x86_feature_detected!("sse4.2") {
        println!("{}", unsafe { found() });
    }
    println!("{:?} {:?} {}", assembled(), called(), small(black_box(3)));
    println!("{:?}", calls_from_assembly());
}
