//! `y`, the build tool of Snug.
//!
//! From a fresh clone to a working backend in one command: [`prepare`] gets what the backend is
//! built on (the sources of rustc, the crates of `rustc-dev`, a patched cg_clif), [`build`] makes
//! the dylibs, and [`test`] uses them, as what is [`measuring`] does: a crate of its own, `measure/`, which has this
//! one as a library. Every step is kept in the [`cache`] and can be interrupted at any moment. What the tool depends on is
//! in [`config`].

#![warn(missing_docs)]

pub mod build;
pub mod cache;
pub mod cargo;
pub mod cg_clif;
pub mod cli;
pub mod config;
pub mod disk;
pub mod dist;
pub mod install;
pub mod measuring;
pub mod packages;
pub mod patch;
pub mod port_check;
pub mod prepare;
pub mod program;
pub mod run;
pub mod rustc_dev;
pub mod sccache;
pub mod sources;
pub mod test;
pub mod toolchain;
pub mod toolchains;
pub mod ui;
pub mod versions;
