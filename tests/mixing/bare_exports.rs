//! What C gets to see of `bare`: a library that needs nothing of the system.

#![no_std]

extern crate bare;

#[unsafe(no_mangle)]
pub extern "C" fn plain(number: u8) -> u64 {
    let agree = bare::size_of_hold() == bare::size!(bare::hold([0; 64]));
    if agree { bare::finish(bare::hold([number; 64])).into() } else { 0 }
}

#[unsafe(no_mangle)]
pub extern "C" fn answer(number: u8) -> u64 {
    bare::finish(bare::sum([1, 2, 3, 4, 5].map(|_| bare::hold([number; 64]))))
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
