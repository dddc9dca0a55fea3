//! Captures and saved variables as operands of inline assembly, and behind its pointers.
//@ edition: 2024
//@ run-pass
//@ only-x86_64 (instructions)

mod support;
use std::arch::asm;
use support::*;
async fn ins(a: u64, b: u64, big: [u64; 32]) -> u64 {
    let mut o: u64;
    unsafe {
        asm!("lea {o}, [{a} + {b}]", o = out(reg) o, a = in(reg) a, b = in(reg) b);
    }
    wait().await;
    let mut io = o;
    unsafe {
        asm!("add {x}, {y}", x = inout(reg) io, y = in(reg) big[3]);
    }
    wait().await;
    let r: u64;
    unsafe {
        asm!("mov {r}, {x}", r = lateout(reg) r, x = in(reg) io);
    }
    wait().await;
    r + io + o
}
async fn cap(mut a: u64, mut arr: [u64; 4], p: *const u64) -> u64 {
    unsafe {
        asm!("add {x}, 5", x = inout(reg) a);
    }
    unsafe {
        asm!("mov qword ptr [{p}], 99", p = in(reg) &mut arr[1]);
    }
    wait().await;
    unsafe {
        asm!("add {x}, 5", x = inout(reg) arr[2]);
    }
    unsafe {
        asm!("mov {x}, [{p}]", x = out(reg) arr[3], p = in(reg) p);
    }
    let q = &raw mut a;
    wait().await;
    unsafe {
        asm!("inc qword ptr [{p}]", p = in(reg) q);
    }
    wait().await;
    a + arr[1] + arr[2] + arr[3]
}
async fn moved(mut x: u64, y: u64) -> u64 {
    let t: u64;
    unsafe {
        asm!("xchg {0}, {1}", inout(reg) x => t, inout(reg) y => x);
    }
    wait().await;
    x * 100 + t
}
#[derive(Clone, Copy)]
struct F(f64, u32);
async fn f(x: F) -> f64 {
    let mut v = x;
    unsafe {
        asm!("addsd {0}, {1}", inout(xmm_reg) v.0, in(xmm_reg) x.0);
    }
    wait().await;
    v.0 + x.1 as f64
}
fn main() {
    println!("{}", block_on(ins(3, 4, [10; 32])));
    println!("{}", block_on(cap(3, [1, 2, 3, 4], &42)));
    println!("{}", block_on(moved(1, 2)));
    println!("{}", block_on(f(F(1.5, 3))));
    drop_everywhere("cap", 3, || cap(3, [1, 2, 3, 4], &42));
}
