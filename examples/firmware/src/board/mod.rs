//! The processor: where it starts, what counts milliseconds, and how deep its stack was.

#[cfg(target_arch = "arm")]
mod cortex_m;
#[cfg(target_arch = "riscv32")]
mod riscv;

#[cfg(all(target_arch = "arm", feature = "stack"))]
pub(crate) use cortex_m::tell_stack;
