//! Statics of all kinds: where LLVM puts them.

#![feature(thread_local)]
#![allow(dead_code)]

use std::cell::{Cell, UnsafeCell};
use std::mem::MaybeUninit;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64};

#[repr(C, align(128))]
pub struct Padded(u8, u64, [u16; 3]);
#[repr(C)]
pub struct Mixed {
    bytes: [u8; 100],
    unset: MaybeUninit<[u64; 100]>,
    pairs: [(u8, u32); 50],
}
pub union Either {
    small: u8,
    large: [u64; 8],
}
pub struct Shared(UnsafeCell<[u32; 64]>);
unsafe impl Sync for Shared {}

const fn last_is(value: u8) -> [u8; 1000] {
    let mut array = [0; 1000];
    array[999] = value;
    array
}
/// What it was is gone.
const fn forgotten() -> MaybeUninit<[u8; 64]> {
    let mut bytes = MaybeUninit::new([1; 64]);
    bytes = MaybeUninit::uninit();
    bytes
}

macro_rules! statics {
    ($($(#[$attribute:meta])* $name:ident: $type:ty = $value:expr;)*) => {
        $(#[unsafe(no_mangle)] $(#[$attribute])* pub static mut $name: $type = $value;)*
    };
}
statics! {
    S_ZEROS: [u8; 4096] = [0; 4096];
    S_ONE: [u8; 1000] = last_is(1);
    S_NONE: [u8; 1000] = last_is(0);
    S_BYTE: u8 = 0;
    S_WORD: u64 = 0;
    S_WIDE: u128 = 0;
    S_FLOAT: f64 = 0.0;
    S_NEGATIVE: f64 = -0.0;
    S_UNINIT: MaybeUninit<[u64; 512]> = MaybeUninit::uninit();
    S_ZEROED: MaybeUninit<[u64; 512]> = MaybeUninit::zeroed();
    S_FORGOTTEN: MaybeUninit<[u8; 64]> = forgotten();
    S_PADDED: Padded = Padded(0, 0, [0; 3]);
    S_PADDED_ARRAY: [Padded; 40] = [const { Padded(0, 0, [0; 3]) }; 40];
    S_PADDED_ONE: [Padded; 2] = [Padded(0, 0, [0; 3]), Padded(0, 0, [0, 0, 1])];
    S_MIXED: Mixed = Mixed { bytes: [0; 100], unset: MaybeUninit::uninit(), pairs: [(0, 0); 50] };
    S_MIXED_SEVEN: Mixed = Mixed { bytes: [0; 100], unset: MaybeUninit::uninit(), pairs: [(0, 7); 50] };
    S_UNION: Either = Either { small: 0 };
    S_UNION_ONE: Either = Either { small: 1 };
    S_OPTION: Option<u64> = None;
    S_OPTION_ZERO: Option<u64> = Some(0);
    S_REFERENCE: Option<&'static u8> = None;
    S_NULL: *const u8 = std::ptr::null();
    S_POINTER: [*const u8; 2] = [std::ptr::null(), &raw const S_BYTE];
    S_UNIT: () = ();
    S_EMPTY: [u64; 0] = [];
    S_VEC: Vec<u8> = Vec::new();
    S_TUPLES: [(u8, u32); 1000] = [(0, 0); 1000];
    S_BOOLS: [bool; 3] = [false; 3];
    S_NESTED: &'static mut [u8; 300] = &mut [0; 300];
    #[unsafe(link_section = ".data.mine")] S_IN_DATA: [u8; 100] = [0; 100];
    #[unsafe(link_section = ".mine")] S_IN_MINE: [u8; 100] = [0; 100];
    #[thread_local] S_LOCAL: [u64; 1024] = [0; 1024];
    #[thread_local] S_LOCAL_UNINIT: MaybeUninit<[u64; 1024]> = MaybeUninit::uninit();
    #[thread_local] S_LOCAL_ONE: [u64; 3] = [0, 0, 1];
}

#[unsafe(no_mangle)]
pub static C_ZEROS: [u8; 4096] = [0; 4096];
#[unsafe(no_mangle)]
pub static C_UNINIT: MaybeUninit<[u8; 100]> = MaybeUninit::uninit();
#[unsafe(no_mangle)]
pub static C_TEXT: &str = "text";
#[unsafe(no_mangle)]
pub static C_ATOMIC: AtomicU64 = AtomicU64::new(0);
#[unsafe(no_mangle)]
pub static C_ATOMICS: [AtomicBool; 100] = [const { AtomicBool::new(false) }; 100];
#[unsafe(no_mangle)]
pub static C_NULL: AtomicPtr<u8> = AtomicPtr::new(std::ptr::null_mut());
#[unsafe(no_mangle)]
pub static C_MUTEX: Mutex<[u8; 1000]> = Mutex::new([0; 1000]);
#[unsafe(no_mangle)]
pub static C_SHARED: Shared = Shared(UnsafeCell::new([0; 64]));
#[unsafe(no_mangle)]
#[thread_local]
pub static C_LOCAL: Cell<u64> = Cell::new(0);
#[unsafe(no_mangle)]
#[thread_local]
pub static C_LOCAL_CONSTANT: u64 = 0;
