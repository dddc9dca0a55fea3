#[inline(never)]
fn third(values: &mut [u64; 700]) -> u64 {
    let mut copy = [0_u64; 300];
    for (at, value) in values.iter_mut().enumerate() {
        *value = at as u64 * 3;
        copy[at % 300] ^= *value;
    }
    std::hint::black_box(&copy)[7]
}

#[inline(never)]
fn second(number: u64) -> u64 {
    let mut values = [number; 700];
    third(&mut values) + std::hint::black_box(&values)[3]
}

#[inline(never)]
pub fn work() -> u64 {
    let small = std::hint::black_box([1_u64; 50]);
    second(small[3]) + std::hint::black_box(&small)[1]
}
