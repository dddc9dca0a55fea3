//! A crate with a library of C in its rlib.

#[link(name = "inside", kind = "static")]
unsafe extern "C" {
    safe fn times_five(number: u8) -> u64;
}

pub async fn later(numbers: [u8; 100]) -> u64 {
    store::Wait::default().await;
    times_five(numbers[99])
}

pub fn answer(number: u8) -> u64 {
    store::finish(later([number; 100]))
}
