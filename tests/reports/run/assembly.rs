//! cg_clif#1548, #1321, #1351, #1206: assembly.

//@ edition: 2024
//@ run-pass

use std::arch::*;
use std::hint::black_box as bb;
type Yes = extern "sysv64" fn(u64) -> u64;
extern "sysv64" fn yes(x: u64) -> u64 {
    x + 41
}
global_asm!(
    ".globl snug_twice",
    "snug_twice:",
    "lea rax, [rdi + rdi]",
    "ret",
    ".globl snug_twice_too",
    ".set snug_twice_too, snug_twice",
    "// a comment; with a semicolon"
);
unsafe extern "sysv64" {
    fn snug_twice_too(x: u64) -> u64;
}
fn never(x: u32) -> ! {
    unsafe { asm!("mov eax, 60", "syscall", in("edi") x, options(noreturn)) }
}
fn main() {
    unsafe {
        let f: Yes = bb(yes);
        let mut r: u64 = 1;
        asm!("call {}", in(reg) f, inlateout("rdi") r => _, lateout("rax") r, clobber_abi("sysv64"));
        println!("{r}");
        println!("{}", snug_twice_too(21));
        let (mut a, b): (u32, u16);
        asm!("mov {0:e}, 7", "mov {1:x}, {2}", out(reg) a, out(reg) b, const 300);
        println!("{a} {b}");
        asm!("add {0:e}, {1:e}", inout(reg) a, in(reg) bb(5u32));
        println!("{a}");
        let mut x = bb([1.5f32, 2.0, 3.0, 4.0]);
        let mut v = _mm(x);
        asm!("addps {0}, {0}", inout(xmm_reg) v);
        x = std::mem::transmute(v);
        println!("{x:?}");
        let f = bb(2.25f64);
        let s: f64;
        asm!("sqrtsd {}, {}", out(xmm_reg) s, in(xmm_reg) f, options(pure, nomem, nostack));
        println!("{s}");
        let h: u64;
        let l: u64;
        asm!("mul {}", in(reg) bb(u64::MAX), inlateout("rax") bb(3u64) => l, lateout("rdx") h);
        println!("{h} {l}");
        let c: u32;
        let bx: u32;
        asm!("push rbx", "cpuid", "mov {0:e}, ebx", "pop rbx", out(reg) bx, inout("eax") 0 => c, out("ecx") _, out("edx") _);
        println!("{} {}", c > 0, bx != 0);
        let mut byte = 5u8;
        let p = bb(&mut byte) as *mut u8;
        asm!("inc byte ptr [{}]", in(reg) p);
        println!("{}", *p);
        let oo: u16;
        asm!("mov {0:l}, {1:l}", out(reg) oo, in(reg) bb(-7i16));
        println!("{}", oo as i8);
        let flag: u16;
        asm!("cmp {0}, {1}", "setb {2:l}", in(reg) bb(3u64), in(reg) bb(4u64), out(reg) flag);
        println!("{}", flag & 1);
        never(0)
    }
}
unsafe fn _mm(x: [f32; 4]) -> x86_64::__m128 {
    unsafe { std::mem::transmute(x) }
}
