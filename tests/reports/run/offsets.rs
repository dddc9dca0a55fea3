//! wasmtime#12949, #7916, cg_clif#1370, #1434: 128-bit values at offsets around 2 GiB, and large frames.

//@ edition: 2024
//@ run-pass

use std::hint::black_box as bb;
#[repr(C, packed)]
struct Far {
    a: [u8; 0x7fff_fff9],
    b: u128,
    c: u64,
}
#[repr(C)]
struct Aligned {
    a: [u8; 0x7fff_fff0],
    b: u128,
    c: u64,
}
#[inline(never)]
unsafe fn far(p: *const Far) -> (u128, u64) {
    unsafe { ((&raw const (*p).b).read_unaligned(), (&raw const (*p).c).read_unaligned()) }
}
#[inline(never)]
unsafe fn put(p: *mut Far, x: u128) {
    unsafe {
        (&raw mut (*p).b).write_unaligned(x);
        (&raw mut (*p).c).write_unaligned(7);
    }
}
#[inline(never)]
unsafe fn aligned(p: *mut Aligned, x: u128) -> (u128, u64) {
    unsafe {
        (*p).b = x;
        (*p).c = 9;
        ((*p).b ^ 1, (*p).c)
    }
}
unsafe extern "C" {
    fn mmap(a: *mut u8, n: usize, p: i32, f: i32, fd: i32, o: i64) -> *mut u8;
}
fn main() {
    unsafe {
        let p = mmap(std::ptr::null_mut(), 0x8000_2000, 3, 0x4022, -1, 0);
        assert!(p as isize != -1);
        put(p.cast(), bb(0x0123456789abcdef_fedcba9876543210));
        println!("{:x?}", far(p.cast()));
        println!("{:x?}", aligned(p.cast(), bb(u128::MAX - 5)));
        println!("{:x}", p.add(0x7fff_fff9).cast::<u64>().read_unaligned());
    }
}
