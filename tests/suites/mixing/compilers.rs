//! Crates of two versions of rustc: rustc itself refuses them, whichever generator has compiled them.
//!
//! Only a run for another than the default version has two compilers: `./y.sh --toolchain 1.96 test mixing`.

use std::path::Path;

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::command;
use snug_tests::compiler::Compiler;
use snug_tests::harness::{self, Tools};
use snug_tests::toolchain::{Toolchain, default_rustc};
use snug_tests::workshop::contains_all;

use crate::crates::{CRANELIFT, LLVM, RLIB, programs};

pub(crate) fn tests(tools: Tools) -> Vec<Trial> {
    let other = default_rustc();
    let name = "mixing: crates of two versions of rustc";
    let is_missing = other.is_none();
    let test = harness::test(name, move || refuse_each_other(tools, &other.unwrap_or_default()));
    vec![test.with_ignored_flag(is_missing)]
}

/// Both loaders are the same file: each compiler finds the backend that is for it.
fn refuse_each_other(tools: Tools, other: &Path) -> Result<()> {
    let other = Toolchain { rustc: other.to_owned(), ..tools.clone() };
    for (below, above) in [(tools, &other), (&other, tools)] {
        for compiler in [LLVM, CRANELIFT] {
            let workshop = programs(tools)?;
            let store = format!("store.rs {RLIB}");
            command::run(&mut workshop.rustc_of(below, compiler, &store))?
                .expect_success("the crate below")?;
            for compiler in [LLVM, CRANELIFT, Compiler::Stock] {
                let mut rustc = workshop.rustc_of(above, compiler, "alone.rs");
                let refused = command::run(&mut rustc)?;
                let refused = refused.expect_failure("the crate above")?;
                contains_all(&refused.stderr, &["E0514", "incompatible version of rustc"])?;
            }
        }
    }
    Ok(())
}
