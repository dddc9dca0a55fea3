//! Which intrinsics Cranelift has: what Snug believes is what cg_clif does.
//!
//! [`llvms`] looks at LLVM's, which `core::arch` declares, and [`rustcs`] at rustc's own.

use std::process::ExitCode;

use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::harness;

mod llvms;
// What cg_clif has, as the backend's build script reads it.
#[path = "../../../matched.rs"]
mod matched;
mod rustcs;

const CRANELIFT: Compiler = Compiler::Snug(Generator::Cranelift, Layout::Packed);

/// What Snug says when it leaves a crate to LLVM.
const LEFT_TO_LLVM: &str = "LLVM compiles";

fn main() -> ExitCode {
    harness::main(|tools| {
        let mut tests = rustcs::tests(tools)?;
        if cfg!(target_arch = "x86_64") {
            tests.push(harness::test("LLVM's intrinsics", move || llvms::check(tools)));
        }
        Ok(tests)
    })
}
