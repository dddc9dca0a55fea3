//! One function, declared in several ways (`clashing_extern_declarations` warns at most), and functions that code generators call by themselves.

//@ edition: 2024
//@ run-pass

#![allow(clashing_extern_declarations, improper_ctypes)]
use std::ffi::{c_char, c_int, c_void};
use std::hint::black_box;

mod a {
    use super::*;
    unsafe extern "C" {
        pub fn strlen(text: *const c_char) -> usize;
        pub fn write(fd: c_int, bytes: *const c_void, size: usize) -> isize;
        pub fn memchr(bytes: *const c_void, byte: c_int, size: usize) -> *mut c_void;
        pub fn fmod(x: f64, y: f64) -> f64;
        pub fn abs(x: c_int) -> c_int;
        pub fn atoi(text: *const c_char) -> c_int;
        pub fn free(pointer: *mut c_void);
        pub fn malloc(size: usize) -> *mut c_void;
        pub fn twice(x: u32) -> u32;
        pub fn memcpy(to: *mut c_void, from: *const c_void, size: usize) -> *mut c_void;
    }
}
mod b {
    use super::*;
    unsafe extern "C" {
        pub fn strlen(text: *const u8) -> u64;
        pub fn write(fd: u8, bytes: &u8, size: u32) -> i64;
        pub fn memchr(bytes: &u8, byte: u8, size: usize) -> Option<&u8>;
        pub fn fmod(x: u64, y: u64, z: f64, w: f64) -> f64;
        pub fn abs(x: i64) -> i32;
        pub fn atoi(text: &u8) -> i16;
        pub fn free(pointer: Option<Box<u8>>) -> usize;
        pub fn malloc(size: u32) -> usize;
        pub fn twice(x: u64) -> u64;
        pub fn memcpy(to: *mut u8, from: *const u8, size: u64);
    }
}
#[unsafe(no_mangle)]
extern "C" fn twice(x: i32) -> i32 {
    x * 2
}
fn pointers() -> [usize; 2] {
    let one: unsafe extern "C" fn(u32) -> u32 = a::twice;
    let other: unsafe extern "C" fn(u64) -> u64 = b::twice;
    [one as usize, other as usize]
}
static TABLE: [unsafe extern "C" fn(u64) -> u64; 2] = [b::twice, b::twice];
fn main() {
    let text = c"123 and more";
    unsafe {
        println!("{} {}", a::strlen(text.as_ptr()), b::strlen(text.as_ptr().cast()));
        println!("{} {}", a::write(-1, text.as_ptr().cast(), 3), b::write(200, &b'x', 1));
        println!(
            "{} {:?}",
            a::memchr(text.as_ptr().cast(), 97, 9).is_null(),
            b::memchr(&*text.as_ptr().cast(), b'a', 12)
        );
        println!(
            "{} {} {}",
            a::fmod(black_box(7.5), 2.0),
            b::fmod(1, 2, black_box(7.5), 2.0),
            black_box(7.5f64) % black_box(2.0)
        );
        println!("{} {}", a::abs(-5), b::abs(-7));
        println!("{} {}", a::atoi(text.as_ptr()), b::atoi(&*text.as_ptr().cast()));
        println!("{} {} {}", twice(4), a::twice(5), b::twice(6));
        let memory = b::malloc(10);
        b::memcpy(memory as *mut u8, text.as_ptr().cast(), 10);
        let more = a::malloc(10);
        a::memcpy(more, memory as *const c_void, 10);
        println!("{:?} {}", *more.cast::<[u8; 3]>(), { *more.cast::<u8>().add(4) });
        a::free(more);
        b::free(Some(Box::from_raw(memory as *mut u8)));
        println!("{} {}", pointers()[0] == pointers()[1], TABLE[black_box(1)](8));
    }
}
