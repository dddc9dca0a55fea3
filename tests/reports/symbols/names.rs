//! Uses a crate's items whose names begin with `\u{1}`, from another crate.

extern crate names_lib;

fn main() {
    println!("{}", std::thread::spawn(|| names_lib::generic(8i16)).join().unwrap());
    names_lib::all();
    println!("{} {}", names_lib::inlined(7), names_lib::generic(8i16));
    let pointer: extern "C" fn(i32) -> i32 = names_lib::exported;
    println!("{} {} {}", pointer(9), names_lib::EXPORTED, names_lib::naked(1));
}
