//! What debuggers see of code that Cranelift generates.
//!
//! cg_clif says which line an instruction is of, and knows nothing of variables (its issue #166). This crate adds
//! the rest, as DWARF, the way `rustc_codegen_llvm/src/debuginfo` does it for LLVM: the same names, members, offsets
//! and scopes, so that rust-gdb's and rust-lldb's printers, which go by these, work.
//!
//! * [`types`] describes types;
//! * [`functions`] describes functions: those that have code, and those that are inlined into others;
//! * [`scopes`] knows which instructions belong to which block or inlined function;
//! * [`kept`] decides which variables are kept on the stack;
//! * [`variables`] says where variables are, [`locations`] writes it;
//! * [`vtables`] describes vtables, by which debuggers find out what is in a trait object.
//! * [`gdb`] says where gdb finds the printers of types.
//!
//! The two halves of cg_clif's work are the two halves of this: while MIR is lowered, and `TyCtxt` is there,
//! everything gets its entry; when a function has been compiled, in another thread and without `TyCtxt`, its
//! entries get addresses and offsets.
//!
//! What cg_clif's own code has to do for this is in `patches/`; it hands its unit over as a [`Unit`].

#![feature(rustc_private)]

extern crate rustc_abi;
extern crate rustc_codegen_ssa;
extern crate rustc_data_structures;
extern crate rustc_hir;
extern crate rustc_index;
extern crate rustc_middle;
extern crate rustc_session;
extern crate rustc_span;
extern crate rustc_target;

mod entry;
pub mod functions;
pub mod gdb;
pub mod kept;
pub mod level;
pub mod locations;
pub mod scopes;
pub mod types;
mod unit;
pub mod variables;
pub mod vtables;

pub use unit::{SourcePlace, Unit};
