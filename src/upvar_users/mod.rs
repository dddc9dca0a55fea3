//! The users of a coroutine's upvar fields, other than its body: they must look where the upvars are now.

pub(crate) mod clone_shim;
pub(crate) mod names;
