//! Coalescing: locals between which a value only moves become one.

pub(crate) mod arguments;
pub(crate) mod awaitees;
pub(crate) mod chain;
pub(crate) mod merge;
pub(crate) mod parts;
pub(crate) mod variables;
