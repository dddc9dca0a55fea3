//! wasmtime#2672, #2679, #4699, #5086, #7865, cg_clif#1143, #1455, #1460, #743: shifts by amounts of other widths, products
//! that are cut or shifted, 128 bits.

//@ edition: 2024
//@ run-pass

#![feature(funnel_shifts, widening_mul)]
#![allow(unused, arithmetic_overflow)]
use std::hint::black_box as bb;
use std::panic::catch_unwind;

struct Hash(u64);
impl Hash {
    fn add(&mut self, bits: u128) {
        for part in [bits as u64, (bits >> 64) as u64] {
            self.0 = (self.0 ^ part).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23);
        }
    }
}

trait Edges: Sized {
    fn edges() -> Vec<Self>;
}
macro_rules! edges { ($($int:ident)*) => { $( impl Edges for $int { fn edges() -> Vec<$int> {
    let mut all = vec![0, 1, 2, 3, 7, 10, 42, 100, $int::MAX, $int::MIN, $int::MAX - 1, $int::MIN + 1, $int::MAX / 2, $int::MAX / 3, (1 as $int).wrapping_neg(), (2 as $int).wrapping_neg(), (42 as $int).wrapping_neg()];
    for shift in [1, 4, 7, 8, 15, 16, 31, 32, 33, 62, 63, 64, 65, 96, 126, 127] { if shift < $int::BITS { let p = (1 as $int) << shift; all.extend([p, p.wrapping_sub(1), p.wrapping_neg(), p | 1]); } }
    all } } )* } }
edges!(u8 i8 u16 i16 u32 i32 u64 i64 u128 i128 usize isize);

macro_rules! shifts { ($($int:ident)*) => { $( {
    let mut h = Hash(0);
    macro_rules! by { ($by:ident) => { for &x in &$int::edges() { for &y in &$by::edges() {
        let (x, y) = (bb(x), bb(y)); let bits = $int::BITS as $by;
        if y >= 0 && (y as u128) < $int::BITS as u128 { h.add((x << y) as u128); h.add((x >> y) as u128); }
        { let masked = (y as u32) & ($int::BITS - 1); h.add((x << (masked as $by)) as u128); h.add((x >> (masked as $by)) as u128); }
    } } } }
    by!(u8); by!(i8); by!(u16); by!(i16); by!(u32); by!(i32); by!(u64); by!(i64); by!(u128); by!(i128); by!(usize); by!(isize);
    println!("{} shifts {:016x}", stringify!($int), h.0);
} )* } }

