//! Snug: a codegen backend for rustc that makes coroutines smaller.
//!
//! Five parts, in the order in which a coroutine passes through them:
//!
//! * [`relocate`] moves the upvars of every coroutine body into MIR locals, so that rustc's own
//!   liveness analysis sees when they die;
//! * [`validate`] checks that this has not changed what the body does, in tests and on demand;
//! * [`layout`] gives the coroutine types a layout in which everything that is never live at the
//!   same time may overlap, and in which a saved upvar lies where its slot is;
//! * [`lowering`] verifies, for every coroutine that is about to be lowered, that body and layout
//!   agree;
//! * the code generator is rustc's: cg_clif (feature `cranelift`; what it cannot do, LLVM does,
//!   see `fallback`) or the LLVM backend inside librustc_driver (feature `llvm`). [`backend`] wraps
//!   either.
//!
//! All of it hooks in through rustc's query providers: [`queries`] holds every override.

#![feature(rustc_private)]
#![feature(box_patterns)]
#![feature(exitcode_exit_method)]

extern crate rustc_abi;
extern crate rustc_ast;
extern crate rustc_codegen_llvm;
extern crate rustc_codegen_ssa;
extern crate rustc_data_structures;
extern crate rustc_driver;
extern crate rustc_errors;
extern crate rustc_hir;
extern crate rustc_index;
extern crate rustc_interface;
extern crate rustc_metadata;
extern crate rustc_mir_dataflow;
extern crate rustc_mir_transform;
#[macro_use]
extern crate rustc_middle;
extern crate rustc_session;
extern crate rustc_span;
#[cfg(feature = "cranelift")]
extern crate rustc_target;
extern crate tracing;

mod backend;
mod build_id;
mod coalescing;
mod compat;
mod crash;
mod decisions;
mod dialect;
mod driver;
#[cfg(feature = "cranelift")]
mod fallback;
mod guard;
mod imaginary_edges;
mod inlining;
mod layout;
mod liveness;
mod lowering;
mod mode;
mod queries;
mod relocate;
mod report;
mod reporting;
mod stack_sharing;
mod state_transform;
mod stock;
mod switch;
#[cfg(feature = "faults")]
mod testing;
mod tracking;
mod upvar_users;
mod validate;

use rustc_codegen_ssa::traits::CodegenBackend;

/// The function that rustc looks for in the dylib that `-Zcodegen-backend` names.
#[unsafe(no_mangle)]
pub fn __rustc_codegen_backend() -> Box<dyn CodegenBackend> {
    reporting::install_hook();
    backend::snug()
}

#[cfg(not(any(feature = "cranelift", feature = "llvm")))]
compile_error!("choose a code generator: `--features cranelift` or `--features llvm`");
