//! Arithmetic, comparisons, functions and calls with f16 and f128.

//@ edition: 2024
//@ run-pass

#![feature(f16, f128)]
#![allow(unused)]
use std::hint::black_box as bb;

const F16: &[u16] = &[
    0, 1, 2, 0x3ff, 0x400, 0x401, 0x1400, 0x2e66, 0x3555, 0x3800, 0x3bff, 0x3c00, 0x3c01, 0x3e00,
    0x4000, 0x4248, 0x4500, 0x5640, 0x63d0, 0x6400, 0x6401, 0x6bff, 0x77ff, 0x7800, 0x7bfe, 0x7bff,
    0x7c00, 0x7c01, 0x7d55, 0x7e00, 0x7fff,
];
const F128: &[u128] = &[
    0,
    1,
    2,
    0x0000_ffff_ffff_ffff_ffff_ffff_ffff_ffff,
    0x0001 << 112,
    (0x0001 << 112) + 1,
    0x3ffd << 112,
    0x3ffe << 112,
    (0x3ffe << 112) + (0x5555 << 96),
    (0x3fff << 112) - 1,
    0x3fff << 112,
    (0x3fff << 112) + 1,
    (0x3fff << 112) + (1 << 111),
    0x4000 << 112,
    (0x4000 << 112) + 0x9220_0000_0000_0000_0000_0000_0000,
    0x4002_4000_0000_0000_0000_0000_0000_0000,
    0x4009 << 112,
    0x406f << 112,
    (0x406f << 112) + 1,
    0x4070 << 112,
    0x7ffd << 112,
    (0x7fff << 112) - 1,
    0x7fff << 112,
    (0x7fff << 112) + 1,
    (0x7fff << 112) + (1 << 111),
    (0x8000u128 << 112) - 1,
];
struct Hash(u64);
impl Hash {
    fn add(&mut self, bits: u128) {
        for part in [bits as u64, (bits >> 64) as u64] {
            self.0 = (self.0 ^ part).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23);
        }
    }
}

