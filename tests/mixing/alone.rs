//! A program on `store` alone.

#![allow(dead_code)]

extern crate store;

fn main() {
    assert_eq!(store::sizes(), store::sizes!());
    println!("{}", store::finish(store::hold([3; 1024])));
}
