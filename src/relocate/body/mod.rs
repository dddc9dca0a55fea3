//! What is to be known about a coroutine's body before it is changed.

pub(crate) mod borrows;
pub(crate) mod dead_drops;
pub(crate) mod elements;
pub(crate) mod facts;
pub(crate) mod flow;
pub(crate) mod kept;
pub(crate) mod raw_pointers;
pub(crate) mod storage;
pub(crate) mod types;