macro_rules! suite {
    ($float:ident, $module:ident, $all:expr) => {
        mod $module {
            use super::*;
            macro_rules! bits {
                ($x:expr) => {{
                    let x: $float = $x;
                    if x != x { 0x7e00 } else { x.to_bits() as u128 }
                }};
            }
            fn all() -> Vec<$float> {
                let mut v: Vec<$float> = $all.iter().map(|&b| $float::from_bits(b)).collect();
                let n: Vec<$float> = v.iter().map(|x| -*x).collect();
                v.extend(n);
                v
            }
            macro_rules! two {
                ($name:literal, $f:expr) => {{
                    let mut h = Hash(0);
                    let f: fn($float, $float) -> u128 = $f;
                    for &x in &all() {
                        for &y in &all() {
                            let r = f(bb(x), bb(y));
                            h.add(r);
                            if std::env::args().any(|a| a == "-v") {
                                println!(
                                    "  {} {:x} {:x} -> {r:x}",
                                    $name,
                                    x.to_bits(),
                                    y.to_bits()
                                );
                            }
                        }
                    }
                    println!("{} {} {:016x}", stringify!($float), $name, h.0);
                }};
            }
            macro_rules! one {
                ($name:literal, $f:expr) => {{
                    let mut h = Hash(0);
                    let f: fn($float) -> u128 = $f;
                    for &x in &all() {
                        let r = f(bb(x));
                        h.add(r);
                        if std::env::args().any(|a| a == "-v") {
                            println!("  {} {:x} -> {r:x}", $name, x.to_bits());
                        }
                    }
                    println!("{} {} {:016x}", stringify!($float), $name, h.0);
                }};
            }
            #[repr(C)]
            #[derive(Clone, Copy, Debug, PartialEq)]
            struct Mixed {
                a: u8,
                x: $float,
                b: u16,
                y: [$float; 3],
            }
            #[inline(never)]
            extern "C" fn c_many(
                a: $float,
                b: $float,
                c: $float,
                d: $float,
                e: $float,
                f: $float,
                g: $float,
                h: $float,
                i: $float,
                j: $float,
                k: u8,
            ) -> $float {
                a - b + c - d + e - f + g - h + i - j + k as $float
            }
            #[inline(never)]
            fn mixed(m: Mixed, x: $float, o: Option<$float>) -> (Mixed, $float, Option<$float>) {
                (Mixed { x, y: [m.x, m.y[0], m.y[2]], ..m }, m.y[1], o.map(|o| o + x))
            }
            #[inline(never)]
            fn many(
                a: $float,
                b: $float,
                c: $float,
                d: $float,
                e: $float,
                f: $float,
                g: $float,
                h: $float,
                i: $float,
                j: $float,
                k: u8,
            ) -> $float {
                a - b + c - d + e - f + g - h + i - j + k as $float
            }
            pub fn run() {
                two!("+", |x, y| bits!(x + y));
                two!("-", |x, y| bits!(x - y));
                two!("*", |x, y| bits!(x * y));
                two!("/", |x, y| bits!(x / y));
                two!("%", |x, y| bits!(x % y));
                two!("+=", |mut x, y| {
                    x += y;
                    x -= bb(1.0);
                    x *= y;
                    x /= bb(3.0);
                    bits!(x)
                });
                two!("==", |x, y| (x == y) as u128);
                two!("!=", |x, y| (x != y) as u128);
                two!("<", |x, y| (x < y) as u128);
                two!("<=", |x, y| (x <= y) as u128);
                two!(">", |x, y| (x > y) as u128);
                two!(">=", |x, y| (x >= y) as u128);
                two!("partial_cmp", |x, y| x.partial_cmp(&y).map_or(7, |o| o as i8 as u8 as u128));
                two!("total_cmp", |x, y| x.total_cmp(&y) as i8 as u8 as u128);
                two!("!<", |x, y| !(x < y) as u128);
                two!("!>=", |x, y| !(x >= y) as u128);
                two!("if", |x, y| if x < y {
                    1
                } else if x > y {
                    2
                } else if x == y {
                    3
                } else {
                    4
                });
                // Which of two zeros is not specified.
                two!("min", |x, y| if x == y { (x.min(y) == x) as u128 } else { bits!(x.min(y)) });
                two!("max", |x, y| if x == y { (x.max(y) == x) as u128 } else { bits!(x.max(y)) });
                two!("minimum", |x, y| bits!(x.minimum(y)));
                two!("maximum", |x, y| bits!(x.maximum(y)));
                two!("copysign", |x, y| x.copysign(y).to_bits() as u128);
                two!("mul_add", |x, y| bits!(x.mul_add(y, bb(1.5))));
                two!("mul_add 2", |x, y| bits!(y.mul_add(x, -x)));
                two!("rem_euclid", |x, y| bits!(x.rem_euclid(y)));
                two!("div_euclid", |x, y| bits!(x.div_euclid(y)));
                two!("clamp", |x, y| if y >= 0.0 { bits!(x.clamp(-y, y)) } else { 9 });
                one!("neg", |x| (-x).to_bits() as u128);
                one!("abs", |x| x.abs().to_bits() as u128);
                one!("signum", |x| bits!(x.signum()));
                one!("sqrt", |x| bits!(x.sqrt()));
                one!("floor", |x| bits!(x.floor()));
                one!("ceil", |x| bits!(x.ceil()));
                one!("trunc", |x| bits!(x.trunc()));
                one!("round", |x| bits!(x.round()));
                one!("round_ties_even", |x| bits!(x.round_ties_even()));
                one!("fract", |x| bits!(x.fract()));
                one!("recip", |x| bits!(x.recip()));
                one!("powi 3", |x| bits!(x.powi(bb(3))));
                one!("powi -2", |x| bits!(x.powi(bb(-2))));
                one!("powi 0", |x| bits!(x.powi(bb(0))));
                one!("powi 17", |x| bits!(x.powi(bb(17))));
                one!("classify", |x| x.classify() as u128
                    | (x.is_sign_negative() as u128) << 8
                    | (x.is_nan() as u128) << 9);
                one!("next_up", |x| x.next_up().to_bits() as u128);
                one!("to_bytes", |x| {
                    let b = x.to_be_bytes();
                    let mut r = 0u128;
                    for b in b {
                        r = r << 8 | b as u128
                    }
                    r
                });
                one!("mixed", |x| {
                    let m = Mixed { a: 3, x, b: 9, y: [x, 1.0, 2.5] };
                    let (m, y, o): (Mixed, $float, Option<$float>) =
                        bb(mixed)(bb(m), bb(0.5), bb(Some(x)));
                    bits!(m.x)
                        ^ bits!(m.y[0])
                        ^ bits!(m.y[1]) << 1
                        ^ bits!(m.y[2]) << 2
                        ^ bits!(y)
                        ^ {
                            let o: $float = o.unwrap();
                            bits!(o)
                        }
                        ^ (m.a as u128) << 40
                        ^ (m.b as u128) << 50
                });
                one!("many", |x| bits!(bb(many)(x, 1.0, x, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, x, 10)));
                one!("c many", |x| bits!(bb(c_many)(
                    x, 1.0, x, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, x, 10
                )));
                // Values that go through std's own code.
                let mut sorted = all();
                sorted.sort_by(|a, b| a.total_cmp(b));
                let mut h = Hash(0);
                for x in &sorted {
                    h.add(x.to_bits() as u128)
                }
                println!("sorted {:016x}", h.0);
                for x in all() {
                    println!("{x:?} {:?} {:?} {:?}", Some(x), [x, -x], (1u8, x, 2u16));
                }
                let sum: $float = all().iter().filter(|x| x.abs() < 1000.0).fold(0.0, |a, b| a + b);
                println!("{sum:?} {:?}", sum.to_bits());
                let boxed: Box<dyn Fn($float) -> $float> = Box::new(move |x| x + sum);
                println!("{:?}", boxed(bb(1.0)));
                const C: $float = 1.5 * 3.0 - 0.25;
                static S: [$float; 2] = [C, -C];
                println!("{:?} {:?} {:?}", C, S, bb(C) == S[0]);
                match bb(1.5 as $float) {
                    0.0..=1.0 => println!("low"),
                    1.5 => println!("one and a half"),
                    _ => println!("other"),
                }
                println!("{:?} {:?}", bb(3.0 as $float) as f64, $float::from(bb(true) as u8));
            }
        }
    };
}
suite!(f16, half, F16);
suite!(f128, quad, F128);
fn main() {
    half::run();
    quad::run();
}
