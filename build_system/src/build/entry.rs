//! The one name in rustc's own library that a package here must know when it is compiled.

use std::fs;
use std::sync::OnceLock;

use anyhow::{Context, Result};
use rustc_demangle::demangle;

use crate::rustc_dev::elf;
use crate::toolchain::Toolchain;

/// What every compiler that is built on rustc calls.
const RUN_COMPILER: &str = "rustc_driver_impl::run_compiler";

/// What the dynamic linker calls `rustc_driver::run_compiler`, which `clippy/` takes the place of.
pub(super) fn run_compiler(toolchain: &Toolchain) -> Result<String> {
    static NAME: OnceLock<String> = OnceLock::new();
    if let Some(name) = NAME.get() {
        return Ok(name.clone());
    }
    let driver = &toolchain.driver;
    let library =
        fs::read(driver).with_context(|| format!("{} cannot be read", driver.display()))?;
    let mut symbols = elf::exported_symbols(&library)?.into_iter();
    let is_it = |name: &String| format!("{:#}", demangle(name)) == RUN_COMPILER;
    let name = symbols.find(is_it).with_context(|| {
        format!("{} does not export {RUN_COMPILER}. Install the toolchain again.", driver.display())
    })?;
    Ok(NAME.get_or_init(|| name).clone())
}
