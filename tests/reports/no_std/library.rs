//! A library without std for C.

#![no_std]

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}

struct Guard<'a>(&'a mut u32);
impl Drop for Guard<'_> {
    fn drop(&mut self) {
        *self.0 += 1;
    }
}

#[inline(never)]
fn each(values: &[u32], mut act: impl FnMut(u32)) {
    values.iter().copied().filter(|value| value % 2 == 1).for_each(|value| act(value));
}

#[unsafe(no_mangle)]
pub extern "C" fn run(values: *const u32, count: usize) -> u32 {
    let mut total = 0;
    let mut drops = 0;
    let values = unsafe { core::slice::from_raw_parts(values, count) };
    each(values, |value| {
        let guard = Guard(&mut drops);
        total += value + *guard.0;
    });
    total * 100 + drops
}
