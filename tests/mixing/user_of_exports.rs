//! Rust that calls a library as C does.

#[link(name = "exports")]
unsafe extern "C" {
    safe fn plain(number: u8) -> u64;
    safe fn answer(number: u8) -> u64;
}

fn main() {
    println!("{} {}", plain(9), answer(9));
}
