//! Functions of `core` that were built to unwind and are compiled here: iterators, closures, and values with destructors.

#![no_std]
#![no_main]

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    unsafe { exit(7) }
}
unsafe extern "C" {
    fn write(fd: i32, p: *const u8, n: usize) -> isize;
    fn exit(status: i32) -> !;
}
#[link(name = "c")]
unsafe extern "C" {}

struct Loud(u32);
impl Drop for Loud {
    fn drop(&mut self) {
        let digit = b'0' + (self.0 % 10) as u8;
        unsafe { write(1, &raw const digit, 1) };
    }
}

#[inline(never)]
fn array(n: u32) -> [Loud; 3] {
    core::array::from_fn(|i| Loud(n.wrapping_add(i as u32)))
}

fn sum(values: &[u32]) -> Option<u32> {
    values.iter().copied().map(|x| Loud(x)).map(|loud| loud.0.wrapping_mul(2)).reduce(|a, b| a.wrapping_add(b))
}

#[unsafe(no_mangle)]
pub extern "C" fn main(count: i32, _: *const *const u8) -> i32 {
    let mut three = array(count as u32);
    let total = sum(&[1, 2, 3]);
    let [_, second, _] = &mut three;
    drop(core::mem::replace(second, Loud(9)));
    let option = Some(Loud(5)).filter(|loud| loud.0 > 5).or_else(|| Some(Loud(6)));
    let two = three.map(|loud| Loud(loud.0.wrapping_mul(2)));
    let cell = core::cell::Cell::new(Some(two));
    drop(cell.take());
    total.unwrap_or(0) as i32 + option.map_or(0, |loud| loud.0) as i32
}
