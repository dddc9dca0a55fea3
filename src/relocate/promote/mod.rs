//! Promotion: upvars become locals.

pub(crate) mod binding;
pub(crate) mod captures;
pub(crate) mod drops;
pub(crate) mod plan;
pub(crate) mod rewrite;
