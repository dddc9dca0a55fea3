#[inline(never)]
fn huge(number: u64) -> u64 {
    let values = std::hint::black_box([number; 40_000]);
    values[39_999] + values[0]
}

#[inline(never)]
fn large(number: u64) -> u64 {
    let values = std::hint::black_box([number; 1_200]);
    values[7] + huge(values[8])
}

#[inline(never)]
pub fn work() -> u64 {
    large(4)
}
