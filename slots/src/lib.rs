//! Which locals of a function share stack.
//!
//! Cranelift gives each stack slot bytes of its own for the whole function. A local needs its bytes from its
//! `StorageLive` to its `StorageDead`, and two locals that never have storage at the same time can share theirs. That is
//! what LLVM's stack colouring goes by, too, in optimised code. A temporary that is never borrowed needs them only from where it is
//! written to where it is used last.
//!
//! * [`Flow`] is what is known of a function: where storage begins and ends, and where locals are used;
//! * [`plan`] decides: it finds out which locals have storage at the same time (`values.rs`, `storage.rs`), and has the packing crate
//!   place them in one [`Area`] (`area.rs`);
//! * [`check`] says whether an area is right. It shares no code with the decision;
//! * [`mir`] makes a [`Flow`] of MIR (feature `mir`). All else knows neither rustc nor Cranelift.
//!
//! What cg_clif's own code has to do for this is in `patches/`.

#![cfg_attr(feature = "mir", feature(rustc_private))]
#![forbid(unsafe_code)]

#[cfg(feature = "mir")]
extern crate rustc_index;
#[cfg(feature = "mir")]
extern crate rustc_middle;

mod area;
mod bits;
mod check;
mod flow;
#[cfg(feature = "mir")]
pub mod mir;
mod storage;
mod values;

pub use area::{Area, plan};
pub use check::{Violation, check};
pub use flow::{Event, Flow};
pub use snug_packing::Item;

/// The environment variable that turns sharing off.
pub const VARIABLE: &str = "SNUG_SHARE_STACK";