#[inline(never)]
fn two<T: Edges + Copy>(int: &str, name: &str, f: fn(T, T) -> u128) {
    let mut h = Hash(0);
    for x in T::edges() {
        for y in T::edges() {
            h.add(f(bb(x), bb(y)));
        }
    }
    println!("{int} {name} {:016x}", h.0);
}
macro_rules! arithmetic { ($($int:ident $wide:ident $unsigned:ident)*) => { $( {
    macro_rules! two { ($name:literal, $f:expr) => { two::<$int>(stringify!($int), $name, $f) } }
    macro_rules! maybe { ($e:expr) => { match $e { Some(x) => x as u128, None => 0x1234567 } } }
    macro_rules! flag { ($e:expr) => {{ let (x, f) = $e; (x as u128).rotate_left(1) ^ f as u128 }} }
    two!("wrapping_add", |x, y| x.wrapping_add(y) as u128); two!("wrapping_sub", |x, y| x.wrapping_sub(y) as u128); two!("wrapping_mul", |x, y| x.wrapping_mul(y) as u128);
    two!("checked_add", |x, y| maybe!(x.checked_add(y))); two!("checked_sub", |x, y| maybe!(x.checked_sub(y))); two!("checked_mul", |x, y| maybe!(x.checked_mul(y)));
    two!("checked_div", |x, y| maybe!(x.checked_div(y))); two!("checked_rem", |x, y| maybe!(x.checked_rem(y))); two!("checked_pow", |x, y| maybe!(x.checked_pow((y as u32) & 7)));
    two!("overflowing_add", |x, y| flag!(x.overflowing_add(y))); two!("overflowing_sub", |x, y| flag!(x.overflowing_sub(y))); two!("overflowing_mul", |x, y| flag!(x.overflowing_mul(y)));
    two!("overflowing_shl", |x, y| flag!(x.overflowing_shl(y as u32))); two!("overflowing_neg", |x, _| flag!(x.overflowing_neg()));
    two!("saturating_add", |x, y| x.saturating_add(y) as u128); two!("saturating_sub", |x, y| x.saturating_sub(y) as u128); two!("saturating_mul", |x, y| x.saturating_mul(y) as u128); two!("saturating_pow", |x, y| x.saturating_pow((y as u32) & 7) as u128);
    two!("wrapping_shl", |x, y| x.wrapping_shl(y as u32) as u128); two!("wrapping_shr", |x, y| x.wrapping_shr(y as u32) as u128); two!("checked_shl", |x, y| maybe!(x.checked_shl(y as u32)));
    two!("rotate_left", |x, y| x.rotate_left(y as u32) as u128); two!("rotate_right", |x, y| x.rotate_right(y as u32) as u128);
    two!("wrapping_div", |x, y| if y == 0 { 0 } else { x.wrapping_div(y) as u128 }); two!("wrapping_rem", |x, y| if y == 0 { 0 } else { x.wrapping_rem(y) as u128 });
    two!("div_euclid", |x, y| maybe!(x.checked_div_euclid(y))); two!("rem_euclid", |x, y| maybe!(x.checked_rem_euclid(y))); two!("abs_diff", |x, y| x.abs_diff(y) as u128);
    two!("midpoint", |x, y| x.midpoint(y) as u128); two!("isqrt", |x, _| if x < 0 as $int { 0 } else { x.isqrt() as u128 }); two!("ilog", |x, y| maybe!(x.checked_ilog(y)));
    two!("cmp", |x, y| (x < y) as u128 | ((x <= y) as u128) << 1 | ((x == y) as u128) << 2 | ((x.cmp(&y) as i8 as u8 as u128) << 3) | ((x.max(y) as u128) << 11) ^ x.min(y) as u128);
    two!("bits", |x, y| (x & y) as u128 ^ ((x | y) as u128).rotate_left(1) ^ ((x ^ y) as u128).rotate_left(2) ^ ((!x) as u128).rotate_left(3) ^ ((x & !y) as u128).rotate_left(4) ^ (((x & y) | !y) as u128).rotate_left(5));
    two!("count", |x, _| x.count_ones() as u128 | (x.count_zeros() as u128) << 8 | (x.leading_zeros() as u128) << 16 | (x.trailing_zeros() as u128) << 24 | (x.leading_ones() as u128) << 32 | (x.trailing_ones() as u128) << 40);
    two!("swap", |x, _| (x.swap_bytes() as u128) ^ (x.reverse_bits() as u128).rotate_left(7) ^ (x.to_be() as u128).rotate_left(9));
    two!("product in parts", |x, y| { let p = (x as $wide).wrapping_mul(y as $wide); (p >> bb($int::BITS / 2)) as u128 ^ ((p >> ($int::BITS - 1)) as $int as u128).rotate_left(3) ^ (p as $int as u128).rotate_left(5) ^ ((p >> 1) as u8 as u128) });
    two!("squares", |x, _| { let p = (x as $wide).wrapping_mul(x as $wide); ((p >> ($int::BITS & 127)) as u128) ^ (p.wrapping_shr(1000) as u128) ^ p.wrapping_shl(1000) as u128 });
    two!("through 128", |x, y| { let w = x as i128; let p = (w as $int).wrapping_mul(y as i128 as $int); p as u8 as u128 ^ (p as u16 as u128) << 8 ^ (p as u32 as u128) << 24 ^ (p as u64 as u128) << 56 });
    two!("casts", |x, y| x as u8 as u128 ^ (x as i8 as u128) << 1 ^ (x as u16 as u128) << 2 ^ (x as i16 as u128) << 3 ^ (x as u32 as u128) << 4 ^ (x as i32 as u128) << 5 ^ (x as u64 as u128) << 6 ^ (x as i64 as u128) << 7 ^ (x as i128 as u128) << 8 ^ (x as f32).to_bits() as u128 ^ ((x as f64).to_bits() as u128) << 30);
    two!("match", |x, y| match x { 0 => 1, 1 => 2, 7 => 3, 42 => 4, 100 => 5, $int::MAX => 6, $int::MIN => 7, n if n == y => 8, 20..=30 => 9, _ => 10 });
    two!("select", |x, y| { let a = if x < y { x } else { y }; let b = if a as i8 >= 0 { x ^ y } else { !a }; let c = if (x == y) | (a == b) { a } else { b }; c as u128 });
    two!("signs", |x, y| { let s = if x > 0 as $int { 1 } else if x == 0 { 0 } else { 2 }; let t = (x >> ($int::BITS - 1)) as u128; t ^ s });
    // By constants, which are strength-reduced.
    two!("by constants", |x, _| { let mut h = Hash(0); macro_rules! by { ($e:ident: $h:ident: $v:ident: $c:literal) => { $h.add(($v / $c) as u128); $h.add(($v % $c) as u128); $h.add($v.wrapping_mul($c) as u128); } } by!(a: h: x: 1); by!(a: h: x: 2); by!(a: h: x: 3); by!(a: h: x: 5); by!(a: h: x: 7); by!(a: h: x: 10); by!(a: h: x: 16); by!(a: h: x: 60); by!(a: h: x: 64); by!(a: h: x: 100); by!(a: h: x: 127); h.add((x << 1) as u128); h.add((x >> 7) as u128); h.add((x << 4 >> 4) as u128); h.add((x >> 3 << 3) as u128); h.add((x & 0xf).wrapping_add(x & 0x70) as u128); h.0 as u128 });
} )* } }
macro_rules! panicking { ($($int:ident)*) => { $( {
    let mut h = Hash(0);
    for &x in &$int::edges() { for &y in &$int::edges() {
        let all: [fn($int, $int) -> u128; 8] = [|x, y| (x + y) as u128, |x, y| (x - y) as u128, |x, y| (x * y) as u128, |x, y| (x / y) as u128, |x, y| (x % y) as u128, |x, y| (x << y) as u128, |x, y| (x >> y) as u128, |x, _| x.pow(2) as u128]; for f in all {
            let r = catch_unwind(|| f(bb(x), bb(y))); h.add(r.unwrap_or(0x55555));
        }
    } }
    println!("{} panicking {:016x}", stringify!($int), h.0);
} )* } }
macro_rules! unsigned { ($($int:ident)*) => { $( { let mut h = Hash(0); for &x in &$int::edges() { for &y in &$int::edges() { let (x, y) = (bb(x), bb(y));
    let (a, b) = x.widening_mul(y); h.add(a as u128); h.add(b as u128); let (a, b) = x.carrying_mul(y, x ^ y); h.add(a as u128); h.add(b as u128); let (a, b) = x.carrying_mul_add(y, !x, y); h.add(a as u128); h.add(b as u128);
    let (a, c) = x.carrying_add(y, bb(true)); h.add(a as u128 ^ (c as u128) << 3); let (a, c) = x.borrowing_sub(y, bb(true)); h.add(a as u128 ^ (c as u128) << 3);
    if y != 0 { h.add(x.div_ceil(y) as u128); if let Some(m) = x.checked_next_multiple_of(y) { h.add(m as u128); } } h.add(x.is_power_of_two() as u128); h.add(x.checked_next_power_of_two().unwrap_or(7) as u128);
    let s = (y as u32) & ($int::BITS - 1); h.add(x.funnel_shl(y, s) as u128); h.add(x.funnel_shr(y, s) as u128);
} } println!("{} unsigned {:016x}", stringify!($int), h.0); } )* } }

fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    shifts!(u8 i8 u16 i16 u32 i32 u64 i64 u128 i128 usize isize);
    arithmetic!(u8 u16 u8 i8 i16 u8 u16 u32 u16 i16 i32 u16 u32 u64 u32 i32 i64 u32 u64 u128 u64 i64 i128 u64 u128 u128 u128 i128 i128 u128);
    panicking!(u8 i8 i16 u32 i32 u64 i64 u128 i128);
    unsigned!(u8 u16 u32 u64 usize);
    let options = bb([1u128]);
    match options[0] {
        1 => println!("one"),
        0 => println!("zero"),
        v => panic!("{v}"),
    }
    println!("{}", bb(1u128) << bb(0));
}
