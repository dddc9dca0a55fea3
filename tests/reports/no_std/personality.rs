//! A program without std that has landing pads, and a personality function of its own.

#![feature(lang_items)]
#![allow(internal_features)]
#![no_std]
#![no_main]

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    unsafe { exit(7) }
}
#[lang = "eh_personality"]
extern "C" fn my_own_personality() {}

// Landing pads end with it.
#[unsafe(no_mangle)]
pub extern "C" fn _Unwind_Resume() -> ! {
    unsafe { exit(8) }
}

unsafe extern "C" {
    fn write(fd: i32, p: *const u8, n: usize) -> isize;
    fn exit(status: i32) -> !;
}
#[link(name = "c")]
unsafe extern "C" {}

struct D;
impl Drop for D {
    fn drop(&mut self) {
        unsafe { write(1, b"drop\n".as_ptr(), 5) };
    }
}
#[inline(never)]
fn may_panic(x: i32) -> i32 {
    if x > 5 { panic!() } else { x }
}
#[inline(never)]
fn cleans_up(x: i32) -> i32 {
    let _d = D;
    may_panic(x) + 1
}

#[unsafe(no_mangle)]
pub extern "C" fn main(count: i32, _: *const *const u8) -> i32 {
    cleans_up(count)
}
