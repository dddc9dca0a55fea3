//! Every cast between f16, f128, f32, f64 and the integers, at the edges of both types.

//@ edition: 2024
//@ run-pass

#![feature(f16, f128)]
#![allow(unreachable_code, unused, irrefutable_let_patterns, unnecessary_transmutes)]
use std::hint::black_box;

const F16: &[u16] = &[
    0, 1, 2, 0x03ff, 0x0400, 0x0401, 0x3800, 0x3bff, 0x3c00, 0x3c01, 0x3e00, 0x4000, 0x4200,
    0x4248, 0x57ef, 0x57f0, 0x57f8, 0x57f9, 0x5800, 0x5bf8, 0x5bff, 0x5c00, 0x5c01, 0x6400, 0x77ff,
    0x7800, 0x7801, 0x7bfe, 0x7bff, 0x7c00, 0x7c01, 0x7d55, 0x7dff, 0x7e00, 0x7e01, 0x7fff,
];

/// The bits of a float of this many exponent and fraction bits, at edges: around each power of two and each ulp of it.
fn floats(exponent_bits: u32, fraction_bits: u32) -> Vec<u128> {
    let bias = (1i64 << (exponent_bits - 1)) - 1;
    let one = 1u128 << fraction_bits;
    let max = ((1u128 << exponent_bits) - 1) << fraction_bits;
    let mut all = vec![
        0,
        1,
        2,
        one - 1,
        one,
        one + 1,
        max - 1,
        max,
        max + 1,
        max + (one >> 1),
        max + (one >> 1) + 1,
        max + one - 1,
    ];
    let mut exponents: Vec<i64> = (-3..=130).collect();
    exponents.extend([
        -14, -15, -16, -24, -25, -26, -126, -127, -149, -150, -1022, -1074, -1075, 1023, 1024,
        bias, -bias,
    ]);
    for exponent in exponents {
        let raw = exponent + bias;
        if raw < 1 || raw > 2 * bias {
            continue;
        }
        let power = (raw as u128) << fraction_bits;
        let fractions = [
            0,
            1,
            2,
            one - 1,
            one - 2,
            one >> 1,
            (one >> 1) + 1,
            (one >> 1) - 1,
            one / 3,
            one >> 2,
            (one >> 2) * 3,
        ];
        all.extend(fractions.map(|fraction| power + fraction));
        // One more or less in the first bit of the integer part, and half of it.
        for shift in 0..fraction_bits.min(24) {
            all.push(power + (one >> (shift + 1)));
            all.push(power + one - 1 - (one >> (shift + 1)));
        }
        // Ties of narrower formats: 10, 23, 52 bits of fraction.
        for narrower in [10, 23, 52] {
            if fraction_bits > narrower + 1 {
                let ulp = 1u128 << (fraction_bits - narrower);
                for odd in [0, 1, 5] {
                    for around in [-1i128, 0, 1] {
                        all.push(power + odd * ulp + (ulp >> 1).wrapping_add_signed(around));
                    }
                }
            }
        }
    }
    let sign = 1u128 << (exponent_bits + fraction_bits);
    let negative: Vec<u128> = all.iter().map(|bits| bits | sign).collect();
    all.extend(negative);
    all
}

struct Hash(u64, u32);
impl Hash {
    fn add(&mut self, bits: u128) {
        self.1 += 1;
        for part in [bits as u64, (bits >> 64) as u64] {
            self.0 = (self.0 ^ part).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23);
        }
    }
}

/// NaNs are equal but for sign and payload, which no cast promises.
macro_rules! float_bits {
    ($x:expr) => {{
        let x = $x;
        if x != x { 0xdead } else { x.to_bits() as u128 }
    }};
}

#[inline(never)]
fn say(what: &str, hash: Hash, verbose: &[(u128, u128)]) {
    println!("{what}: {} values, {:016x}", hash.1, hash.0);
    for (from, to) in verbose {
        println!("  {from:x} -> {to:x}");
    }
}

