#[inline(never)]
fn one(kind: u32, number: u64) -> u64 {
    match kind {
        0 => std::hint::black_box([number; 64])[1],
        1 => std::hint::black_box([number; 128])[2],
        2 => std::hint::black_box([number; 256])[3],
        3 => std::hint::black_box([number; 512])[4],
        4 => std::hint::black_box([number; 32])[5],
        5 => deeper(number),
        6 => number + 1,
        _ => number,
    }
}

#[inline(never)]
fn deeper(number: u64) -> u64 {
    let values = std::hint::black_box([number; 900]);
    values[8] + values[9]
}

#[inline(never)]
pub fn work() -> u64 {
    (0..9).map(|kind| one(std::hint::black_box(kind), 3)).sum()
}
