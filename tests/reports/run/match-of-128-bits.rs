//@ run-pass
//@ edition: 2021
//@ compile-flags: -Cdebug-assertions
// cranelift_frontend adds an immediate of 64 bits, extended by its sign, to a value of 128 bits, so that a jump table begins at 0.
#![allow(dead_code)]

use std::mem::transmute;

fn apart(x: u128) -> u32 {
    match x {
        0xffff_ffff_ffff_fffe => 1,
        0x8000_0000_0000_0000 => 2,
        1 => 3,
        0xffff_ffff_ffff_ffff_ffff_ffff_ffff_fffe => 4,
        _ => 0,
    }
}

fn neighbours(x: u128) -> u32 {
    match x {
        0xffff_ffff_ffff_fff0 => 1,
        0xffff_ffff_ffff_fff1 => 2,
        0xffff_ffff_ffff_fff2 => 3,
        0xffff_ffff_ffff_fff3 => 4,
        0xffff_ffff_ffff_fff4 => 5,
        _ => 0,
    }
}

fn across(x: u128) -> u32 {
    match x {
        0x7fff_ffff_ffff_fffe => 1,
        0x7fff_ffff_ffff_ffff => 2,
        0x8000_0000_0000_0000 => 3,
        0x8000_0000_0000_0001 => 4,
        0xffff_ffff_ffff_ffff => 5,
        0x1_0000_0000_0000_0000 => 6,
        0x1_0000_0000_0000_0001 => 7,
        _ => 0,
    }
}

fn small(x: u128) -> u32 {
    match x {
        3 => 1,
        4 => 2,
        5 => 3,
        6 => 4,
        0x7fff_ffff_ffff_fff0 => 5,
        0x7fff_ffff_ffff_fff1 => 6,
        _ => 0,
    }
}

fn signed(x: i128) -> u32 {
    match x {
        -3 => 1,
        -2 => 2,
        -1 => 3,
        0 => 4,
        1 => 5,
        0xffff_ffff_ffff_fffd => 6,
        0xffff_ffff_ffff_fffe => 7,
        0xffff_ffff_ffff_ffff => 8,
        i128::MIN => 9,
        _ => 0,
    }
}

#[repr(i64)]
#[derive(Clone, Copy, Debug)]
enum Long {
    First = i64::MIN,
    Third = -2,
    Fourth = -1,
    Fifth = 1,
    Last = i64::MAX,
}

#[repr(i128)]
#[derive(Clone, Copy, Debug)]
enum Huge {
    First = i128::MIN,
    Second = -1,
    Third = 0xffff_ffff_ffff_fffe,
    Fourth = 0xffff_ffff_ffff_ffff,
    Last = i128::MAX,
}

fn main() {
    let ends = [0, 1 << 63, 1 << 64, (1 << 64) + (1 << 63), u128::MAX];
    for end in ends {
        for distance in 0..20 {
            for x in [end.wrapping_sub(distance), end.wrapping_add(distance)] {
                let all = [apart(x), neighbours(x), across(x), small(x), signed(x as i128)];
                println!("{x:x}: {all:?}");
            }
        }
    }
    for value in [i64::MIN, -2, -1, 1, i64::MAX] {
        let long: Long = unsafe { transmute(value) };
        println!("{long:?} {}", long as i64);
    }
    for value in [i128::MIN, -1, 0xffff_ffff_ffff_fffe, 0xffff_ffff_ffff_ffff, i128::MAX] {
        let huge: Huge = unsafe { transmute(value) };
        println!("{huge:?} {}", huge as i128);
    }
}