macro_rules! to_ints { ($name:ident: $($int:ident)*) => { $( {
    let mut hash = Hash(0, 0); let mut some = vec![];
    for &x in &$name() { let y = black_box(x) as $int; hash.add(y as u128); if some.len() < 4000 { some.push((x.to_bits() as u128, y as u128)); } }
    say(concat!(stringify!($name), " as ", stringify!($int)), hash, &some[..if std::env::args().any(|a| a == "-v") { some.len() } else { 0 }]);
    // Only values that fit.
    let mut hash = Hash(0, 0);
    for &x in &$name() { let x = black_box(x); let whole = x as i128; if x == x && whole >= $int::MIN as i128 && (whole as u128 <= $int::MAX as u128 || whole < 0) && whole != i128::MAX && whole != i128::MIN {
        let y: $int = unsafe { x.to_int_unchecked() }; hash.add(y as u128); } }
    say(concat!(stringify!($name), " to_int_unchecked ", stringify!($int)), hash, &[]);
} )* } }
macro_rules! to_floats { ($name:ident: $($float:ident)*) => { $( {
    let mut hash = Hash(0, 0); let mut some = vec![];
    for &x in &$name() { let y = black_box(x) as $float; let bits = float_bits!(y); hash.add(bits); some.push((x.to_bits() as u128, bits)); }
    say(concat!(stringify!($name), " as ", stringify!($float)), hash, &some[..if std::env::args().any(|a| a == "-v") { some.len() } else { 0 }]);
} )* } }
macro_rules! from_ints { ($($int:ident)*) => { $( {
    let mut values: Vec<$int> = vec![0, 1, 2, 3, $int::MAX, $int::MIN, $int::MAX - 1, $int::MIN + 1, $int::MAX / 2, $int::MAX / 3];
    for shift in 0..$int::BITS { for near in 0..4 as $int { let power = (1 as $int) << shift; let part = |n| power.checked_shr(n).unwrap_or(0);
        values.extend([power.wrapping_add(near), power.wrapping_sub(near), power.wrapping_add(part(11)), power.wrapping_add(part(11)).wrapping_add(near), power.wrapping_add(part(12)),
            power.wrapping_add(part(24)).wrapping_sub(near), power.wrapping_add(part(24)).wrapping_add(part(23)), power.wrapping_neg().wrapping_sub(near)]); } }
    for around in [65504u64, 65519, 65520, 65521, 65535, 65536, 2049, 4098, 4099, 16777217, 9007199254740993] { if let Ok(x) = $int::try_from(around) { values.push(x); values.push(x.wrapping_neg()); } }
    macro_rules! to { ($fl:ident) => { {
        let mut hash = Hash(0, 0);
        for &x in &values { hash.add((black_box(x) as $fl).to_bits() as u128); }
        say(concat!(stringify!($int), " as ", stringify!($fl)), hash, &[]);
    } } }
    to!(f16); to!(f32); to!(f64); to!(f128);
} )* } }

fn from_f16() -> Vec<f16> {
    (0..=u16::MAX).map(f16::from_bits).collect()
}
fn from_f32() -> Vec<f32> {
    floats(8, 23).into_iter().map(|bits| f32::from_bits(bits as u32)).collect()
}
fn from_f64() -> Vec<f64> {
    floats(11, 52).into_iter().map(|bits| f64::from_bits(bits as u64)).collect()
}
fn from_f128() -> Vec<f128> {
    floats(15, 112).into_iter().map(f128::from_bits).collect()
}

fn main() {
    macro_rules! all { ($name:ident) => {
        to_ints!($name: u8 i8 u16 i16 u32 i32 u64 i64 u128 i128 usize isize);
        to_floats!($name: f16 f32 f64 f128);
    } }
    all!(from_f16);
    all!(from_f32);
    all!(from_f64);
    all!(from_f128);
    from_ints!(u8 i8 u16 i16 u32 i32 u64 i64 u128 i128 usize isize);
    // Known when compiled, and not.
    macro_rules! constant { ($($x:literal $int:ident)*) => { $( { const C: $int = $x as $int; assert_eq!(C, black_box($x) as $int); println!("{C}"); } )* } }
    constant!(123456789.125f128 u8 123456789.125f128 i8 -70000.5f128 u8 -70000.5f128 i8 -70000.5f128 i16 60000f16 u8 60000f16 i16 1e30f128 u64 -1e30f128 i64 1e30f128 i128);
    let c = black_box('x');
    println!("{}", black_box(c as u8 as f32) as f16 as f128 as u8);
}
