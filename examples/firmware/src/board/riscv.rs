//! The machine timer counts.

use riscv::interrupt::Interrupt;
use riscv::register::{mie, mstatus};

/// Of QEMU's `virt`.
const MTIMECMP: *mut u32 = 0x0200_4000 as *mut u32;
const MTIME: *const u32 = 0x0200_bff8 as *const u32;
const HERTZ: u32 = 10_000_000;

#[riscv_rt::entry]
fn entry() -> ! {
    next_tick();
    // SAFETY: the handler is below, and nothing is in a critical section yet.
    unsafe {
        mie::set_mtimer();
        mstatus::set_mie();
    }
    crate::run()
}

/// The next interrupt comes after a millisecond. What it takes to say so is lost, which is of no concern.
fn next_tick() {
    // SAFETY: these are the timer's registers, and nobody else's.
    unsafe {
        let (low, high) = (MTIME.read_volatile(), MTIME.add(1).read_volatile());
        let next = (u64::from(high) << 32 | u64::from(low)) + u64::from(HERTZ / 1000);
        MTIMECMP.add(1).write_volatile(u32::MAX);
        MTIMECMP.write_volatile(next as u32);
        MTIMECMP.add(1).write_volatile((next >> 32) as u32);
    }
}

#[riscv_rt::core_interrupt(Interrupt::MachineTimer)]
fn tick() {
    next_tick();
    crate::clock::tick();
}
