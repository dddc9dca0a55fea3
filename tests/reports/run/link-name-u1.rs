//! Names that begin with `\u{1}`: the rest is the symbol. bindgen writes them, and so does aws-lc-sys.

//@ edition: 2024
//@ run-pass

use std::ffi::*;

unsafe extern "C" {
    #[link_name = "\u{1}strlen"]
    fn my_len(s: *const c_char) -> usize;
    #[link_name = "\u{1}environ"]
    static ENV: *const *const c_char;
    #[link_name = "\x01getpid"]
    fn pid() -> i32;
}

fn main() {
    unsafe {
        println!("{} {} {}", my_len(c"hello".as_ptr()), !ENV.is_null(), pid() > 0);
        let f: unsafe extern "C" fn(*const c_char) -> usize = my_len;
        println!("{}", f(c"abc".as_ptr()));
    }
}
