//! Types beyond 2 GiB behind pointers: offsets of fields and elements that do not fit into 32 bits. No value lies on the stack, and the memory is
//! hardly touched.

//@ revisions: debug optimised
//@ edition: 2024
//@ run-pass
//@[optimised] compile-flags: -Copt-level=2

use std::alloc::{Layout, alloc_zeroed, dealloc};

const GIB: usize = 1 << 30;

#[repr(C)]
struct Huge {
    first: u8,
    middle: [u8; 3 * GIB],
    wide: u128,
    array: [u64; GIB / 4],
    last: (u8, u32),
}
#[repr(C, packed)]
struct Packed {
    before: [u8; 0x7fff_fffc],
    /// Its second half is beyond 2 GiB.
    wide: u128,
    pair: (u64, u64),
}
#[repr(C)]
enum Tagged {
    #[allow(dead_code)]
    Huge([u8; 3 * GIB], u16),
    Small(u8),
}

#[inline(never)]
fn write(huge: &mut Huge, n: usize) {
    huge.first = 1;
    huge.middle[3 * GIB - n] = 2;
    huge.wide = 3 << 64 | 4;
    huge.array[GIB / 4 - n] = 5;
    huge.last = (6, 7);
}
#[inline(never)]
fn read(huge: &Huge, n: usize) -> String {
    let Huge { first, middle, wide, array, last } = huge;
    let slice = &middle[3 * GIB - 2 * n..];
    format!("{first} {} {wide:#x} {} {last:?} {slice:?}", middle[3 * GIB - n], array[GIB / 4 - n])
}
#[inline(never)]
fn packed(packed: &mut Packed, n: u128) -> (u128, u64) {
    packed.wide = n << 70 | n;
    packed.pair = (n as u64, 9);
    packed.before[0x7fff_fffb] = 1;
    (packed.wide, packed.pair.1)
}
#[inline(never)]
fn tagged(tagged: &mut Tagged) -> u16 {
    match tagged {
        Tagged::Huge(bytes, n) => {
            bytes[3 * GIB - 1] = 3;
            *n += 1;
            *n + u16::from(bytes[3 * GIB - 1])
        }
        Tagged::Small(n) => u16::from(*n),
    }
}
#[inline(never)]
fn with<T>(act: impl FnOnce(&mut T)) {
    let layout = Layout::new::<T>();
    unsafe {
        let memory = alloc_zeroed(layout);
        assert!(!memory.is_null());
        act(&mut *memory.cast::<T>());
        dealloc(memory, layout);
    }
}

fn main() {
    with(|huge| {
        write(huge, 1);
        println!("{}", read(huge, 1));
        let addresses = [&raw const huge.wide as usize, &raw const huge.last.1 as usize];
        println!("{:?}", addresses.map(|address| address - huge as *const Huge as usize));
    });
    with(|memory| println!("{:x?}", packed(memory, 0x1234)));
    with(|memory| println!("{}", tagged(memory)));
    with(|memory: &mut [[u64; GIB / 8]; 4]| {
        memory[3][GIB / 8 - 1] = 8;
        println!("{} {}", memory[3][GIB / 8 - 1], memory.as_flattened().len());
    });
    println!("{} {}", std::mem::offset_of!(Huge, last), size_of::<Huge>());
}
