//! Inline assembly whose operands are captured variables: in, out, inout, lateout, several at once, in loops, across
//! awaits; addresses of captures, and calls. (Cranelift has no `sym` operands,
//! and gives `reg_byte` outputs and others one register.)
//@ edition: 2024
//@ run-pass
//@ only-x86_64

#[macro_use]
mod support;
use std::arch::asm;
use std::hint::black_box;
use support::trace::*;

async fn operands(mut number: u64, other: u64, value: Traced) -> u64 {
    unsafe { asm!("add {0}, {1}", inout(reg) number, in(reg) other) };
    pause().await;
    let result: u64;
    unsafe { asm!("lea {0}, [{1} + 2 * {2}]", lateout(reg) result, in(reg) number, in(reg) other) };
    pause().await;
    let early;
    unsafe { asm!("mov {0}, {1}", "add {0}, 3", out(reg) early, in(reg) result) };
    value.look();
    pause().await;
    number = early;
    number + result
}

fn captured(mut pair: (u32, u32), array: [u64; 3], at: usize) -> impl Future<Output = u64> {
    async move {
        unsafe { asm!("xchg {0:e}, {1:e}", inout(reg) pair.0, inout(reg) pair.1) };
        pause().await;
        let mut sum = array[at];
        for element in array {
            unsafe { asm!("add {0}, {1}", inout(reg) sum, in(reg) element) };
            pause().await;
        }
        let product: u32;
        unsafe { asm!("mul {0:e}", in(reg) pair.1, inout("eax") pair.0 => product, lateout("edx") _) };
        sum + product as u64 + pair.0 as u64
    }
}

/// Through a pointer to the capture: the assembly writes into the future.
async fn memory(mut bytes: [u8; 16], mut word: u64, value: Traced) -> u64 {
    let pointer = &raw mut word;
    pause().await;
    unsafe {
        asm!("mov byte ptr [{0} + 3], 9", in(reg) &raw mut bytes);
        asm!("inc qword ptr [{0}]", in(reg) pointer);
    }
    pause().await;
    unsafe { asm!("add qword ptr [{0}], {1}", in(reg) pointer, in(reg) bytes[3] as u64) };
    value.look();
    word + black_box(bytes)[3] as u64
}

extern "C" fn callee(number: u64) -> u64 {
    number * 7
}

async fn calls(mut number: u64, value: Traced) -> u64 {
    pause().await;
    for _ in 0..2 {
        unsafe {
            asm!(
                "call {callee}",
                callee = in(reg) callee as extern "C" fn(u64) -> u64,
                inout("rdi") number => _,
                lateout("rax") number,
                clobber_abi("C"),
            );
        }
        pause().await;
    }
    unsafe { asm!("add {0}, {1}", inout(reg) number, const 40 + 2) };
    value.look() as u64 + number
}

async fn conditions(mut carry: bool, numbers: [u64; 2], mut slot: Option<u64>) -> Option<u64> {
    let low: u64;
    let flag: u64;
    unsafe {
        asm!(
            "add {0}, {1}", "sbb {2}, {2}",
            inout(reg) numbers[0] => low, in(reg) numbers[1], out(reg) flag,
        );
    }
    carry |= flag != 0;
    pause().await;
    if carry {
        slot = None;
    } else if let Some(inside) = &mut slot {
        unsafe { asm!("sub {0}, {1}", inout(reg) *inside, in(reg) low) };
        pause().await;
    }
    slot
}

fn main() {
    support::quiet();
    everywhere! {
        operands(5, 6, traced("value")),
        captured((6, 7), [1, 2, 3], 1),
        memory([1; 16], 100, traced("value")),
        calls(3, traced("value")),
        conditions(false, [u64::MAX, 1], Some(50)),
        conditions(false, [4, 5], Some(50)),
        conditions(true, [4, 5], Some(50)),
    }
}
