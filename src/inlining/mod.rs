//! Small functions of other crates are inlined in unoptimised builds of the Cranelift twin: `SNUG_INLINE`.
//!
//! Cranelift inlines nothing, and what std's generic code is made of are calls of functions with a line or two. MIR inlining, which rustc
//! has and leaves off without optimisation, takes them away (docs/inlining.md). Debug information says what has been inlined
//! (`debuginfo/`), so backtraces stay what they were.
//!
//! What is the user's own stays as it is written, for breakpoints, `finish` and rebuilds of no more than what changed:
//!
//! * functions without `#[inline]` are never inlined: their threshold is 0, and rustc is not asked which small ones may be inlined
//!   in other crates, which it finds out by itself where inlining is on;
//! * closures have none to write it on, and count as if they had. In crates that cargo has from a path, not from a registry, they
//!   are marked `#[inline(never)]` ([`codegen_fn_attrs`]).
//!
//! Mirrors `check_mir_body` and `check_codegen_attributes` of `rustc_mir_transform/src/inline.rs`, and `cross_crate_inline.rs`.

#[cfg(feature = "cranelift")]
mod cranelift;
mod variable;

#[cfg(feature = "cranelift")]
pub(crate) use cranelift::{codegen_fn_attrs, turn_on};
pub(crate) use variable::{VARIABLE, check_environment};
