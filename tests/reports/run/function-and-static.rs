//! A symbol that is declared as a function and as a static.

//@ edition: 2024
//@ run-pass

use std::hint::black_box;
mod a {
    unsafe extern "C" {
        pub fn getpid() -> i32;
    }
}
mod b {
    unsafe extern "C" {
        pub static getpid: u8;
        pub static environ: *const *const u8;
    }
}
mod c {
    unsafe extern "C" {
        pub static environ: usize;
    }
}
fn main() {
    let address = &raw const b::getpid as usize;
    let function: unsafe extern "C" fn() -> i32 = a::getpid;
    println!("{}", address == black_box(function) as usize);
    unsafe {
        println!(
            "{} {}",
            a::getpid() == std::process::id() as i32,
            b::environ as usize == c::environ
        );
    }
}
