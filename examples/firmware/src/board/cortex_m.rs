//! SysTick counts; cortex-m-rt paints the stack before the program begins.

use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;

/// The clock of QEMU's board.
const HERTZ: u32 = 25_000_000;

#[cortex_m_rt::entry]
fn entry() -> ! {
    let core = cortex_m::Peripherals::take().unwrap();
    start_clock(core.SYST);
    crate::run()
}

fn start_clock(mut timer: SYST) {
    timer.set_clock_source(SystClkSource::Core);
    timer.set_reload(HERTZ / 1000 - 1);
    timer.clear_current();
    timer.enable_counter();
    timer.enable_interrupt();
}

#[cortex_m_rt::exception]
fn SysTick() {
    crate::clock::tick();
}

/// Says on standard error how many bytes of the stack have been used so far.
#[cfg(feature = "stack")]
pub(crate) fn tell_stack() {
    /// How cortex-m-rt paints.
    const PAINT: u32 = 0xcccc_cccc;
    unsafe extern "C" {
        static _stack_end: u32;
        static _stack_start: u32;
    }
    let (mut at, start) = (&raw const _stack_end, &raw const _stack_start);
    // SAFETY: all of it is RAM that is only the stack's.
    while at < start && unsafe { at.read_volatile() } == PAINT {
        at = at.wrapping_add(1);
    }
    semihosting::eprintln!("stack {}", start.addr() - at.addr());
}
