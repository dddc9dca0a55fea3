//! What users are told of what Cranelift cannot do: once, while the crate is compiled.
//!
//! That LLVM compiles a crate is a note: rustc drops warnings in dependencies, but not notes, and nothing
//! is wrong. Cargo shows it with the crate that it is about.

use std::collections::BTreeSet;

use rustc_middle::ty::TyCtxt;
use rustc_session::Session;
use rustc_session::config::CrateType;

use super::lacks::UNUSED;

/// What to do where Cranelift is no help.
pub(super) fn advice() -> String {
    let package = given("CARGO_PKG_NAME").unwrap_or_else(|| "PACKAGE".to_owned());
    format!(
        "LLVM may do it: `cargo snug .. --llvm {package}` compiles this package with it, as does \
         `llvm = [\"{package}\"]` below `[workspace.metadata.snug]` in Cargo.toml; `cargo snug --backend llvm ..` \
         compiles everything with it"
    )
}

/// LLVM compiles this crate, for these reasons.
pub(super) fn llvm_compiles_crate(sess: &Session, lacks: BTreeSet<String>) {
    // This is so for each dependency of a build, and says nothing about any of them.
    if is_dependency() && lacks.iter().all(|lack| lack == UNUSED) {
        return;
    }
    let package = given("CARGO_PKG_NAME");
    let what = package.map_or_else(|| "this crate".to_owned(), |package| format!("`{package}`"));
    let lacking = Vec::from_iter(lacks).join(", ");
    sess.dcx().note(format!("LLVM compiles {what}: it needs what Cranelift lacks ({lacking})"));
}

/// LLVM compiles a whole session, for this purpose. A build of many crates says it one time: with the
/// program.
pub(super) fn llvm_compiles_session(tcx: TyCtxt<'_>, to_do: &str) {
    let is_program = |kind: &CrateType| !matches!(kind, CrateType::Rlib | CrateType::ProcMacro);
    if !is_dependency() && tcx.crate_types().iter().any(is_program) {
        tcx.dcx().note(format!("LLVM compiles this, because Cranelift cannot {to_do}"));
    }
}

fn is_dependency() -> bool {
    given("CARGO_PKG_NAME").is_some() && given("CARGO_PRIMARY_PACKAGE").is_none()
}

/// A variable of cargo's.
fn given(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
