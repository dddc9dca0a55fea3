//! What all programs do: their work on a painted stack, and a line for each result.

use std::hint::black_box;
use std::{slice, thread};

/// Bytes that are left alone: what the painter itself needs.
const OWN: usize = 4 << 10;
/// Bytes at the end of the stack that are left alone: what the thread has at its beginning is not known.
const REST: usize = 64 << 10;
const PAINT: u8 = 0xa5;

/// Does some work on a stack of its own, of so many MiB. Returns what it returns, and how many bytes of the stack it took. A stack that is
/// larger than needed costs time: all of it is painted.
pub fn on_painted_stack<T: Send + 'static>(
    mebibytes: usize,
    work: impl FnOnce() -> T + Send + 'static,
) -> (T, usize) {
    let size = mebibytes << 20;
    let thread = thread::Builder::new().stack_size(size).spawn(move || {
        let top = here();
        // SAFETY: the thread has these bytes of stack, and nothing is there yet.
        let painted = unsafe { paint(top, size) };
        let result = black_box(below(work));
        // SAFETY: as above.
        let used = unsafe { used(top, painted) } - OWN;
        (result, used)
    });
    thread.expect("a thread can be started").join().expect("the work does not panic")
}

/// Does the work in a frame of its own, below what is not painted: optimised, it would become a part of a frame above that.
#[inline(never)]
fn below<T>(work: impl FnOnce() -> T) -> T {
    let unpainted = [0_u8; OWN];
    black_box(&unpainted);
    let result = apart(work);
    black_box(&unpainted);
    result
}

#[inline(never)]
fn apart<T>(work: impl FnOnce() -> T) -> T {
    black_box(work())
}

#[inline(never)]
fn here() -> usize {
    let local = 0_u8;
    black_box(&raw const local) as usize
}

/// Paints most of what is below in a stack of so many bytes, and returns the lowest painted address.
#[inline(never)]
unsafe fn paint(top: usize, size: usize) -> usize {
    let low = top - size + REST;
    let high = top - OWN;
    unsafe { std::ptr::write_bytes(low as *mut u8, PAINT, high - low) };
    low
}

/// How far below the top something is not painted any more. It goes by pages first: bytes one by one take longer than the work.
#[inline(never)]
unsafe fn used(top: usize, low: usize) -> usize {
    const PAGE: usize = 4096;
    static PAINTED: [u8; PAGE] = [PAINT; PAGE];
    // SAFETY: the thread has these bytes of stack, and whoever wrote to them is done.
    let bytes = unsafe { slice::from_raw_parts(low as *const u8, top - low) };
    let pages = bytes.chunks(PAGE).take_while(|&page| page == PAINTED).count();
    let rest = &bytes[pages * PAGE..];
    rest.iter().position(|&byte| byte != PAINT).map_or(0, |at| rest.len() - at)
}

/// Prints a figure that does not depend on the compiler.
pub fn result(name: &str, value: u64) {
    println!("result {name} {value}");
}

/// Prints how many bytes of stack something takes.
pub fn stack(bytes: usize) {
    println!("stack {bytes}");
}

/// Mixes a value into a sum.
pub fn mix(sum: u64, value: u64) -> u64 {
    (sum.rotate_left(7) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
