#[inline(never)]
fn down(depth: u64) -> u64 {
    let values = std::hint::black_box([depth; 40]);
    if depth == 0 { values[1] } else { down(depth - 1) + values[2] }
}

#[inline(never)]
pub fn work() -> u64 {
    down(30)
}
