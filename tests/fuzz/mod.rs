//! Random async programs, which must do under Snug what they do under stock rustc.
//!
//! * [`choices`]: every decision, from one seed;
//! * [`types`], [`model`]: what a program is;
//! * [`scope`], [`generate`]: makes one that compiles;
//! * [`writer`], `prelude/`: as Rust. The prelude's `scenarios` runs a program to its end, with a drop after
//!   each number of polls, and each of these with a panic at each event, and prints what happened;
//! * [`variants`], [`runner`], [`compare`]: compiles and runs programs, and compares;
//! * [`shrink`], [`regression`]: makes a program that diverges smaller, and keeps it;
//! * [`long`]: does all of that for hours.

pub mod choices;
pub mod compare;
pub mod generate;
pub mod long;
pub mod model;
pub mod regression;
pub mod runner;
pub mod scope;
pub mod shrink;
pub mod types;
pub mod variants;
mod visit;
pub mod writer;
