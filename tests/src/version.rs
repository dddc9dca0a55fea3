//! The layout version of the compilers under test.

use crate::Result;
use crate::command;
use crate::compiler::{Compiler, Generator, Layout};
use crate::toolchain::Toolchain;

/// A version that no release of Snug will have.
pub const ANOTHER: &str = "1000";

/// The number in `Snug: .., coroutine layout 2, ..`, which `rustc -vV` prints.
pub fn layout_version(toolchain: &Toolchain, generator: Generator) -> Result<u32> {
    let mut rustc = Compiler::Snug(generator, Layout::Packed).command(toolchain);
    let printed = command::run(rustc.arg("-vV"))?.expect_success("rustc -vV")?.stdout;
    let mut parts = printed.lines().flat_map(|line| line.split(", "));
    let version = parts.find_map(|part| part.strip_prefix("coroutine layout ")?.parse().ok());
    version.ok_or_else(|| format!("no layout version in {printed}"))
}
