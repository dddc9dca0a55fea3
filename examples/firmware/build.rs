//! Tells the linker where the memory is, in a script that is called `memory.x` for whichever processor it is: QEMU's board `mps2-an386` for Arm, `virt` for RISC-V.

use std::env;
use std::fs;
use std::path::PathBuf;

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let riscv = env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "riscv32");
    let script = if riscv { "memory/riscv.x" } else { "memory/arm.x" };
    fs::copy(script, out.join("memory.x")).expect("both folders are cargo's");
    println!("cargo:rustc-link-search={}", out.display());
    println!("cargo:rerun-if-changed={script}");
}
