//! Every kind of item whose name may begin with `\u{1}`, imported and exported.

#![feature(linkage, thread_local)]
#![allow(improper_ctypes)]

use std::arch::{asm, global_asm, naked_asm};
use std::cell::Cell;
use std::ffi::{c_char, c_int};

unsafe extern "C" {
    #[link_name = "\u{1}c_function"]
    safe fn function(x: c_int) -> c_int;
    #[link_name = "\x01c_static"]
    static STATIC: c_int;
    #[thread_local]
    #[link_name = "\u{1}c_local"]
    static LOCAL: Cell<c_int>;
    #[linkage = "extern_weak"]
    #[link_name = "\u{1}c_function"]
    static WEAK: Option<unsafe extern "C" fn(c_int) -> c_int>;
    #[linkage = "extern_weak"]
    #[link_name = "\u{1}nobody_has_this"]
    static MISSING: Option<unsafe extern "C" fn()>;
    // The symbol once more, with another name and another signature.
    #[allow(clashing_extern_declarations)]
    #[link_name = "c_function"]
    safe fn plain_function(x: i64) -> i64;
    #[link_name = "\u{1}strlen"]
    fn length(text: *const c_char) -> usize;
    #[link_name = "\u{1}called_from_assembly"]
    safe fn called_from_assembly() -> c_int;
    safe fn called_from_c() -> c_int;
}

#[unsafe(export_name = "\u{1}rust_function")]
pub extern "C" fn exported(x: c_int) -> c_int {
    x * 10
}
#[unsafe(export_name = "\x01rust_static")]
pub static EXPORTED: c_int = 100;
#[unsafe(export_name = "\u{1}rust_local")]
#[thread_local]
pub static EXPORTED_LOCAL: Cell<c_int> = Cell::new(1000);
#[unsafe(export_name = "\u{1}rust_naked")]
#[unsafe(naked)]
pub extern "C" fn naked(_: c_int) -> c_int {
    naked_asm!("lea eax, [rdi + 10000]", "ret")
}
/// The wrapper of its assembly has a name that is made of its own.
#[unsafe(export_name = "\u{1}rust_assembles")]
pub extern "C" fn assembles(mut x: c_int) -> c_int {
    unsafe { asm!("add {0:e}, {0:e}", inout(reg) x) };
    x
}
#[unsafe(export_name = "rust_by_two_names")]
pub extern "C" fn without_the_byte(x: c_int) -> c_int {
    x + EXPORTED
}
unsafe extern "C" {
    #[link_name = "\u{1}rust_by_two_names"]
    safe fn with_the_byte(x: c_int) -> c_int;
}
/// In the object of whoever uses it.
#[inline]
pub fn inlined(x: c_int) -> c_int {
    function(x) + exported(x) + unsafe { STATIC }
}
#[inline(never)]
pub fn generic<T: Into<c_int>>(x: T) -> c_int {
    function(x.into()) + EXPORTED_LOCAL.get()
}

global_asm!(
    ".globl called_from_assembly",
    "called_from_assembly:",
    "mov edi, 5",
    "jmp rust_function@PLT"
);

static POINTERS: [extern "C" fn(c_int) -> c_int; 2] = [exported, naked];

pub fn all() {
    let pointer: extern "C" fn(c_int) -> c_int = function;
    println!("{} {} {}", function(1), pointer(2), plain_function(3) as c_int);
    unsafe {
        LOCAL.set(LOCAL.get() + 1);
        println!("{} {} {}", STATIC, LOCAL.get(), length(c"four".as_ptr()));
        println!("{:?} {:?}", WEAK.map(|function| function(4)), MISSING.is_some());
    }
    println!("{} {}", with_the_byte(5), POINTERS.map(|function| function(6))[1]);
    println!("{} {} {}", called_from_c(), called_from_assembly(), EXPORTED_LOCAL.get());
}
