//! Dynamic storage allocation for coroutine layouts.
//!
//! A coroutine keeps some values across its suspension points. Each becomes an
//! [`Item`] of the coroutine object, and two items may share bytes if they are
//! never live together. This crate decides the offset of every item.
//!
//! - [`Problem`] collects what must hold: which items are live together, which must
//!   start at the same offset, which are fixed.
//! - [`Problem::pack`] answers with offsets, [`Problem::bound`] with a size that no
//!   answer can go below.
//! - [`Problem::check`] says whether given offsets keep every rule. It shares no code
//!   with the packer.
//!
//! All sizes, alignments and offsets are in bytes.
//!
//! # What is guaranteed
//!
//! For every [`Packing`] that `pack` returns:
//!
//! - `check` accepts its offsets;
//! - its size is at least `bound` and at most the limit;
//! - without pins, its size is at most that of laying everything out one after the
//!   other in falling order of alignment, ties in falling order of size (coincident
//!   items taking one place);
//! - it is a function of the problem alone: no clock, no random state, no hash order.
//!   The order of calls, of the items in a variant and of the items in a pair does not
//!   matter. The numbering of the items matters only between items of equal size and
//!   alignment.
//!
//! The problem is NP-hard, so the size is not always the smallest possible one. For a
//! handful of items it is nearly always; see the README for measured gaps.
//!
//! ```
//! use snug_packing::{Item, Problem};
//!
//! let mut problem = Problem::new(vec![
//!     Item { size: 8, align: 8 },
//!     Item { size: 4, align: 4 },
//!     Item { size: 4, align: 4 },
//! ])?;
//! problem.add_variant(&[0])?;
//! problem.add_variant(&[1, 2])?;
//! let packing = problem.pack()?;
//! assert_eq!(packing.size, 8);
//! problem.check(&packing.offsets).unwrap();
//! # Ok::<(), snug_packing::Error>(())
//! ```
#![warn(missing_docs)]
#![forbid(unsafe_code)]

mod aim;
mod arith;
mod bound;
mod check;
mod error;
mod fit;
mod improve;
mod matrix;
mod orders;
mod pack;
mod pins;
mod plan;
mod problem;
mod search;
mod spans;

#[cfg(feature = "generate")]
pub mod exact;
#[cfg(feature = "generate")]
pub mod generate;

pub use check::Violation;
pub use error::Error;
pub use pack::Packing;
pub use problem::{Item, Problem};
