//! What users are told of what Cranelift cannot do: once, while the crate is compiled.
//!
//! That LLVM compiles a crate is a note: rustc drops warnings in dependencies, but not notes, and nothing
//! is wrong. Cargo shows it with the crate that it is about.

use std::collections::BTreeMap;

use rustc_middle::ty::TyCtxt;
use rustc_session::Session;
use rustc_session::config::CrateType;
use rustc_session::lint::Level as LintLevel;
use rustc_span::Span;

use super::lacks::Lacks;

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
pub(super) fn llvm_compiles_crate(sess: &Session, lacks: &Lacks) {
    let package = given("CARGO_PKG_NAME");
    let what = package.map_or_else(|| "this crate".to_owned(), |package| format!("`{package}`"));
    let lacking: Vec<_> = lacks.refused.keys().chain(lacks.traps.keys()).cloned().collect();
    let lacking = lacking.join(", ");
    sess.dcx().note(format!("LLVM compiles {what}: it needs what Cranelift lacks ({lacking})"));
}

/// LLVM compiles a whole session, to do that. Whoever builds many crates reads it once: with the
/// program.
pub(super) fn llvm_compiles_session(tcx: TyCtxt<'_>, to_do: &str) {
    let is_dependency =
        given("CARGO_PKG_NAME").is_some() && given("CARGO_PRIMARY_PACKAGE").is_none();
    let is_program = |kind: &CrateType| !matches!(kind, CrateType::Rlib | CrateType::ProcMacro);
    if !is_dependency && tcx.crate_types().iter().any(is_program) {
        tcx.dcx().note(format!("LLVM compiles this, because Cranelift cannot {to_do}"));
    }
}

/// Refuses what Cranelift would not compile, or compile wrongly, and warns of what it would make traps.
pub(super) fn lacks(sess: &Session, lacks: &Lacks) {
    for (what, spans) in &lacks.refused {
        let mut error =
            sess.dcx().struct_span_err(spans.clone(), format!("Cranelift cannot compile {what}"));
        error.help(advice());
        error.emit();
    }
    sess.dcx().abort_if_errors();
    if !lacks.traps.is_empty() {
        warn(sess, &lacks.traps);
    }
}

fn warn(sess: &Session, traps: &BTreeMap<String, Vec<Span>>) {
    let message =
        "Cranelift lacks intrinsics that this crate calls, and makes them stop the program";
    // rustc drops what warns of dependencies.
    let is_dependency = sess.opts.lint_cap == Some(LintLevel::Allow);
    let dcx = sess.dcx();
    let mut told = if is_dependency { dcx.struct_note(message) } else { dcx.struct_warn(message) };
    for (name, spans) in traps {
        told.span_note(spans.clone(), name.clone());
    }
    told.help(advice());
    told.emit();
}

/// A variable of cargo's.
fn given(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
