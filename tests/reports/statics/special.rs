//! Sections that linkers know by name or kind: Cranelift's would be of another kind.

#![feature(thread_local)]

#[cfg(bss)]
#[unsafe(no_mangle)]
#[unsafe(link_section = ".bss.mine")]
pub static mut SPECIAL: [u8; 1 << 20] = [0; 1 << 20];
#[cfg(note)]
#[unsafe(no_mangle)]
#[unsafe(link_section = ".note.mine")]
pub static SPECIAL: [u32; 5] = [4, 4, 1, 0x656e_696d, 7];
#[cfg(local)]
#[unsafe(no_mangle)]
#[unsafe(link_section = ".tdata.mine")]
#[thread_local]
pub static mut SPECIAL: [u8; 10] = [1; 10];
#[cfg(init)]
#[unsafe(no_mangle)]
#[unsafe(link_section = ".init_array.00050")]
pub static SPECIAL: extern "C" fn() = {
    extern "C" fn initialise() {}
    initialise
};
#[cfg(text)]
#[unsafe(no_mangle)]
#[unsafe(link_section = ".text.mine")]
pub extern "C" fn SPECIAL() -> u32 {
    7
}
