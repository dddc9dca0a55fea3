#[repr(align(256))]
struct Aligned([u64; 200]);

#[inline(never)]
fn aligned(number: u64) -> u64 {
    let value = std::hint::black_box(Aligned([number; 200]));
    value.0[3] + plain(value.0[4])
}

#[inline(never)]
fn plain(number: u64) -> u64 {
    std::hint::black_box([number; 400])[399]
}

#[inline(never)]
pub fn work() -> u64 {
    aligned(6)
}
