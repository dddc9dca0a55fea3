//! What Snug's executables share: which files were installed together, which toolchain they are
//! for, what rustc is asked for, and what one process gives to the next.

pub mod clippy;
pub mod compilers;
pub mod demands;
pub mod doctests;
pub mod error;
pub mod handover;
pub mod installation;
pub mod toolchain;
