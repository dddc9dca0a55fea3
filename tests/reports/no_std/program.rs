//! A program without std whose panics abort: nobody defines `rust_eh_personality`.

#![no_std]
#![no_main]

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}

struct D(u32);
impl Drop for D {
    fn drop(&mut self) {
        unsafe { write(1, b"drop\n".as_ptr(), 5) };
    }
}

#[inline(never)]
fn helper(x: u32) -> u32 {
    let _d = D(x);
    x.wrapping_mul(3)
}

unsafe extern "C" {
    fn write(fd: i32, p: *const u8, n: usize) -> isize;
}
#[link(name = "c")]
unsafe extern "C" {}

#[unsafe(no_mangle)]
pub extern "C" fn main(_: i32, _: *const *const u8) -> i32 {
    helper(14) as i32
}
